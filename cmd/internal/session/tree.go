package session

import (
	"slices"

	"skinny/scenarios"
	"skinny/scenarios/exercise"
)

// limits are how much a tree keeps and how far it looks ahead, in events.
type limits struct {
	first int // known of the run as it was written
	most  int // known of any run: an event takes about a kilobyte
	act   int // known after an act
	more  int // that more are made when a user goes beyond

	every       int // between two copies of the scheduler, at first
	checkpoints int // copies at most: then every other one is dropped
	marks       int // between two copies of what the narrator knows
}

var usual = limits{first: 200_000, most: 500_000, act: 4_000, more: 4_000, every: 16, checkpoints: 64, marks: 4096}

// spareClients are names for operations that are started by hand. They come
// after the scenario's own and change nothing in a run, since numbers of holders
// are written nowhere.
var spareClients = []string{"alice", "bob", "carol", "dave", "erin", "frank", "grace", "heidi", "ivan", "judy"}

const spares = 5

// Tree is all that was tried with one scenario.
type Tree struct {
	limits   limits
	listener listener
	branches []*Branch
	writes   bool // what is done by hand is written to a timed solution
	secret   bool // which rules are on: no sentence says so
	judged   judged
	mark     *exercise.Mark // of that
}

// New runs a scenario and makes it the first branch of a tree.
func New(s *scenarios.Scenario) *Tree { return newTree(s, usual) }

func newTree(s *scenarios.Scenario, l limits) *Tree {
	scenario := withSpares(s)
	t := &Tree{limits: l}
	t.listener.listen(scenario)
	t.branch(scenario, nil, 0, newMoment(scenario), nil).Reach(l.first)
	return t
}

func withSpares(s *scenarios.Scenario) *scenarios.Scenario {
	scenario, cluster := *s, *s.Cluster
	taken := slices.Concat(s.Header().Instances, cluster.Holders)
	free := slices.DeleteFunc(slices.Clone(spareClients), func(name string) bool { return slices.Contains(taken, name) })
	cluster.Holders = slices.Concat(cluster.Holders, free[:min(spares, len(free))])
	scenario.Cluster = &cluster
	return &scenario
}

// Root is the run as it was written.
func (t *Tree) Root() *Branch { return t.branches[0] }

// Branches lists all branches in the order in which they were made. A branch's
// Number is its index.
func (t *Tree) Branches() []*Branch { return t.branches }

// Cut forgets the branches from a number on.
func (t *Tree) Cut(number int) { t.branches = t.branches[:number:number] }
