package learn

import (
	"skinny/scenarios"
	"skinny/scenarios/form"
)

// Names lists the short names of all lessons and exercises.
func Names() []string { return form.Names(scenarios.Taught(), scenarios.Entry.Short) }

// After is the command line that is best given after a bundled scenario was looked at, and
// what it leads to: after the last lesson the first exercise. It is "" for a name that is
// not in the library.
func After(name string) (command, title string) {
	e, err := scenarios.Find(name)
	if err != nil {
		return "", ""
	}
	next, ok := scenarios.Next(e.Name)
	if !ok {
		return "skinny check", "random seeds find what else breaks"
	}
	if e, ok := scenarios.FindTaught(next.Name); ok {
		return "skinny learn " + e.Short(), e.Title()
	}
	return "skinny run " + next.Name, next.Title()
}

// Next is the first lesson that is not done, or else the first exercise. It reports false
// if all are.
func (p *Progress) Next() (scenarios.Entry, bool) {
	for _, e := range scenarios.Taught() {
		if _, done := p.Done(e.Name); !done {
			return e, true
		}
	}
	return scenarios.Entry{}, false
}
