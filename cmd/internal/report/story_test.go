package report

import (
	"testing"

	"skinny/sim/trace"
)

// The column of who acts has room for the two longest names, wherever they stand.
func TestRoomForNames(t *testing.T) {
	for _, c := range []struct {
		instances, holders []string
		want               int
	}{
		{[]string{"a", "b"}, []string{"x"}, leastWho},
		{[]string{"london", "a"}, []string{"x", "spaulo"}, 6 + 4 + 6},
		{[]string{"a", "b"}, []string{"x", "carolina", "bob"}, 8 + 4 + 3},
		{[]string{"bob", "carolina"}, []string{"x"}, 8 + 4 + 3},
		{[]string{"a-very-long-name", "another-long-name"}, nil, mostWho},
	} {
		l := newLayout(&trace.Header{Instances: c.instances, Holders: c.holders}, 80, 10, trace.Millisecond, trace.Millisecond)
		if l.who != c.want {
			t.Errorf("%q, %q: %d columns, want %d", c.instances, c.holders, l.who, c.want)
		}
	}
}
