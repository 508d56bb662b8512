package learn

import "skinny/scenarios"

// Names lists the short names of all lessons and exercises.
func Names() (list []string) {
	for _, e := range scenarios.Taught() {
		list = append(list, e.Short())
	}
	return list
}

// After is the command line that is best given after a bundled scenario was looked at, and
// what it leads to: after the last lesson the first exercise. It is "" for a name that is
// not in the library.
func After(name string) (command, title string) {
	if _, err := scenarios.Find(name); err != nil {
		return "", ""
	}
	next, ok := scenarios.Next(name)
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
