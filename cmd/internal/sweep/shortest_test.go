package sweep

import (
	"runtime"
	"strings"
	"testing"

	"skinny/scenarios"
	"skinny/sim"
	"skinny/sim/explore"
	"skinny/sim/explore/search"
)

// For the operations of each counterexample in the library no shorter one exists: of
// every order of their events within bounds that are wide enough for it, the first
// that makes two winners has this number of decisions, found after this number of states.
var shortest = []struct {
	off       string
	timeouts  uint8
	crashes   uint8
	decisions int
	states    uint64
}{
	{"majority", 4, 0, 6, 759},
	{"ack-majority", 2, 0, 8, 1391},
	{"refuse-stale", 0, 0, 10, 1586},
	{"adopt", 0, 0, 10, 1442},
	{"self-rules", 0, 0, 10, 1460},
	{"durable", 0, 1, 12, 31_270},
	{"own-id", 0, 0, 16, 616_083},
	{"accept-raises", 0, 0, 13, 340_122},
	{"owner-release", 0, 0, 13, 13_841},
	{"promise-once unique-ids", 0, 0, 12, 186_017},
	{"ack-accepted learn-aside", 0, 0, 13, 239_689},
}

func TestNoCounterexampleIsShorter(t *testing.T) {
	for _, row := range shortest {
		t.Run(row.off, func(t *testing.T) {
			if testing.Short() && row.states > 100_000 {
				t.Skip("it takes a second")
			}
			file, err := scenarios.Open("../../../scenarios/library/rules/" + strings.ReplaceAll(row.off, " ", "-and-") + ".yaml")
			if err != nil {
				t.Fatal(err)
			}
			s, err := file.Compile(scenarios.Overrides{})
			if err != nil {
				t.Fatal(err)
			}
			c, _ := s.ExploreConfig()
			c.Limits = explore.Limits{explore.Timeouts: row.timeouts, explore.Crashes: row.crashes, explore.Restarts: row.crashes}
			c.Properties = []string{"mutual-exclusion"}
			m, err := explore.New(c)
			if err != nil {
				t.Fatal(err)
			}
			r, err := search.New(m, search.Options{Workers: runtime.GOMAXPROCS(0), Memory: 1 << 30}).Run()
			if err != nil || r.Violation == nil {
				t.Fatalf("%+v, %v", r, err)
			}
			decisions, err := m.Replay(r.Violation.Path)
			if err != nil {
				t.Fatal(err)
			}
			if len(decisions) != row.decisions || r.Distinct != row.states {
				t.Errorf("%d decisions after %d states, want %d after %d", len(decisions), r.Distinct, row.decisions, row.states)
			}
			if library := steps(s.Schedule.Decisions); len(decisions) > library {
				t.Errorf("the library's has only %d decisions", library)
			}
		})
	}
}

// steps is the number of decisions as the explorer counts them: to restart an instance
// that runs is to crash it, and then to restart it.
func steps(decisions []sim.Decision) int {
	n := len(decisions)
	for i := range decisions {
		if decisions[i].Kind == sim.RestartInstance && (i == 0 || decisions[i-1].Kind != sim.CrashInstance) {
			n++
		}
	}
	return n
}
