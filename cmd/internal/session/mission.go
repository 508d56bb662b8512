package session

import (
	"slices"
	"strings"

	"skinny/sim/check"
)

// Welcome is the first page: what the run is about, a mission and three keys.
func (s *Session) Welcome() *Page {
	switch {
	case s.lesson != nil:
		return s.lesson.welcome(s)
	case s.Veiled():
		return s.veiledWelcome()
	}
	var rows []Row
	about, _, _ := strings.Cut(strings.TrimSpace(s.branch.Scenario().About), "\n\n")
	if about != "" {
		rows = append(rows, row(Plain, strings.Join(strings.Fields(about), " ")), Row{})
	}
	mission, keys := s.mission()
	rows = append(rows, row(Strong, mission), Row{})
	for _, k := range keys {
		rows = append(rows, row(Key, "    "+k))
	}
	return reading(s.branch.Scenario().Title, append(rows, Row{}, row(Faint, "Any key begins.")))
}

// veiledWelcome is the first page where it must not tell what the run is about to show.
func (s *Session) veiledWelcome() *Page {
	rows := []Row{row(Strong, "What comes is hidden: event by event you see what happens, and why."), {}}
	keys := []string{"→   the next event; ← goes back", "PgDn, PgUp   likewise, from a clicker", "V   shows everything again"}
	if s.prediction != nil {
		rows[0] = row(Strong, "Predict: before an event that is worth asking about, the run asks what it will be.")
		keys = []string{"→   the next event, or the next question; ← goes back", "1 … 9   answers", "o   shows everything again"}
	}
	for _, k := range append(keys, "?   all keys") {
		rows = append(rows, row(Key, "    "+k))
	}
	return reading(s.branch.Scenario().Title, append(rows, Row{}, row(Faint, "Any key begins.")))
}

// mission is what there is to do in this run, and three keys for it.
func (s *Session) mission() (text string, keys [3]string) {
	keys = [3]string{
		"→   the next event; ← goes back",
		"d   loses the message that ↑ ↓ choose; what follows is a branch",
		"?   all keys",
	}
	broken := s.branch.Broken()
	lock := func(v check.Verdict) bool { return v.Property == check.MutualExclusion }
	switch {
	case slices.ContainsFunc(broken, lock):
		text = "Your mission: the lock breaks in this run (v shows where). Go back, and make it hold by losing one message."
		keys[0] = "v   goes to where it breaks; ← and → go back and on"
		if s.branch.majorities() > 1 {
			text = "Your mission: the lock breaks in this run (v shows where). Find the moment where " +
				"the second majority forms, go back, and make the lock hold by losing one message."
			keys[0] = "m   goes to the moment where the next majority forms; ← goes back"
		}
	case len(broken) > 0:
		text = "Your mission: the lock holds in this run, but ✗ " + broken[0].Property +
			". See why, then break the lock, too: lose a message, crash somebody."
		keys[0] = "v   goes to where " + broken[0].Property + " breaks; ← and → go back and on"
	default:
		text = "Your mission: break the lock. Lose a message, crash somebody, and see what holds."
	}
	return text, keys
}

// majorities is how many form in what is known of a branch.
func (b *Branch) majorities() (number int) {
	for n := 1; n <= b.Len(); n++ {
		if b.formsMajority(b.Event(n)) {
			number++
		}
	}
	return number
}
