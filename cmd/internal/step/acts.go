package step

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"slices"
	"strings"

	"skinny/cmd/internal/session"
	"skinny/cmd/internal/shell"
	"skinny/protocol"
	"skinny/sim"
	"skinny/sim/trace"
)

// delayBy is how long something is put off if nobody says how long.
const delayBy = 50 * trace.Millisecond

// Do takes an act at the current point.
func (s *Session) Do(a session.Act) string {
	before := s.branch
	step := s.now().Point
	b, after, err := s.branch.Act(s.at, a)
	if err != nil {
		return err.Error()
	}
	from := s.at
	s.set(b, after)
	text := s.tree.Text(a)
	switch {
	case b == before:
		text += ": this branch goes on by it"
	default:
		text += fmt.Sprintf(": branch %d; the old future is kept (%s)", b.Number, s.way("b", "branches"))
	}
	if step != from {
		text += fmt.Sprintf("; it comes after event %d, the end of this step", step)
	}
	return text
}

// byHand reports whether an event is what somebody did.
func (s *Session) byHand(n int) bool {
	return slices.ContainsFunc(s.branch.Acts(), func(a session.Act) bool { return a.Delay == 0 && a.After+1 == n })
}

// Hand does something to what is chosen.
func (s *Session) Hand(kind sim.DecisionKind) string {
	i, ok := s.choice()
	if !ok {
		return s.nothing()
	}
	d := i.decision
	if kind != sim.DeliverMessage {
		if !i.isMessage() {
			return "only messages between instances can be lost, copied or refused; " + i.text +
				" can happen now (" + s.way("enter", "deliver") + ") or later (" + s.way("l", "delay") + ")"
		}
		if kind == sim.RefuseMessage && !d.Message.IsRequest() {
			return "only a request can be refused"
		}
		d.Kind = kind
	}
	return s.Do(session.Act{Decision: d})
}

// Delay puts off what is chosen.
func (s *Session) Delay(by trace.Time) string {
	i, ok := s.choice()
	if !ok {
		return s.nothing()
	}
	if !i.timed {
		return "nothing has a time in this run: let something else happen first instead (" + s.way("enter", "deliver") + ")"
	}
	return s.Do(session.Act{Decision: i.decision, Delay: by})
}

// Fault does something to the chosen instance, or ends it if that is how it is.
func (s *Session) Fault(kind sim.DecisionKind) string {
	w := s.now().World()
	p := s.instance
	switch {
	case kind == sim.CrashInstance && !w.Up(p):
		return s.name(p) + " is down already; r restarts it"
	case kind == sim.PauseInstance && !w.Up(p):
		return s.name(p) + " is down; r restarts it"
	case kind == sim.PauseInstance && w.Paused(p):
		kind = sim.ResumeInstance
	case kind == sim.IsolateInstance && w.Isolated(p):
		kind = sim.RejoinInstance
	}
	return s.Do(session.Act{Decision: sim.Decision{Kind: kind, From: p}})
}

// Cut takes the link of the chosen message down, or up again.
func (s *Session) Cut() string {
	i, ok := s.choice()
	if !ok || !i.isMessage() {
		return "choose a message (↑ ↓): its link is cut; or type it: cut a -> b"
	}
	d := sim.Decision{Kind: sim.CutLink, From: i.decision.From, To: i.decision.To}
	if s.now().World().CutOff(d.From).Has(d.To) {
		d.Kind = sim.MendLink
	}
	return s.Do(session.Act{Decision: d})
}

// Heal ends every cut, isolation and partition.
func (s *Session) Heal() string {
	return s.Do(session.Act{Decision: sim.Decision{Kind: sim.HealEverything}})
}

// Call is the decision that starts an operation at the chosen instance, in words
// to be changed: by somebody who has not called yet, or who holds the lock.
func (s *Session) Call(kind protocol.OperationKind) string {
	h := s.tree.Header()
	callers, _ := s.branch.Clients()
	who := protocol.Holder(len(h.Holders))
	if kind == protocol.Release {
		if accepted := s.now().World().State(s.instance).Accepted.Holder; accepted != protocol.Free {
			who = accepted
		} else if len(callers) > 0 {
			who = callers[0]
		}
	} else {
		for n := range h.Holders {
			if free := protocol.Holder(n + 1); !contained(callers, free) {
				who = free
				break
			}
		}
	}
	return kind.String() + " " + h.HolderName(who) + " via " + s.name(s.instance)
}

func contained(list []protocol.Holder, h protocol.Holder) bool {
	for _, other := range list {
		if other == h {
			return true
		}
	}
	return false
}

// Return is the command line that comes back to the current point.
func (s *Session) Return() string { return s.returnTo(s.branch, s.at) }

func (s *Session) returnTo(b *session.Branch, point int) string {
	var text strings.Builder
	text.WriteString(s.command)
	for _, a := range b.Acts() { // those after the point, too: it is a point of this branch
		fmt.Fprintf(&text, " --do %s", shell.Quoted(count(a.After)+" "+s.tree.Text(a)))
	}
	fmt.Fprintf(&text, " --at %d", point)
	return text.String()
}

// Farewell is the command lines that bring everything back: the current point, and
// the other branches, so that leaving loses nothing.
func (s *Session) Farewell() string {
	text := "back to this point: " + s.Return() + "\n"
	for _, b := range s.tree.Branches()[1:] {
		if b != s.branch {
			text += fmt.Sprintf("branch %d: %s\n", b.Number, s.returnTo(b, b.Len()))
		}
	}
	return text
}

// Redo takes an act that Return has named: the point, and the act in words.
func (s *Session) Redo(text string) error {
	word, words, _ := strings.Cut(strings.TrimSpace(text), " ")
	var point int
	if _, err := fmt.Sscanf(word, "%d", &point); err != nil || point < 0 || words == "" {
		return fmt.Errorf("--do takes the number of an event and what is done after it, as in\n  --do '14 drop commit-response c -> a', not %q", text)
	}
	if said := s.GoTo(point); said != "" {
		return errors.New("--do " + shell.Quoted(text) + ": " + said)
	}
	a, err := s.now().Parse(words)
	if err == nil {
		var b *session.Branch
		var at int
		if b, at, err = s.branch.Act(point, a); err == nil {
			s.set(b, at)
			return nil
		}
	}
	return fmt.Errorf("--do %s: %w", shell.Quoted(text), err)
}

// ErrExists says that there is such a file already.
var ErrExists = errors.New("it exists")

// Save writes the current branch as a scenario file. One that exists is only
// overwritten if that is said.
func (s *Session) Save(path string, overwrite bool) error {
	flags := os.O_WRONLY | os.O_CREATE | os.O_EXCL
	var failed *fs.PathError
	if overwrite {
		flags = os.O_WRONLY | os.O_CREATE | os.O_TRUNC
	}
	file, err := os.OpenFile(path, flags, 0o666)
	switch {
	case errors.Is(err, fs.ErrExist):
		return ErrExists
	case errors.As(err, &failed):
		return failed.Err // whoever asked knows the path
	case err != nil:
		return err
	}
	_, err = file.Write(s.branch.File().Encode())
	return errors.Join(err, file.Close())
}

// saved says how a saved branch is run again.
func saved(path string) string { return "saved; the same run again: skinny run " + shell.Word(path) }

// fileName is a name for the current branch as a file.
func (s *Session) fileName() string {
	base := "step"
	for _, word := range strings.Fields(s.command) {
		if !strings.HasPrefix(word, "-") {
			base = word
		} else {
			break
		}
	}
	base = strings.Trim(base, "'")
	base = strings.TrimSuffix(base[strings.LastIndexAny(base, `/\`)+1:], ".yaml")
	return fmt.Sprintf("%s-branch-%d.yaml", base, s.branch.Number)
}
