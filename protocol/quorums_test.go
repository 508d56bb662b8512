package protocol

import "testing"

func TestEnough(t *testing.T) {
	for _, c := range []struct {
		q                      Quorums
		rules                  Rules
		phase                  Phase
		size, yea, nay, needed int
		word                   string
	}{
		{Quorums{}, Majority, Proposing, 5, 3, 3, 3, "majority"},
		{Quorums{}, Majority, Committing, 4, 3, 3, 3, "majority"},
		{Quorums{}, 0, Proposing, 5, 2, 2, 3, "majority"},
		{Quorums{2, 4}, Majority, Proposing, 5, 2, 4, 2, "quorum"},
		{Quorums{2, 4}, 0, Committing, 5, 4, 2, 4, "quorum"},
		{Quorums{Promise: 2}, Majority, Committing, 5, 3, 3, 3, "majority"},
		{Quorums{5, 1}, Majority, Proposing, 5, 5, 1, 5, "quorum"},
		{Quorums{5, 1}, Majority, Committing, 5, 1, 5, 1, "quorum"},
	} {
		yea, nay := c.q.Enough(c.rules, c.phase, c.size)
		if needed := c.q.Needed(c.phase, c.size); yea != c.yea || nay != c.nay || needed != c.needed || c.q.Word(c.phase) != c.word {
			t.Errorf("%+v: %d yes, %d no, %d needed", c, yea, nay, needed)
		}
	}
}
