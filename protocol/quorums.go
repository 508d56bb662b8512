package protocol

// Quorums says how many instances have to say yes in each phase, the proposer included; 0
// leaves it to the rule majority. What phase 1 learns from has to meet what accepted: the
// lock is safe where the two together are more than all instances. (Howard, Malkhi and
// Spiegelman, "Flexible Paxos: Quorum Intersection Revisited", 2016)
type Quorums struct{ Promise, Commit uint8 }

// Of is what is said of a phase, or 0.
func (q Quorums) Of(p Phase) int {
	if p == Committing {
		return int(q.Commit)
	}
	return int(q.Promise)
}

// Enough is how many yes and how many no decide a phase in a cluster of a size. Without
// a quorum of its own both are the same number, also where the size is even, as in the
// published program. With one, a phase is lost when the rest is too few for it.
func (q Quorums) Enough(r Rules, p Phase, size int) (yea, nay int) {
	if n := q.Of(p); n > 0 {
		return n, size - n + 1
	}
	n := size / 2
	if r.Has(Majority) {
		n++
	}
	return n, n
}

// Needed is how many yes a phase needs to be safe: its quorum, or a majority, whatever the
// rule majority says. With that many acceptances a proposal is chosen.
func (q Quorums) Needed(p Phase, size int) int {
	yea, _ := q.Enough(Majority, p, size)
	return yea
}

// Word is what enough votes in a phase are called.
func (q Quorums) Word(p Phase) string {
	if q.Of(p) > 0 {
		return "quorum"
	}
	return "majority"
}
