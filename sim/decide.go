package sim

import (
	"cmp"
	"slices"
)

// Do carries out a decision that is possible at any time. It reports false, and
// does nothing, if the decision needs something pending.
func (w *World) Do(d *Decision) bool {
	do := kindRows[d.Kind].do
	if do != nil {
		do(w, *d)
	}
	return do != nil
}

// DoWith carries out a decision of a kind that needs something pending, about a pending
// item of the kind that it needs. For anything but a message, DeliverMessage stands for
// what happens to it by itself.
func (w *World) DoWith(r Ref, kind DecisionKind) {
	if kind == DeliverMessage {
		w.Deliver(r)
		return
	}
	kindRows[kind].take(w, r)
}

// Can reports whether Take would carry out a decision.
func (w *World) Can(d *Decision) bool {
	if d.Kind.AnyTime() {
		return true
	}
	_, ok := w.Find(d)
	return ok
}

// Take carries out any decision. It reports false, and does nothing, if what the
// decision names is not pending.
func (w *World) Take(d *Decision) bool {
	if w.Do(d) {
		return true
	}
	r, ok := w.Find(d)
	if ok {
		w.DoWith(r, d.Kind)
	}
	return ok
}

// Find returns the pending item that a decision names, the oldest of several.
func (w *World) Find(d *Decision) (Ref, bool) {
	which := max(d.Which, 1)
	var last uint64
	for {
		r := w.oldest(last, func(i *Item) bool { return d.names(i, w) })
		if r == noRef {
			return noRef, false
		}
		if which--; which == 0 {
			return r, true
		}
		last = w.table.items[r].Seq
	}
}

// oldest returns the oldest pending item after the given age that is wanted.
func (w *World) oldest(after uint64, want func(*Item) bool) Ref {
	found := noRef
	for r := range w.table.items {
		i := &w.table.items[r]
		if i.place == pending && i.Seq > after && want(i) &&
			(found == noRef || i.Seq < w.table.items[found].Seq) {
			found = Ref(r)
		}
	}
	return found
}

// names reports whether the decision may be about this item.
func (d *Decision) names(i *Item, w *World) bool {
	if wanted := d.Kind.Pending(); wanted == NoItem || wanted != i.Kind {
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
	var pendingItems []Ref
	for r := range w.table.items {
		if w.table.items[r].place == pending {
			pendingItems = append(pendingItems, Ref(r))
		}
	}
	slices.SortFunc(pendingItems, func(a, b Ref) int {
		return cmp.Compare(w.table.items[a].Seq, w.table.items[b].Seq)
	})
	list := make([]Decision, len(pendingItems))
	for n, r := range pendingItems {
		list[n] = w.Name(r, DeliverMessage)
	}
	return list
}
