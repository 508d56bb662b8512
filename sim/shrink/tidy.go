package shrink

// tidy puts the acts into an order that is easier to follow: what belongs to one
// round stands together, and rounds that start earlier come first, as far as the
// property still breaks that way.
func (s *shrinker) tidy() {
	s.whileItHelps(func() {
		// What is longer is hard to follow in any order, and has too many of them.
		for from := 0; from < len(s.acts) && len(s.acts) <= mostTidied && !s.halted(); from++ {
			s.tidyFrom(from)
		}
	})
}

// mostTidied is the number of acts up to which their order is looked after.
const mostTidied = 1000

// tidyFrom moves the acts of one round that begin at an index, all of them or only
// the first, to wherever that makes the order better.
func (s *shrinker) tidyFrom(from int) {
	block := from + 1
	for block < len(s.acts) && s.acts[block].round() == s.acts[from].round() {
		block++
	}
	for _, to := range [...]int{block, from + 1} {
		now := disorderOf(s.acts)
		for at := 0; at <= len(s.acts); at++ {
			if from <= at && at <= to {
				continue
			}
			s.move(from, to, at)
			if disorderOf(s.scratch).less(now) && s.try(s.setup, s.scratch) {
				return
			}
		}
	}
}

// move makes a candidate in which the acts between two indexes stand before another one.
func (s *shrinker) move(from, to, at int) {
	between, end := to, at // that the acts change places with
	if at < from {
		from, between, end = at, from, to
	}
	s.scratch = append(append(s.scratch[:0], s.acts[:from]...), s.acts[between:end]...)
	s.scratch = append(append(s.scratch, s.acts[from:between]...), s.acts[end:]...)
}

// disorder is how hard an order is to follow.
type disorder struct {
	changes    int // from one round to another, or from rounds to faults
	inversions int // pairs of acts of which the first belongs to a round that started later
}

func (d disorder) less(other disorder) bool {
	return d.changes < other.changes || d.changes == other.changes && d.inversions < other.inversions
}

func disorderOf(acts []act) disorder {
	var d disorder
	type count struct {
		round
		acts int
	}
	var started [16]count // usually enough
	rounds := started[:0] // in the order of their starts
	for i := range acts {
		r := acts[i].round()
		if i > 0 && r != acts[i-1].round() {
			d.changes++
		}
		if r.op == 0 {
			continue // faults belong to no round
		}
		later := 0
		at := len(rounds) - 1
		for at >= 0 && rounds[at].round != r {
			later += rounds[at].acts
			at--
		}
		if at < 0 {
			rounds = append(rounds, count{r, 1})
			continue
		}
		rounds[at].acts++
		d.inversions += later
	}
	return d
}
