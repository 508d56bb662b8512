package program

import (
	"errors"
)

// ErrImpure says that an answer depends on more than its question.
var ErrImpure = errors.New("its answer depends on more than its question: asked the same again, it answers something else")

// mostLately is how many of the last questions may be asked again later.
const mostLately = 32

// lately are questions that were answered lately, and what of them is asked again. One
// that is asked again at once shows what counts, is drawn or reads a clock; one that is
// asked again later, after others, shows what is remembered on the side.
type lately struct {
	list  [mostLately]*entry
	asked uint64 // new questions
}

// next notes a new question. If it is one of those to be asked again, it returns an
// earlier one to be asked again with it, or nil, if there is none.
func (l *lately) next(e *entry, every int) (earlier *entry, due bool) {
	n := l.asked
	l.asked++
	earlier = l.list[n*n*31/7%min(max(n, 1), mostLately)]
	l.list[n%mostLately] = e
	return earlier, n%uint64(every) == 0
}

// askAgain asks again what has just been answered, and something earlier, if it is time
// for that. An error is a *Failure, or what came of the question.
func (p *Process) askAgain(c *child, e *entry) error {
	p.mutex.Lock()
	earlier, due := p.lately.next(e, p.options.Again)
	p.mutex.Unlock()
	if !due {
		return nil
	}
	for _, e := range []*entry{e, earlier} {
		if e == nil {
			continue
		}
		answer, err := c.ask([]byte(e.question), p.timeout(c), &p.ending)
		if err != nil {
			return &Failure{Err: err, Question: e.question, Answer: string(answer)}
		}
		if same(e.line, answer) {
			continue
		}
		return &Failure{Err: ErrImpure, Question: e.question, Answer: e.line, Again: string(answer)}
	}
	return nil
}

// same reports whether two answers are the same but for what stands between tokens.
func same(line string, again []byte) bool {
	if line == string(again) {
		return true
	}
	one, err := compact(nil, []byte(line))
	other, problem := compact(nil, again)
	return err == nil && problem == nil && string(one) == string(other)
}
