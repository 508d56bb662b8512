package sweep

import "slices"

// collector adds blocks up in the order of their numbers, in which they need not
// come.
type collector struct {
	result    Result
	keepGoing bool
	next      uint64   // the number of the block that is added next
	early     []*block // that have come before it, in order
	closed    bool     // what comes after the last block that was added does not count
}

// take takes the next block that was run.
func (c *collector) take(b *block) {
	at, _ := slices.BinarySearchFunc(c.early, b, func(a, b *block) int { return int(a.number) - int(b.number) })
	c.early = slices.Insert(c.early, at, b)
	for len(c.early) > 0 && c.early[0].number == c.next {
		c.add(c.early[0])
		c.early = c.early[1:]
		c.next++
	}
}

// rest adds the blocks after a gap, which is there if the sweep was ended early.
func (c *collector) rest() {
	for _, b := range c.early {
		c.add(b)
	}
	c.early = nil
}

func (c *collector) add(b *block) {
	if c.closed {
		return
	}
	r := &c.result
	r.Counts.add(&b.Counts)
	for _, f := range b.failures {
		r.Failures = add(r.Failures, f)
	}
	r.Different = b.different
	c.closed = b.different != nil || !c.keepGoing && b.Failing > 0
}
