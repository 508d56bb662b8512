package session

import (
	"slices"

	"skinny/protocol"
	"skinny/scenarios"
	"skinny/sim"
	"skinny/sim/trace"
)

// Command is something that one can do: by a key, or by a word and what stands
// behind it. Every face of a session obeys the same ones, and lists them in its help.
type Command struct {
	Keys     string // that do it, as terminals name them, between spaces
	Word     string // that does it, if one does
	Operands string // what stands behind the word
	About    string
	Hint     string // About in a word, if the command belongs on the last row of a screen
	Group    string // that it is the first of

	says  string // the words that the key stands for, of a command that is another one
	takes takes

	presenting string                  // what the key says instead in a presentation
	ask        func(s *Session) string // what has to be completed before the key does it
	do         func(s *Session, in operands) Answer
}

// takes is what a command takes behind its word.
type takes uint8

const (
	none     takes = iota
	aNumber        // 1 if it is left out
	perhaps        // perhaps "back"
	anItem         // the number of something under way, and text; the chosen one without
	aBranch        // the number of a branch
	someText       // whatever it is
)

// operands is what a command was given.
type operands struct {
	number int
	back   bool
	item   Item
	branch *Branch
	text   string // all of it, or what stands behind the number
}

// Answer is what came of a command. A face says and shows it.
type Answer struct {
	Said string // to be said; "" for nothing
	Page *Page  // to be looked at, or nil
	Ask  *Ask   // what the user has to complete, or nil
	Save string // the path to which the branch is to be written
	Over bool   // even if there is such a file
	Quit bool
}

// Ask is a command that lacks something: Words are to be completed and said.
type Ask struct {
	Label string
	Words string // before what is typed
	Text  string // proposed
	Whole bool   // what is typed takes the place of Text
}

func saying(do func(s *Session) string) func(*Session, operands) Answer {
	return func(s *Session, _ operands) Answer { return Answer{Said: do(s)} }
}

func seeking(what string, wanted func(*trace.Event) bool) func(*Session, operands) Answer {
	return func(s *Session, in operands) Answer {
		said, _ := s.seek(in.back, what, wanted)
		return Answer{Said: said}
	}
}

func handing(kind sim.DecisionKind) func(*Session, operands) Answer {
	return func(s *Session, in operands) Answer { return Answer{Said: s.hand(in.item, kind)} }
}

func faulting(kind sim.DecisionKind) func(*Session, operands) Answer {
	return saying(func(s *Session) string { return s.fault(kind) })
}

func showing(page func(s *Session) *Page) func(*Session, operands) Answer {
	return func(s *Session, _ operands) Answer { return Answer{Page: page(s)} }
}

// commands are all of them, in the order in which help lists them. It is filled in
// init, since help is one of them.
var commands []Command

func init() { commands = slices.Concat(movements(), interventions(), views()) }

func movements() []Command {
	return []Command{
		{Group: "Going", Keys: "right n space", Word: "next", Operands: "[N]", About: "the next event, or N of them", Hint: "next", takes: aNumber,
			do: func(s *Session, in operands) Answer { return Answer{Said: s.Go(in.number)} }},
		{Keys: "left p", Word: "back", Operands: "[N]", About: "the event before, or N of them", Hint: "back", takes: aNumber,
			do: func(s *Session, in operands) Answer { return Answer{Said: s.Go(-in.number)} }},
		{Keys: "pgdown", says: "next 10", presenting: "next", About: "ten events on; one while presenting, since clickers send it"},
		{Keys: "pgup", says: "back 10", presenting: "back", About: "ten events back; one while presenting"},
		{Word: "goto", Operands: "N | TIME", About: "event N, or the last one up to a time: goto 45ms", takes: someText,
			do: func(s *Session, in operands) Answer { return s.place(in.text) }},
		{Keys: "g home", Word: "start", About: "the beginning", do: saying(func(s *Session) string { return s.GoTo(0) })},
		{Keys: "G end", Word: "end", About: "the end", do: saying((*Session).End)},
		{Keys: "N", Word: "round", Operands: "[back]", About: "where the next round begins, or the one before", takes: perhaps,
			do: seeking("round begins", func(e *trace.Event) bool { return e.Kind == trace.Propose })},
		{Keys: "P", says: "round back", About: "the round before"},
		{Keys: "m", Word: "majority", Operands: "[back]", About: "the next event by which a majority forms", Hint: "majority", takes: perhaps, do: (*Session).majority},
		{Keys: "M", says: "majority back", About: "the majority before"},
		{Keys: "v", Word: "violation", About: "the next event by which a property breaks", Hint: "violation", do: saying((*Session).Violation)},
		{Keys: "R", Word: "refusal", About: "the next event by which an instance says no",
			do: seeking("refusal", func(e *trace.Event) bool {
				return (e.Kind == trace.Promise || e.Kind == trace.Accept) && !e.Message.Yes
			})},
		{Keys: "]", Word: "of", Operands: "[INSTANCE] [back]", About: "the next event of an instance, or of the marked one", takes: someText, do: (*Session).of},
		{Keys: "[", says: "of back", About: "the event of the marked one before"},
		{Keys: "/", Word: "search", Operands: "[TEXT]", About: "the next event that says this, or what was searched for", takes: someText,
			ask: func(*Session) string { return "" }, do: (*Session).search},
	}
}

func interventions() []Command {
	return []Command{
		{Group: "Your hand on it: in the past this opens a branch, and the old future stays",
			Keys: "down j", About: "choose what is under way", Hint: "choose", do: saying(func(s *Session) string { return s.Choose(s.chosen + 1) })},
		{Keys: "up k", About: "choose the one above", do: saying(func(s *Session) string { return s.Choose(s.chosen - 1) })},
		{Keys: "esc", About: "let go of it", do: saying(func(s *Session) string { s.chosen = nothing; return "" })},
		{Keys: "enter", Word: "deliver", Operands: "N", About: "it happens now; Enter alone is the next event", Hint: "now", takes: anItem, do: handing(sim.DeliverMessage)},
		{Keys: "d", Word: "drop", Operands: "N", About: "it is lost", Hint: "drop", takes: anItem, do: handing(sim.DropMessage)},
		{Keys: "u", Word: "duplicate", Operands: "N", About: "a copy of it is made", takes: anItem, do: handing(sim.CopyMessage)},
		{Keys: "l", Word: "delay", Operands: "N [TIME]", About: "it is put off, by 50ms or a time", Hint: "later", takes: anItem, do: (*Session).putOff},
		{Keys: "f", Word: "refuse", Operands: "N", About: "its call fails at once", takes: anItem, do: handing(sim.RefuseMessage)},
		{Word: "preview", Operands: "N", About: "what would follow if it happened now", takes: anItem, do: (*Session).preview},
		{Keys: "c", About: "its link is cut, or mended", takes: anItem, do: func(s *Session, in operands) Answer { return Answer{Said: s.cut(in.item)} }},
		{Keys: "h", says: "heal all", About: "every link works again"},
		{Keys: "tab", Word: "mark", Operands: "[INSTANCE]", About: "mark an instance, or the next one", takes: someText, do: (*Session).mark},
		{Keys: "1…9", About: "mark that instance; where a question waits, answer it", do: func(s *Session, _ operands) Answer { return Answer{} }},
		{Keys: "x", About: "the marked instance crashes", do: faulting(sim.CrashInstance)},
		{Keys: "X", About: "it crashes, and what it stored last is lost", do: faulting(sim.TearInstance)},
		{Keys: "W", About: "it loses its disk, and goes down by that", do: faulting(sim.WipeInstance)},
		{Keys: "r", About: "it restarts", do: faulting(sim.RestartInstance)},
		{Keys: "z", About: "it pauses, or goes on", do: faulting(sim.PauseInstance)},
		{Keys: "i", About: "it is isolated, or rejoins", do: faulting(sim.IsolateInstance)},
		{Keys: "t", Word: "rule", Operands: "[NAME[=on|off]]", About: "the same run under another rule, as a branch", takes: someText, do: (*Session).rule},
		{Keys: "a", About: "a client acquires there", ask: func(s *Session) string { return s.call(protocol.Acquire) }},
		{Keys: "A", About: "a client releases there", ask: func(s *Session) string { return s.call(protocol.Release) }},
	}
}

func views() []Command {
	return []Command{
		{Group: "In an exercise", Keys: "T", Word: "hint", About: "a hint; again, the next one", do: saying((*Session).hint)},
		{Keys: "E", Word: "claim", Operands: "WORDS", About: "a prediction, as in claim operation N outcome OUTCOME; or the rule that is off: claim RULE", takes: someText,
			ask: func(*Session) string { return "" }, do: (*Session).claim},

		{Group: "With the future hidden", Keys: "o", Word: "predict", About: "hide what comes, and ask before it happens; once more: no longer", Hint: "predict", do: saying((*Session).Predict)},
		{Word: "on", About: "to where a lesson halts next; Enter alone does it, too", do: saying((*Session).onward)},
		{Word: "answer", Operands: "N", About: "the answer to the question that waits; a digit alone does it, too", takes: aNumber,
			do: func(s *Session, in operands) Answer { return s.answer(in.number) }},
		{Keys: "V", Word: "present", About: "hide what comes, and more room, for an audience; once more: no longer", do: saying((*Session).Present)},

		{Group: "Looking", Keys: "w", Word: "why", About: "what led to this event: causes, votes and reasons", Hint: "why", do: (*Session).why},
		{Keys: "Q", Word: "question", About: "what a program was asked about this event, and its answer", do: (*Session).asked},
		{Keys: "O", Word: "show", About: "the instances, and the properties with their reasons", do: showing((*Session).standingPage)},
		{Word: "list", About: "what is under way, with numbers for deliver, drop, delay …", do: showing((*Session).pendingPage)},
		{Keys: "b", Word: "branches", About: "what each branch changes, and whether its properties hold", Hint: "branches", do: showing((*Session).branchesPage)},
		{Word: "branch", Operands: "N", About: "the same point of another branch", takes: aBranch,
			do: func(s *Session, in operands) Answer { s.Switch(in.branch); return Answer{} }},
		{Word: "compare", Operands: "N", About: "what this branch and branch N do not have in common", takes: aBranch,
			do: func(s *Session, in operands) Answer { return Answer{Page: s.comparisonPage(in.branch)} }},
		{Keys: "s", Word: "save", Operands: "FILE [over]", About: "save this branch as a scenario; over: even if the file exists", Hint: "save", takes: someText,
			ask: (*Session).fileName, do: save},
		{Keys: "y", Word: "here", About: "the command line that comes back to this point", do: showing((*Session).returnPage)},
		{Word: "digest", About: "the digest of this branch, as skinny run --format json gives it", do: showing((*Session).digestPage)},
		{Keys: "?", Word: "help", Operands: "[COMMAND | all]", About: "all commands, or one", Hint: "keys", takes: someText, do: (*Session).help},
		{Keys: "q", Word: "quit", About: "leave", Hint: "quit", do: func(*Session, operands) Answer { return Answer{Quit: true} }},
	}
}

func (s *Session) why(operands) Answer {
	if s.at == 0 {
		return Answer{Said: "nothing has happened yet"}
	}
	return Answer{Page: s.causesPage()}
}

func (s *Session) mark(in operands) Answer {
	if in.text != "" {
		return Answer{Said: s.markNamed(in.text)}
	}
	return Answer{Said: s.Mark((int(s.instance) + 1) % len(s.branch.Header().Instances))}
}

func (s *Session) markNamed(name string) string {
	names := s.branch.Header().Instances
	if i := slices.Index(names, name); i >= 0 {
		return s.Mark(i)
	}
	return scenarios.Suggest(name, "instances", names)
}

func (s *Session) putOff(in operands) Answer {
	by := DelayBy
	if in.text != "" {
		var err error
		if by, err = scenarios.ParseTime(in.text); err != nil {
			return Answer{Said: err.Error()}
		}
	}
	return Answer{Said: s.delay(in.item, by)}
}

// preview chooses something, and says in lines what would follow.
func (s *Session) preview(in operands) Answer {
	s.chosen = in.number - 1
	if s.Veiled() {
		return Answer{Said: s.hidden()}
	}
	if !s.Words {
		return Answer{}
	}
	return Answer{Said: in.item.Text + ": " + s.Preview()}
}

func save(_ *Session, in operands) Answer {
	path, over := cutLast(in.text, "over")
	if path == "" {
		return Answer{Said: "write: save FILE"}
	}
	return Answer{Save: path, Over: over}
}
