package explore

import (
	"testing"

	"skinny/protocol"
)

// Two clients win exactly where the quorums of the two phases need not meet, whatever
// the order of events; and a single instance without a rule is enough to break the lock.
func TestQuorums(t *testing.T) {
	for _, c := range []struct {
		quorums protocol.Quorums
		off     protocol.Rules // at c
		broken  bool
	}{
		{protocol.Quorums{}, 0, false},
		{protocol.Quorums{Promise: 2, Commit: 2}, 0, false},
		{protocol.Quorums{Promise: 1, Commit: 3}, 0, false},
		{protocol.Quorums{Promise: 3, Commit: 1}, 0, false},
		{protocol.Quorums{Promise: 1}, 0, true}, // with majorities of acceptances
		{protocol.Quorums{Commit: 1}, 0, true},
		{protocol.Quorums{Promise: 1, Commit: 2}, 0, true},
		{protocol.Quorums{Promise: 2, Commit: 1}, 0, true},
		{protocol.Quorums{}, protocol.RefuseStale, true},
		{protocol.Quorums{Promise: 3, Commit: 1}, protocol.RefuseStale, true},
		{protocol.Quorums{}, protocol.OwnerRelease, false}, // nobody releases
	} {
		config := acquiring(newConfig("sound", 3, 2))
		config.Limits[Timeouts] = 1 // a phase that is enough by itself ends with an answer, or by its deadline
		config.Properties = []string{"mutual-exclusion"}
		config.Cluster.Quorums = c.quorums
		config.Cluster.Instances[2].RulesOff = c.off
		r := explored(t, config)
		if broken := r.Violation != nil; broken != c.broken {
			t.Errorf("%+v, without %b at c: broken is %v", c.quorums, c.off, broken)
		}
	}
}
