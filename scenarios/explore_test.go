package scenarios

import (
	"slices"
	"strings"
	"testing"

	"skinny/protocol"
	"skinny/sim/explore"
)

// A scenario gives the explorer its clients' calls in their order, its bounds, and
// how hosts crash.
func TestExploreConfig(t *testing.T) {
	const head = "format: 1\ninstances: [a, b, c]\n"
	cases := []struct {
		text     string
		losses   uint8
		events   int
		up, down bool
	}{
		{"timeline:\n  - {at: 0ms, acquire: alice, via: a}\n  - {at: 1ms, status: b}\n  - {at: 2ms, release: alice, via: b}\n",
			explore.DefaultLimits()[explore.Losses], 0, false, true},
		{"schedule: |\n  acquire alice via a\n  crash c host up\n  release alice via b\nexplore: {losses: 3, events: 20}\n", 3, 20, true, false},
		{"schedule: |\n  acquire alice via a\n  crash c host up\n  crash b\n  release alice via b\nexplore: {losses: 0}\n", 0, 0, true, true},
	}
	for _, c := range cases {
		f, err := Decode("x.yaml", []byte(head+c.text))
		if err != nil {
			t.Fatal(err)
		}
		s, err := f.Compile(Overrides{})
		if err != nil {
			t.Fatal(err)
		}
		config, events := s.ExploreConfig()
		want := []explore.Call{{Kind: protocol.Acquire, Holder: 1, Via: 0}, {Kind: protocol.Release, Holder: 1, Via: 1}}
		if config.Cluster != s.Cluster || len(config.Calls) != 2 || config.Calls[0] != want[0] || config.Calls[1] != want[1] {
			t.Errorf("%s: calls %v", c.text, config.Calls)
		}
		if config.Limits[explore.Losses] != c.losses || events != c.events || config.HostsUp != c.up || config.HostsDown != c.down {
			t.Errorf("%s: %+v, %d events", c.text, config, events)
		}
	}
	_, err := Decode("x.yaml", []byte(head+"explore: {losses: 1000, loses: 1}\n"))
	if err == nil || !strings.Contains(err.Error(), "the number of losses is out of range: 1000") || !strings.Contains(err.Error(), `did you mean "losses"?`) {
		t.Errorf("%v", err)
	}
}

// What is not explored is counted, by its kind and in the plural where it is many.
func TestExploreLeavesOut(t *testing.T) {
	for text, want := range map[string][]string{
		"instances: [a, b]\ntimeline:\n  - {at: 0ms, acquire: alice, via: a}\n": nil,
		"instances: [a, {name: b, promise-delay: 1ms}]\ntimeline:\n  - {at: 0ms, acquire: alice, via: a}\n  - {at: 1ms, crash: a}\n  - {at: 2ms, restart: a}\n" +
			"  - {at: 3ms, status: a}\n  - {at: 4ms, isolate: b}\n": {"1 crash", "1 restart", "1 status", "1 other fault", "1 promise-delay"},
		"instances: [{name: a, promise-delay: 0ms..2ms}, {name: b, promise-delay: 1ms}]\nschedule: |\n  acquire alice via a\n  crash b\n  restart b\n  crash b\n  restart b\n" +
			"  status a\n  status b\n  timeout a\n  wake a\n": {"2 crashes", "2 restarts", "2 statuses", "2 decisions of the schedule", "2 promise-delays"},
		"instances: [a, b]\ntimeline:\n  - {at: 4ms, isolate: b}\n  - {at: 5ms, heal: b}\n  - {at: 6ms, pause: b}\n  - {at: 7ms, resume: b}\n": {"4 other faults"},
	} {
		s, err := decode("x.yaml", []byte("format: 1\n"+text), Overrides{})
		if err != nil {
			t.Fatal(err)
		}
		if got := s.ExploreLeavesOut(); !slices.Equal(got, want) {
			t.Errorf("%s: %q, not %q", text, got, want)
		}
	}
}
