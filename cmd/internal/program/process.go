// Package program lets a program in any language play an instance: a line of JSON asks
// what an instance does about one thing that happens to it, a line of JSON answers.
//
// Two tables say what questions and answers are made of ([questionFields],
// [answerFields] and what is below them). Writer, reader and JSON Schema follow from
// them. A [Process] asks: it keeps processes of one command running, remembers what they
// answered, and asks some questions twice. It is started by whoever calls [Open], and
// only a command line does. Where there are no process groups, as in a browser, Open
// says so.
package program

import (
	"cmp"
	"errors"
	"fmt"
	"maps"
	"os/exec"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"skinny/cmd/internal/report"
	"skinny/cmd/internal/shell"
	"skinny/sim"
)

// Options say how a program is asked. The zero value of each stands for its default.
type Options struct {
	Timeout   time.Duration // for an answer; a second
	Processes int           // at most, at the same time; 1
	Again     int           // one new question in Again is asked again; [DefaultAgain]
	Data      uint64        // bytes that each process may have at most, where that can be bounded; no bound
}

// DefaultAgain is how many new questions there are for each that is asked again.
const DefaultAgain = 16

const (
	defaultTimeout = time.Second

	// A process that has just been started has to load its language first.
	startTimeout = 5 * time.Second

	// hurry is how long an answer is waited for once everything is to end.
	hurry = 100 * time.Millisecond
)

// MostLine is how long a line of an answer may be, in bytes.
const MostLine = 1 << 20

// Process plays instances by a command. It is safe for many goroutines, which wait for
// each other if there are more of them than processes.
type Process struct {
	command []string
	options Options
	ending  atomic.Bool // answers have to come at once

	mutex    sync.Mutex
	free     *sync.Cond
	idle     []*child
	waiting  []*asking
	running  map[*child]bool
	closed   bool
	memo     memo
	rechecks rechecks
}

var _ sim.Program = (*Process)(nil)

// open is all that is not closed.
var open struct {
	sync.Mutex
	list []*Process
}

// Open starts a command. Each program that is open has to be closed. The error says why
// it cannot be started.
func Open(command []string, o Options) (*Process, error) {
	o.Timeout, o.Again, o.Processes = cmp.Or(o.Timeout, defaultTimeout), cmp.Or(o.Again, DefaultAgain), max(o.Processes, 1)
	p := &Process{command: slices.Clone(command), options: o, running: map[*child]bool{}, memo: newMemo(mostRemembered)}
	p.free = sync.NewCond(&p.mutex)
	c, err := start(command, o.Data)
	if err != nil {
		if errors.Is(err, exec.ErrNotFound) {
			err = errors.New("there is no such program in PATH")
		}
		return nil, fmt.Errorf("%s cannot be started: %w", p, report.Cause(err))
	}
	p.idle, p.running[c] = append(p.idle, c), true
	open.Lock()
	defer open.Unlock()
	open.list = append(open.list, p)
	return p, nil
}

// String is the command.
func (p *Process) String() string { return shell.Line(p.command) }

// Close ends all processes of the program, with what they have started. Questions that
// are being asked fail.
func (p *Process) Close() {
	for _, c := range p.close() {
		c.end(true)
	}
}

func (p *Process) close() []*child {
	open.Lock()
	open.list = slices.DeleteFunc(open.list, func(o *Process) bool { return o == p })
	open.Unlock()
	p.mutex.Lock()
	defer p.mutex.Unlock()
	p.closed = true
	list := slices.Collect(maps.Keys(p.running))
	p.running = nil
	p.free.Broadcast()
	return list
}

// KillAll ends the processes of all programs at once, before this process is ended.
func KillAll() {
	open.Lock()
	list := slices.Clone(open.list)
	open.Unlock()
	for _, p := range list {
		for _, c := range p.close() {
			c.kill()
		}
	}
}

// Hurry makes all programs answer at once or not at all: everything is to end.
func Hurry() {
	open.Lock()
	defer open.Unlock()
	for _, p := range open.list {
		p.ending.Store(true)
		p.mutex.Lock()
		for c := range p.running {
			c.patience(hurry)
		}
		p.mutex.Unlock()
	}
}

// Step asks the program. An error is a *Failure.
func (p *Process) Step(q *sim.Question) (sim.Answer, error) {
	known, err := p.entryOf(q)
	if err != nil {
		return sim.Answer{}, err
	}
	a := known.answer
	a.Send = slices.Clone(a.Send) // the world notes in it who sends
	return a, nil
}

// entryOf is a question with its answer, asked for if it is not remembered.
func (p *Process) entryOf(q *sim.Question) (*entry, error) {
	line := appendQuestion(make([]byte, 0, 512+len(q.Memory)+len(q.Disk)), q)
	known := p.remembered(line)
	if known == nil {
		return p.ask(q, line)
	}
	e, err := known.in(q)
	if err != nil {
		return nil, &Failure{Err: err, Command: p.String(), Question: string(line), Answer: known.line}
	}
	return e, nil
}

// remembered is a question with its answer, nil if it is not known any more.
func (p *Process) remembered(line []byte) *entry {
	p.mutex.Lock()
	defer p.mutex.Unlock()
	return p.memo.get(line)
}
