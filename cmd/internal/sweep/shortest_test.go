package sweep

import (
	"fmt"
	"runtime"
	"strings"
	"testing"

	"skinny/scenarios"
	"skinny/sim"
	"skinny/sim/explore"
	"skinny/sim/explore/search"
)

// For the operations of each counterexample in the library no shorter one exists: of
// every order of their events within the bounds of its file, which are wide enough for
// it, the first that breaks anything and the first that makes two winners have these
// numbers of decisions, found after this number of states.
var shortest = []struct {
	off       string
	first     string // the property that breaks first, of equally near ones any, and after how many decisions
	decisions int
	states    uint64
}{
	{"majority", "acknowledged 3", 6, 759},
	{"ack-majority", "acknowledged 4", 8, 1391},
	{"refuse-stale", "promise-kept 5", 10, 1586},
	{"adopt", "durability 7", 10, 1442},
	{"self-rules", "promise-kept 5", 10, 1460},
	{"durable", "promise-kept 5", 12, 31_270},
	{"own-id", "agreement 9", 16, 616_083},
	{"accept-raises", "durability 7", 13, 340_122},
	{"owner-release", "mutual-exclusion 13", 13, 13_841},
	{"promise-once unique-ids", "agreement 8", 12, 186_017},
	{"ack-accepted learn-aside", "acknowledged 10", 13, 239_689},
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
			m, r, decisions := violationOf(t, c)
			if got := fmt.Sprint(m.Properties()[r.Violation.Property].Name, " ", len(decisions)); got != row.first {
				t.Errorf("%s breaks first, want %s", got, row.first)
			}
			c.Properties = []string{"mutual-exclusion"}
			_, r, decisions = violationOf(t, c)
			if len(decisions) != row.decisions || r.Distinct != row.states {
				t.Errorf("%d decisions after %d states, want %d after %d", len(decisions), r.Distinct, row.decisions, row.states)
			}
			if library := steps(s.Schedule.Decisions); len(decisions) > library {
				t.Errorf("the library's has only %d decisions", library)
			}
		})
	}
}

// violationOf is what a search finds, with the decisions that lead to it.
func violationOf(t *testing.T, c explore.Config) (*explore.Model, *search.Result, []sim.Decision) {
	t.Helper()
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
	return m, r, decisions
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
