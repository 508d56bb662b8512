package sim

import (
	"cmp"
	"slices"
)

// Do carries out a decision that is possible at any time ([DecisionKind.AnyTime]). It panics
// if the decision needs something pending.
func (w *World) Do(d *Decision) { kindRows[d.Kind].do(w, *d) }

// DoWith carries out a decision of a kind that needs something pending, about a pending
// item of the kind that it needs. For anything but a message, DeliverMessage stands for
// what happens to it by itself.
func (w *World) DoWith(r Ref, kind DecisionKind) { kindRows[kind].take(w, r) }

// Can reports whether Take would carry out a decision.
func (w *World) Can(d *Decision) bool {
	_, ok := w.needed(d)
	return ok
}

// Take carries out any decision. It reports false, and does nothing, if what the
// decision names is not pending.
func (w *World) Take(d *Decision) bool {
	r, ok := w.needed(d)
	if ok {
		w.take(d, r)
	}
	return ok
}

// needed is the item that a decision needs, if it does, and whether it can be carried out.
func (w *World) needed(d *Decision) (Ref, bool) {
	if d.Kind.AnyTime() {
		return noRef, true
	}
	return w.Find(d)
}

func (w *World) take(d *Decision, r Ref) {
	if r == noRef {
		w.Do(d)
	} else {
		w.DoWith(r, d.Kind)
	}
}

// Find returns the pending item that a decision names, the oldest of several.
func (w *World) Find(d *Decision) (Ref, bool) {
	named := func(i *Item) bool { return d.names(i, w) }
	if d.Which <= 1 {
		r := w.oldest(named)
		return r, r != noRef
	}
	if list := w.pending(named); int(d.Which) <= len(list) {
		return list[d.Which-1], true
	}
	return noRef, false
}

func (w *World) oldest(want func(*Item) bool) Ref {
	found := noRef
	before := w.table.seq + 1 // none is as new
	for r := range w.table.items {
		if i := &w.table.items[r]; i.Seq < before && i.place == pending && want(i) {
			found, before = Ref(r), i.Seq
		}
	}
	return found
}

func (w *World) pending(want func(*Item) bool) []Ref {
	var list []Ref
	for r := range w.table.items {
		if i := &w.table.items[r]; i.place == pending && want(i) {
			list = append(list, Ref(r))
		}
	}
	slices.SortFunc(list, func(a, b Ref) int { return cmp.Compare(w.table.items[a].Seq, w.table.items[b].Seq) })
	return list
}

// names reports whether the decision may be about this item.
func (d *Decision) names(i *Item, w *World) bool {
	if d.Kind.Pending() != i.Kind {
		return false
	}
	if d.Kind.Has(WithMessage) {
		m := &i.Message
		return m.Kind == d.Message && m.From == d.From && m.To == d.To &&
			(d.Nth == 0 || d.Nth == i.Nth) && d.Kind.AllowsMessage(m.Kind)
	}
	return (!d.Kind.Has(WithInstance) || d.From == i.Instance) &&
		(!d.Kind.Has(WithClient) || d.Holder == w.ops[i.Op-1].Holder) &&
		(!d.Kind.Has(WithNumber) || d.Number == 0 || d.Number == i.Op)
}

// Name returns the decision of this kind about a pending item. The kind is one of
// the message decisions for a message, and ignored for everything else. Instance and
// client are told of everything that has one, though the kind may not need them.
func (w *World) Name(r Ref, kind DecisionKind) Decision {
	i := &w.table.items[r]
	if i.Kind == MessageItem {
		m := &i.Message
		d := Decision{Kind: kind, Message: m.Kind, From: m.From, To: m.To, Nth: i.Nth, Which: 1}
		for other := range w.table.items {
			o := &w.table.items[other]
			if o.place == pending && o.Seq < i.Seq && d.names(o, w) {
				d.Which++
			}
		}
		return d
	}
	d := Decision{Kind: NoDecision + 1, From: i.Instance}
	for d.Kind.Pending() != i.Kind {
		d.Kind++
	}
	if d.Kind.Has(WithNumber) {
		d.Number = i.Op
	}
	if !i.IsMessage() {
		d.Holder = w.ops[i.Op-1].Holder
	}
	return d
}

// Possible lists what the pending items allow, oldest first: one decision for
// each, to deliver the message or let the timer fire.
func (w *World) Possible() []Decision {
	var list []Decision
	for _, r := range w.pending(func(*Item) bool { return true }) {
		list = append(list, w.Name(r, DeliverMessage))
	}
	return list
}
