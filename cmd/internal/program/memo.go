package program

import (
	"errors"
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
// not asked for since it last had half is forgotten.
type memo struct {
	half            int // bytes
	recent, earlier map[string]*entry
	size            int // of recent
}

func newMemo(most int) memo { return memo{half: most / 2, recent: map[string]*entry{}} }

// mostRemembered is how much is remembered, in bytes of questions and answers.
const mostRemembered = 64 << 20

// overhead is about what an entry takes besides its lines.
const overhead = 400

func (m *memo) get(question []byte) *entry {
	if e := m.recent[string(question)]; e != nil {
		return e
	}
	e := m.earlier[string(question)]
	if e != nil {
		m.put(e)
	}
	return e
}

func (m *memo) put(e *entry) {
	size := len(e.question) + 2*len(e.line) + overhead
	if m.size += size; m.size > m.half {
		m.recent, m.earlier, m.size = map[string]*entry{}, m.recent, size
	}
	m.recent[e.question] = e
}

// ErrImpure says that an answer depends on more than its question.
var ErrImpure = errors.New("its answer depends on more than its question: asked the same again, it answers something else")

// mostRechecks is how many of the last questions may be asked again later.
const mostRechecks = 32

// rechecks are the questions that were answered last, of which some are asked again. One
// that is asked again at once shows what counts, is drawn or reads a clock; one that is
// asked again later, after others, shows what is remembered on the side.
type rechecks struct {
	list  [mostRechecks]*entry
	asked uint64 // new questions
}

// next notes a new question. If it is one of those to be asked again, it returns an
// earlier one to be asked again with it, or nil, if there is none.
func (r *rechecks) next(e *entry, every int) (earlier *entry, due bool) {
	n := r.asked
	r.asked++
	earlier = r.list[n*n*31/7%min(max(n, 1), mostRechecks)]
	r.list[n%mostRechecks] = e
	return earlier, n%uint64(every) == 0
}

// askAgain asks again what has just been answered, and something earlier, if it is time
// for that. An error is a *Failure, or what came of the question.
func (p *Process) askAgain(c *child, e *entry) error {
	p.mutex.Lock()
	earlier, due := p.rechecks.next(e, p.options.Again)
	p.mutex.Unlock()
	if !due {
		return nil
	}
	for _, e := range []*entry{e, earlier} {
		if e == nil {
			continue
		}
		answers, err := c.ask([]byte(e.question+"\n"), 1, p.options.Timeout, &p.ending)
		if err != nil {
			return &Failure{Err: err, Question: e.question, Answer: string(answers[0])}
		}
		if !same(e.line, answers[0]) {
			return &Failure{Err: ErrImpure, Question: e.question, Answer: e.line, Again: string(answers[0])}
		}
	}
	return nil
}

// same reports whether two answers are the same but for what stands between tokens.
func same(line string, again []byte) bool {
	if line == string(again) {
		return true
	}
	one, _ := compact(nil, []byte(line)) // it was read before
	other, _ := compact(nil, again)      // nil if it is no JSON
	return string(one) == string(other)
}
