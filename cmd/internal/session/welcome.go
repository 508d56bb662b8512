package session

import (
	"fmt"
	"math/bits"
	"strings"

	"skinny/protocol"
	"skinny/scenarios"
)

// Welcome is the first page: what the run is about, and keys to begin with.
func (s *Session) Welcome() *Page {
	switch {
	case s.lesson != nil:
		return s.lesson.welcome(s)
	case s.solving != nil:
		return s.solving.welcome(s)
	case s.Veiled():
		return s.veiledWelcome()
	}
	return s.beginning(s.about(), s.firstKeys()...)
}

// about is the first paragraph of what the scenario is about, as rows.
func (s *Session) about() []Row {
	about, _, _ := strings.Cut(strings.TrimSpace(s.branch.scenario.About), "\n\n")
	if about == "" {
		return nil
	}
	return []Row{row(Plain, oneLine(about)), {}}
}

// beginning is a first page that ends with keys, or with words in lines.
func (s *Session) beginning(rows []Row, keys ...string) *Page {
	for _, k := range keys {
		rows = append(rows, Row{Text: []Span{{"    " + k, Key}}, Indent: 12})
	}
	if !s.Words {
		rows = append(rows, Row{}, row(Faint, "Any key begins."))
	}
	return reading(s.branch.scenario.Title, rows)
}

// veiledWelcome is the first page where it must not tell what the run is about to show.
func (s *Session) veiledWelcome() *Page {
	rows := []Row{row(Strong, "What comes is hidden: event by event you see what happens, and why."), {}}
	keys := []string{"→   the next event; ← goes back", "PgDn, PgUp   likewise, from a clicker", "V   shows everything again"}
	if s.prediction != nil {
		rows[0] = row(Strong, "Predict: before an event that is worth asking about, the run asks what it will be.")
		keys = []string{"→   the next event, or the next question; ← goes back", "1 … 9   answers", "o   shows everything again"}
	}
	return s.beginning(rows, append(keys, "?   all keys")...)
}

// firstKeys are the keys for this run: where something breaks, that one first.
func (s *Session) firstKeys() []string {
	keys := []string{
		"→   the next event; ← goes back",
		"d   loses the message that ↑ ↓ choose; what follows is a branch",
		"t   the same run under another rule",
		"o   predict: what comes is hidden, and the run asks",
		"?   all keys",
	}
	if broken := s.branch.Broken(); len(broken) > 0 {
		keys = append([]string{"v   goes to where " + broken[0].Property + " breaks"}, keys...)
	}
	return keys
}

// shown says, at the head of a lesson, which program it shows, what that means, and which
// ID an instance takes next, since what can be foreseen follows from it.
func shown(sc *scenarios.Scenario) string {
	text := "The program: " + sc.Setting()
	edition, _ := protocol.EditionByName(sc.Edition)
	switch edition.Name {
	case "sound":
		text += " (sound has every rule on; a rule is one thing that Skinny does or leaves out). "
	case "published":
		text += fmt.Sprintf(" (published is Skinny as its author wrote it; the edition sound has %d more rules on). ", bits.OnesCount64(uint64(protocol.AllRules&^edition.Rules)))
	default:
		text += " (" + edition.Name + " " + edition.About + "). "
	}
	h := sc.Header()
	var ids []string
	for i, name := range h.Instances[:min(len(h.Instances), 2)] {
		if first, size := i+1, len(h.Instances); h.Rules.Has(protocol.UniqueIDs) {
			ids = append(ids, fmt.Sprintf("%s %d, %d, %d …", name, first, first+size, first+2*size))
		} else {
			ids = append(ids, fmt.Sprintf("%d at %s", h.Settings[i].Increment, name))
		}
	}
	if h.Rules.Has(protocol.UniqueIDs) {
		return text + "Instances have their own IDs, and take the next above what they promised: " + strings.Join(ids, ", ")
	}
	return text + "An instance's next ID is what it promised plus its increment: " + strings.Join(ids, ", ") + " …"
}
