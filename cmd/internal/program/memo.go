package program

import "skinny/sim"

// entry is a question with its answer.
type entry struct {
	question, line string
	answer         sim.Answer
}

// memo remembers answers by question. When it has half of what it may have, what was
// not asked for lately is forgotten.
type memo struct {
	half       int // bytes
	young, old map[string]*entry
	size       int // of young
}

func newMemo(most int) memo { return memo{half: most / 2, young: map[string]*entry{}} }

// overhead is about what an entry takes besides its lines.
const overhead = 400

func (m *memo) get(question []byte) *entry {
	if e := m.young[string(question)]; e != nil {
		return e
	}
	e := m.old[string(question)]
	if e != nil {
		m.put(e)
	}
	return e
}

func (m *memo) put(e *entry) {
	size := len(e.question) + 2*len(e.line) + overhead
	if m.size += size; m.size > m.half {
		m.young, m.old, m.size = map[string]*entry{}, m.young, size
	}
	m.young[e.question] = e
}
