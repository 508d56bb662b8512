package program

import (
	"errors"
	"fmt"
	"slices"

	"skinny/cmd/internal/report"
	"skinny/sim"
)

// Together is how many should ask a process at the same time, so that it does not have to
// wait for questions.
const Together = 16

// pipe is how many bytes fit into an empty pipe, however small pipes are.
const pipe = 4 << 10

// asking is a question that waits for its answer.
type asking struct {
	*sim.Question
	*entry
	suspect *suspicion // if it is to be asked alone
	stderr  string     // of the process that has failed
	err     error
	done    bool
}

// suspicion is about questions that were asked together, when something has gone wrong: each
// is asked alone, to know which one it was.
type suspicion struct {
	err  error
	left int // that are still to be answered alone
}

// ask asks something new, perhaps with what others ask at the same time.
func (p *Process) ask(q *sim.Question, line []byte) (*entry, error) {
	a := &asking{Question: q, entry: &entry{question: string(line), holders: slices.Clone(q.Cluster.Holders)}}
	p.mutex.Lock()
	defer p.mutex.Unlock()
	p.waiting = append(p.waiting, a)
	for !a.done {
		if c := p.acquire(a); c != nil {
			p.serve(c)
		} else if !a.done {
			p.free.Wait()
		}
	}
	if a.err == nil {
		return a.entry, nil
	}
	f, ok := a.err.(*Failure)
	if !ok {
		f = &Failure{Err: a.err, Question: a.question, Answer: a.line}
	}
	f.Command, f.Stderr = p.String(), a.stderr
	return nil, f
}

// acquire takes a process that nobody asks, or starts one. It is nil as long as another one
// has the question or there is none to take, and if the question cannot be asked.
func (p *Process) acquire(a *asking) *child {
	n := len(p.idle)
	switch {
	case !slices.Contains(p.waiting, a):
		return nil
	case p.closed:
		a.err = errors.New("it was ended")
	case n > 0:
		c := p.idle[n-1]
		p.idle = p.idle[:n-1]
		return c
	case len(p.running) >= p.options.Processes:
		return nil
	default:
		c, err := start(p.command, p.options.Data)
		if err == nil {
			p.running[c] = true
			return c
		}
		a.err = fmt.Errorf("it cannot be started again: %w", report.Cause(err))
	}
	p.waiting = slices.DeleteFunc(p.waiting, func(w *asking) bool { return w == a })
	a.done = true
	return nil
}

// serve asks a process what waits, and gives it back, or ends it: one that has made a mistake
// is in a state that nobody knows.
func (p *Process) serve(c *child) {
	list := p.next()
	p.mutex.Unlock()
	err := p.askAll(c, list)
	if err != nil {
		c.end(false)
	}
	p.mutex.Lock()
	defer p.free.Broadcast()
	if err == nil && !p.closed {
		p.idle = append(p.idle, c)
	} else {
		delete(p.running, c)
	}
	if err != nil && len(list) > 1 && !p.closed && !p.ending.Load() {
		s := &suspicion{err, len(list)}
		for _, a := range list {
			a.suspect = s
		}
		p.waiting = slices.Insert(p.waiting, 0, list...)
		return
	}
	for _, a := range list {
		if s := a.suspect; s != nil && err == nil {
			if s.left--; s.left == 0 {
				err = s.err // it was none of them alone
			}
		}
		if a.err, a.done = err, true; err == nil {
			p.memo.put(a.entry)
		} else {
			a.stderr = c.stderr.String()
		}
	}
}

// next takes the questions that are asked at once: what waits, as far as it fits into a pipe.
// So a process that has answered one finds the next one there, and nobody has to wake it.
func (p *Process) next() []*asking {
	n := 1
	for size := len(p.waiting[0].question); p.waiting[0].suspect == nil && n < len(p.waiting); n++ {
		if size += 2 + len(p.waiting[n].question); size > pipe || p.waiting[n].suspect != nil {
			break
		}
	}
	list := slices.Clone(p.waiting[:n])
	p.waiting = slices.Delete(p.waiting, 0, n)
	return list
}

// askAll asks questions at once, and some of them again. The answers count only if nothing is
// wrong with any of them.
func (p *Process) askAll(c *child, list []*asking) error {
	var questions []byte
	for _, a := range list {
		questions = append(append(questions, a.question...), '\n')
	}
	answers, err := c.ask(questions, len(list), p.options.Timeout, &p.ending)
	for i, line := range answers {
		list[i].line = string(line)
	}
	for i, a := range list {
		if err == nil {
			a.answer, err = decode(a.Question, answers[i])
		}
	}
	for _, a := range list {
		if err == nil {
			err = p.askAgain(c, a.entry)
		}
	}
	return err
}
