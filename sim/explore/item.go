package explore

import (
	"fmt"
	"math/bits"

	"skinny/protocol"
	"skinny/sim"
)

// An item in a word: from the lowest bit on its kind, what is said of it in a few bits,
// the holder, and the IDs of a message, of which not every kind has each.
const (
	answerWord = 0 // and the kinds of messages, unchanged
	callWord   = 6
	wakeWord   = 7

	wordKind    = 3 // bits
	isYes       = 1 << 3
	isAwaited   = 1 << 4 // its asker still counts the answer
	isCommit    = 1 << 5 // of a failure: its request was to commit
	wordPeer    = 6      // where the asker begins
	wordCall    = 3      // where an operation's call begins
	wordTry     = wordCall + callBits
	outcomeBits = 3
	wordHolder  = wordPeer + positionBits
	wordIDs     = wordHolder + holderBits

	noWord = ^uint64(0) // of what does not matter, or follows from the rest
)

// widthOf is the number of bits of a word, from its kind.
func (m *Model) widthOf(word uint64) uint { return m.widths[word&(1<<wordKind-1)] }

// findWidths finds how many bits IDs and words of items have. Each round's ID is at most a
// step above one that there was.
func (m *Model) findWidths() error {
	step := uint64(m.cluster.Size()) // under unique-ids
	for i := range m.cluster.Instances {
		step = max(step, uint64(m.cluster.Instances[i].Increment))
	}
	rounds := uint64(min(len(m.calls)*(1+protocol.Retries), len(m.calls)+int(m.config.Limits[Retries])))
	if most := MaxID / rounds; step > most {
		return fmt.Errorf("an increment of %d is too large to be explored with %d rounds; %d is the most", step, rounds, most)
	}
	m.idBits = uint(bits.Len64(rounds * step))
	if m.played != 0 {
		m.idBits = playedIDBits
	}
	m.widths = [1 << wordKind]uint{callWord: wordHolder, wakeWord: wordHolder, answerWord: wordIDs}
	for kind, ids := range [...]uint{protocol.PromiseRequest: 1, protocol.PromiseResponse: 3, protocol.CommitRequest: 1, protocol.CommitResponse: 2, protocol.Failure: 1} {
		switch {
		case ids > 0 && m.played != 0:
			m.widths[kind] = wordHolder + mailBits
		case ids > 0:
			m.widths[kind] = wordIDs + ids*m.idBits
		}
	}
	return nil
}

// item makes a word of an item, and says in which column it is.
func (e *encoder) item(i *sim.Item) (at protocol.Position, word uint64) {
	switch i.Kind {
	case sim.MessageItem:
		return e.message(i)
	case sim.AnswerItem:
		word = answerWord | uint64(i.Outcome)<<wordTry | uint64(i.Holder)<<wordHolder
	case sim.CallItem:
		word = callWord
	case sim.WakeItem:
		word = wakeWord | uint64(i.Try)<<wordTry
	default:
		return 0, noWord
	}
	return i.Instance, word | uint64(e.judge.index[i.Op])<<wordCall
}

// message makes a word of a message, all but the instance that is asked.
func (e *encoder) message(i *sim.Item) (asked protocol.Position, word uint64) {
	m := &i.Message
	awaited := e.world.Awaited(i)
	if !awaited && e.model.config.Reductions.Stale && e.model.isStale(m, awaited, e.nodes[m.To], &e.judge.used) {
		return 0, noWord
	}
	asker, asked := m.To, m.From
	if m.Kind.IsRequest() {
		asker, asked = asked, asker
	}
	if e.model.played.Has(asked) {
		awaited = e.world.IsCurrent(i) // its program may answer otherwise yet
	}
	word = uint64(m.Kind) | uint64(asker)<<wordPeer | uint64(m.ID)<<wordIDs
	if m.Yes {
		word |= isYes
	}
	if awaited {
		word |= isAwaited
	}
	if m.Kind == protocol.Failure && m.Call == protocol.CommitRequest {
		word |= isCommit
	}
	if e.model.played != 0 {
		return asked, e.mail(i, word)
	}
	switch m.Kind {
	case protocol.CommitRequest:
		e.pruner.asked = append(e.pruner.asked, m.ID)
		word |= uint64(m.Proposal.Holder) << wordHolder
	case protocol.PromiseResponse:
		word |= uint64(m.Proposal.Holder)<<wordHolder | uint64(m.Told)<<(wordIDs+e.model.idBits) | uint64(m.Proposal.ID)<<(wordIDs+2*e.model.idBits)
	case protocol.CommitResponse:
		word |= uint64(m.Told) << (wordIDs + e.model.idBits)
	}
	return asked, word
}

// item is the word of an item after the swap.
func (s *swap) item(word uint64) uint64 {
	h := word >> wordHolder & (1<<holderBits - 1)
	word ^= (h ^ uint64(s.holder[h])) << wordHolder
	if kind := word & (1<<wordKind - 1); kind == answerWord || kind >= callWord {
		c := word >> wordCall & (1<<callBits - 1)
		word ^= (c ^ uint64(s.call[c])) << wordCall
	}
	return word
}

// items writes items, which may be sorted if their order does not matter.
func (e *encoder) items(t tail, words []uint64, sorted bool) tail {
	if e.swap != &e.model.swaps[0] {
		e.words = append(e.words[:0], words...)
		words = e.words
		for n := range words {
			words[n] = e.swap.item(words[n])
		}
	}
	if sorted {
		sortWords(words)
	}
	m := e.model
	for _, word := range words {
		t = t.add(&e.writer, word<<1|1, 1+m.widthOf(word))
	}
	return t.add(&e.writer, 0, 1)
}

// word reads the word of an item.
func (d *decoder) word() uint64 {
	kind := d.get(wordKind)
	width := d.model.widths[kind] - wordKind
	if width > 56 {
		return kind | d.wide(width)<<wordKind
	}
	return kind | d.get(width)<<wordKind
}

// item puts the item of a word in the column of an instance into the world.
func (d *decoder) item(at protocol.Position, word uint64) sim.Ref {
	kind := word & (1<<wordKind - 1)
	holder := protocol.Holder(word >> wordHolder & (1<<holderBits - 1))
	if kind == answerWord || kind >= callWord {
		op := d.operation(byte(word >> wordCall & (1<<callBits - 1)))
		r, i := d.world.Put(true)
		i.Instance, i.Op = at, op
		switch kind {
		case answerWord:
			i.Kind, i.Outcome, i.Holder = sim.AnswerItem, protocol.Outcome(word>>wordTry&(1<<outcomeBits-1)), holder
		case callWord:
			i.Kind = sim.CallItem
		case wakeWord:
			i.Kind, i.Try = sim.WakeItem, uint8(word>>wordTry&(1<<tryBits-1))
		}
		return r
	}
	r, i := d.world.Put(word&isAwaited != 0)
	m := &i.Message
	m.Kind, m.Yes = protocol.MessageKind(kind), word&isYes != 0
	m.From, m.To = at, protocol.Position(word>>wordPeer&(1<<positionBits-1))
	if m.Kind.IsRequest() {
		m.From, m.To = m.To, m.From
	}
	i.Kind, i.Instance = sim.MessageItem, m.To
	if m.Kind == protocol.Failure {
		m.Call = protocol.PromiseRequest
		if word&isCommit != 0 {
			m.Call = protocol.CommitRequest
		}
	}
	if d.model.played != 0 {
		d.world.PutNote(i, d.mail(m, word))
		return r
	}
	id := func(n uint) protocol.ID {
		return protocol.ID(word >> (wordIDs + n*d.model.idBits) & (1<<d.model.idBits - 1))
	}
	m.ID, m.Told = id(0), id(1)
	switch m.Kind {
	case protocol.PromiseResponse:
		m.Proposal = protocol.Proposal{ID: id(2), Holder: holder}
	case protocol.CommitRequest:
		m.Proposal = protocol.Proposal{ID: m.ID, Holder: holder}
	}
	return r
}
