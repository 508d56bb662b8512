package search

import (
	"encoding/binary"
	"math/bits"
	"testing"
)

// paxos is Lamport's specification of single-decree Paxos, Paxos.tla: three
// acceptors, two values, ballots 0 and 1. A message that was sent stays.
type paxos struct{}

const (
	acceptors = 3
	ballots   = 2
	values    = 2
)

// promised is a 1b message of one acceptor for one ballot: sent, and if so with
// the last vote that it reports.
type promised struct {
	Sent bool
	Vote vote
}

// vote is a ballot and its value. There is none below ballot 0.
type vote struct{ Ballot, Value int8 }

// paxosState is a state: the acceptors' variables, and the set of messages by
// kind. Nobody sends two 1b messages or two 2a messages for a ballot.
type paxosState struct {
	MaxBal  [acceptors]int8
	Voted   [acceptors]vote // maxVBal, maxVal
	Began   [ballots]bool   // 1a
	Promise [acceptors][ballots]promised
	Asked   [ballots]int8 // 2a: its value, or -1
	Votes   [acceptors][ballots]int8
}

var noVote = vote{-1, -1}

func (paxos) Identity() string       { return "paxos" }
func (paxos) Properties() []Property { return []Property{{"agreement", Always}, {"chosen", Sometimes}} }
func (paxos) Bounds() []string       { return nil }
func (paxos) Explorer() Explorer     { return paxos{} }

func (paxos) Initial(out *Out) {
	var s paxosState
	for a := range acceptors {
		s.MaxBal[a], s.Voted[a] = -1, noVote
		for b := range ballots {
			s.Votes[a][b] = -1
			s.Promise[a][b].Vote = noVote
		}
	}
	for b := range ballots {
		s.Asked[b] = -1
	}
	s.add(out)
}

func (s paxosState) add(out *Out) {
	buffer, err := binary.Append(out.Buffer(), binary.LittleEndian, s)
	if err != nil {
		panic(err)
	}
	var chosen [values]bool
	for v := range int8(values) {
		for b := range ballots {
			n := 0
			for a := range acceptors {
				if s.Votes[a][b] == v {
					n++
				}
			}
			chosen[v] = chosen[v] || n > acceptors/2
		}
	}
	var marks Marks
	if chosen[0] && chosen[1] {
		marks |= Mark(0)
	}
	if chosen[0] || chosen[1] {
		marks |= Mark(1)
	}
	out.Add(buffer, marks)
}

func (paxos) Expand(state []byte, out *Out) {
	var s paxosState
	if _, err := binary.Decode(state, binary.LittleEndian, &s); err != nil {
		panic(err)
	}
	for b := range int8(ballots) {
		next := s
		next.Began[b] = true // Phase1a may be repeated
		next.add(out)
		for v := range int8(values) {
			s.phase2a(b, v, out)
		}
	}
	for a := range acceptors {
		for b := range int8(ballots) {
			if s.Began[b] && b > s.MaxBal[a] { // Phase1b
				next := s
				next.MaxBal[a] = b
				next.Promise[a][b] = promised{true, s.Voted[a]}
				next.add(out)
			}
			if v := s.Asked[b]; v >= 0 && b >= s.MaxBal[a] { // Phase2b
				next := s
				next.MaxBal[a], next.Voted[a], next.Votes[a][b] = b, vote{b, v}, v
				next.add(out)
			}
		}
	}
}

// phase2a asks for votes for a value, once for each way in which a majority of
// acceptors allows it, as TLC counts: for each majority, and in it for each of the
// highest votes that are for the value.
func (s paxosState) phase2a(b, v int8, out *Out) {
	if s.Asked[b] >= 0 {
		return
	}
	for quorum := range uint(1) << acceptors {
		if bits.OnesCount(quorum) != acceptors/2+1 {
			continue
		}
		for range s.allowing(quorum, b, v) {
			next := s
			next.Asked[b] = v
			next.add(out)
		}
	}
}

// allowing is in how many ways the promises of a quorum allow a value.
func (s paxosState) allowing(quorum uint, b, v int8) int {
	highest, any := noVote, false
	for a := range acceptors {
		p := s.Promise[a][b]
		if quorum>>a&1 == 0 {
			continue
		}
		if !p.Sent {
			return 0
		}
		if p.Vote.Ballot >= 0 {
			any = true
			highest = vote{max(highest.Ballot, p.Vote.Ballot), 0}
		}
	}
	if !any {
		return 1
	}
	// The votes are a set of messages; each acceptor's is another one.
	n := 0
	for a := range acceptors {
		if p := s.Promise[a][b].Vote; quorum>>a&1 != 0 && p.Ballot == highest.Ballot && p.Value == v {
			n++
		}
	}
	return n
}

// The counts are those on which TLC, SPIN and stateright agree.
func TestPaxos(t *testing.T) {
	for _, workers := range []int{1, 2, 5} {
		r, err := BreadthFirst(paxos{}, Options{Workers: workers})
		if err != nil {
			t.Fatal(err)
		}
		if r.Ending != Exhausted || r.Distinct != 3_921 || r.Total != 23_563 || r.Reached != Mark(1) {
			t.Errorf("%d workers: %+v", workers, *r)
		}
	}
}
