package program

import (
	"slices"

	"skinny/sim"
)

// entry is a question with its answer. In the lines clients have names; in the answer they
// are numbers, which are those of a cluster.
type entry struct {
	question, line string
	holders        []string // of the cluster
	answer         sim.Answer
}

// in is an entry whose answer has the numbers of the question's cluster.
func (e *entry) in(q *sim.Question) (*entry, error) {
	if slices.Equal(e.holders, q.Cluster.Holders) {
		return e, nil
	}
	answer, err := decode(q, []byte(e.line))
	return &entry{e.question, e.line, slices.Clone(q.Cluster.Holders), answer}, err
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
