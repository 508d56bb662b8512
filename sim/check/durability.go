package check

import (
	"slices"

	"skinny/protocol"
	"skinny/sim/prose"
	"skinny/sim/trace"
)

// durability judges that what was chosen lasts: a commit of a higher ID is based
// on it or on something later, whether it happens before or after the choice; and
// no instance's accepted ID goes back, whether it restarted meanwhile or not.
type durability struct {
	NoEnd
	header   *trace.Header
	tally    *tally
	accepted []acceptance  // by instance
	chosen   []protocol.ID // ascending
	commits  []commit      // in the order of their events
	skipped  Spans         // the IDs that must not be chosen any more

	violation int // the event by which something chosen or accepted was lost
	kind      durabilityKind
	instance  int8
	by        trace.Kind  // WentBack
	now       protocol.ID // WentBack: the accepted ID after the event
	before    acceptance  // WentBack: and before it
	proposal  proposal    // the others: what was chosen
	commit    commit      // the others: what was not based on it
}

// durabilityKind says how something was lost.
type durabilityKind uint8

const (
	ignored  durabilityKind = iota + 1 // a commit was not based on what had been chosen
	overrun                            // something was chosen that an earlier commit was not based on
	wentBack                           // an instance's accepted ID went back
)

// acceptance is the ID that an instance accepted last, and the event from which
// on it had it.
type acceptance struct {
	id    protocol.ID
	event int
}

// commit is what a Commit event says of its base.
type commit struct {
	id, base protocol.ID
	event    int
	instance int8
}

// Reset makes it the judge of another run.
func (d *durability) Reset(h *trace.Header) {
	*d = durability{
		header:   h,
		tally:    d.tally,
		accepted: trace.Cleared(d.accepted, len(h.Instances)),
		chosen:   d.chosen[:0],
		commits:  d.commits[:0],
		skipped:  d.skipped[:0],
	}
}

// Observe judges one event at an instance; the tally has counted it.
func (d *durability) Observe(e *trace.Event) {
	if d.violation != 0 {
		return
	}
	if e.Kind == trace.Commit {
		d.observeCommit(e)
	}
	if (e.Kind == trace.Commit || e.Kind == trace.Accept) && d.tally.chose {
		d.observeChoice(e)
	}
	if last := &d.accepted[e.Instance]; e.State.Accepted.ID != last.id {
		if e.State.Accepted.ID < last.id && d.violation == 0 {
			d.violate(e, wentBack)
			d.by = e.Kind
			d.now, d.before = e.State.Accepted.ID, *last
		}
		*last = acceptance{e.State.Accepted.ID, e.Number}
	}
}

func (d *durability) violate(e *trace.Event, kind durabilityKind) {
	d.violation, d.kind, d.instance = e.Number, kind, e.Instance
}

// observeCommit judges a commit by what was chosen before it.
func (d *durability) observeCommit(e *trace.Event) {
	c := commit{e.Proposal.ID, e.Base.ID, e.Number, e.Instance}
	if d.header.IsPlayed(e.Instance) && !e.Operation.Explains(e.Base.Holder, e.Proposal.Holder) {
		c.base = 0 // it was not made from what the program has heard of
	}
	// What it should have been based on is the highest chosen ID below its own.
	at, _ := slices.BinarySearch(d.chosen, c.id)
	if at > 0 && d.chosen[at-1] > c.base {
		d.violate(e, ignored)
		d.commit = c
		d.proposal = d.chosenWith(d.chosen[at-1])
		return
	}
	d.commits = append(d.commits, c)
	if c.base < c.id && c.base+1 < c.id {
		d.skipped = d.skipped.Add(c.base+1, c.id-1)
	}
}

// chosenWith is what was chosen under an ID.
func (d *durability) chosenWith(id protocol.ID) proposal {
	at := d.tally.first(id)
	for d.tally.proposals[at].chosen == 0 {
		at = d.tally.proposals[at].other
	}
	return d.tally.proposals[at]
}

// observeChoice judges the commits before it by what is chosen now.
func (d *durability) observeChoice(e *trace.Event) {
	id := e.Proposal.ID
	if d.skipped.Has(id) && d.violation == 0 {
		d.violate(e, overrun)
		d.proposal = d.tally.proposals[d.tally.current]
		at := slices.IndexFunc(d.commits, func(c commit) bool { return c.base < id && id < c.id })
		d.commit = d.commits[at]
		return
	}
	if at, known := slices.BinarySearch(d.chosen, id); !known {
		d.chosen = slices.Insert(d.chosen, at, id)
	}
}

// Verdict says how the property stands.
func (d *durability) Verdict() Verdict {
	return verdict(d.violation, func() (string, prose.Text) {
		names := prose.NamesOf(d.header)
		orElse := func(id protocol.ID, none string) prose.Text {
			if id == 0 {
				return prose.Of(none)
			}
			return prose.Of("ID ", id)
		}
		if d.kind == wentBack {
			kind := "goes back" + map[trace.Kind]string{
				trace.Restart: " in a restart", trace.Wipe: " with its disk", trace.Tear: " with its last store",
			}[d.by]
			return kind, prose.Of("the accepted ID of ", names.Instance(d.instance), " ", kind, " from ID ",
				d.before.id, " (", prose.At(d.before.event), ") to ", orElse(d.now, "none"))
		}
		proposer, base := names.Instance(d.commit.instance), orElse(d.commit.base, "nothing")
		if d.kind == ignored {
			return "ignored by a commit", prose.Of(proposer, " commits ID ", d.commit.id, " on the base of ", base, ", although ",
				proposalWords(names, d.proposal.Proposal), " was chosen (", prose.At(d.proposal.chosen), ")")
		}
		return "ignored by an earlier commit", prose.Of(proposalWords(names, d.proposal.Proposal),
			" is chosen only now, and the later ID ", d.commit.id, " does not build on it: ", proposer,
			" committed that (", prose.At(d.commit.event), ") on the base of ", base)
	})
}
