package explore

import (
	"bytes"
	"fmt"

	"skinny/sim"
)

// Replay finds decisions that lead along a path of states, as a schedule would
// have them. They are found in a world that was never taken apart, so everything
// has the names that a run gives it. Where several things lead to the same state,
// the one that comes first is taken.
func (m *Model) Replay(path [][]byte) ([]sim.Decision, error) {
	x := newExplorer(m)
	x.begin()
	var decisions []sim.Decision
	for n, state := range path[1:] {
		d, ok := x.follow(state)
		if !ok {
			return nil, fmt.Errorf("explore: nothing leads from state %d of %d to the next", n+1, len(path))
		}
		decisions = append(decisions, d)
	}
	return decisions, nil
}

// follow goes on to a state by the first move that leads there.
func (x *explorer) follow(state []byte) (sim.Decision, bool) {
	moves, _ := x.moves()
	for i := range moves {
		if x.take(&moves[i]) && bytes.Equal(x.encoder.append(nil, &x.next, &x.judge), state) {
			d := x.decision(&moves[i])
			x.advance()
			return d, true
		}
	}
	return sim.Decision{}, false
}

// advance goes on from the state after the move that was taken last.
func (x *explorer) advance() {
	x.world.CopyFrom(&x.next)
	x.past.past.copyFrom(&x.judge.past)
}
