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
	ruling
	tally    *tally
	accepted []acceptance // by instance
	commits  []commit     // in the order of their events
	skipped  Spans        // the IDs that must not be chosen any more

	kind     durabilityKind
	before   acceptance // wentBack: what had been accepted
	proposal proposal   // the others: what was chosen
	commit   commit     // the others: what was not based on it
}

type durabilityKind uint8

const (
	ignored  durabilityKind = iota + 1 // a commit was not based on what had been chosen
	overrun                            // something was chosen that an earlier commit was not based on
	wentBack                           // an instance's accepted ID went back
)

// acceptance is the ID that an instance accepted last, and by which event.
type acceptance struct {
	id    protocol.ID
	event int
}

type commit struct {
	id, base protocol.ID
	event    int
	instance int8
}

func (d *durability) Reset(h *trace.Header) {
	*d = durability{
		ruling:   ruling{header: h},
		tally:    d.tally,
		accepted: trace.Cleared(d.accepted, len(h.Instances)),
		commits:  d.commits[:0],
		skipped:  d.skipped[:0],
	}
}

// Observe judges one event at an instance; the tally has counted it.
func (d *durability) Observe(e *trace.Event) {
	if d.broken.Number != 0 {
		return
	}
	if e.Kind == trace.Commit {
		d.observeCommit(e)
	}
	if (e.Kind == trace.Commit || e.Kind == trace.Accept) && d.tally.chose {
		d.observeChoice(e)
	}
	if last := &d.accepted[e.Instance]; e.State.Accepted.ID != last.id {
		if e.State.Accepted.ID < last.id && d.broken.Number == 0 {
			d.broken, d.kind, d.before = *e, wentBack, *last
		}
		*last = acceptance{e.State.Accepted.ID, e.Number}
	}
}

// observeCommit judges a commit by what was chosen before it.
func (d *durability) observeCommit(e *trace.Event) {
	c := commit{e.Proposal.ID, e.Base.ID, e.Number, e.Instance}
	if d.header.IsPlayed(e.Instance) && !e.Operation.Explains(e.Base.Holder, e.Proposal.Holder) {
		c.base = 0 // it was not made from what the program has heard of
	}
	// What it should have been based on is the highest chosen ID below its own.
	if p := d.tally.chosenBelow(c.id); p != nil && p.ID > c.base {
		d.broken, d.kind, d.commit, d.proposal = *e, ignored, c, *p
		return
	}
	d.commits = append(d.commits, c)
	if c.base < c.id && c.base+1 < c.id {
		d.skipped = d.skipped.Add(c.base+1, c.id-1)
	}
}

// observeChoice judges the commits before it by what is chosen now.
func (d *durability) observeChoice(e *trace.Event) {
	id := e.Proposal.ID
	if d.skipped.Has(id) && d.broken.Number == 0 {
		at := slices.IndexFunc(d.commits, func(c commit) bool { return c.base < id && id < c.id })
		d.broken, d.kind, d.commit, d.proposal = *e, overrun, d.commits[at], d.tally.proposals[d.tally.current]
	}
}

func (d *durability) Verdict() Verdict {
	return verdict(d.broken.Number, func() (string, prose.Text) {
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
			}[d.broken.Kind]
			return kind, prose.Of("the accepted ID of ", names.Instance(d.broken.Instance), " ", kind, " from ID ",
				d.before.id, " (", prose.At(d.before.event), ") to ", orElse(d.broken.State.Accepted.ID, "none"))
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
