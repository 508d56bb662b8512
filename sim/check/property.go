package check

import "slices"

// Property is something that a lock service should have: a row of the register of
// judges, or one that is added to it with [Judges.Use].
type Property struct {
	Name   string // as in scenario files
	About  string // what it demands, in one sentence
	Broken string // what it means that it is violated, as a title

	// Severity ranks properties by how much their violation says: what clients see
	// first, then what was decided, then what single instances do. 0 says most.
	Severity int

	// Timed says that it is not the order of events alone that decides it, but when
	// they happen, or that nothing happens any more, too. A run that violates it is
	// shrunk with its times.
	Timed bool

	// OnDemand says that it is judged only where somebody asks for it: see [WithNamed],
	// and for progress [Judges.Demand].
	OnDemand bool

	// Inner says that it is about what goes on within instances, not about what clients see.
	// Of an instance that a program plays that is known only as far as that speaks Skinny's
	// protocol: else it is [NotJudged].
	Inner bool

	New func() Judge `json:"-"` // for one that is not judged always

	of func(*Judges) Judge // for one that is, and for progress
}

// The names of the properties.
const (
	MutualExclusion = "mutual-exclusion"
	Agreement       = "agreement"
	Acknowledged    = "acknowledged"
	PromiseKept     = "promise-kept"
	Durability      = "durability"
	Linearizability = "linearizability"
	ReadsName       = "linearizable-reads"
	ProgressName    = "progress"
)

// properties is the register, in the order of the verdicts, which means nothing else.
var properties = [...]Property{
	{Name: MutualExclusion, Severity: 0, Broken: "Two clients hold the lock at once",
		About: "No client is told acquired while another one holds the lock.",
		of:    func(j *Judges) Judge { return &j.mutualExclusion }},
	{Name: Agreement, Severity: 1, Inner: true, Broken: "One ID with two holders",
		About: "No ID is committed, nor chosen, with two different holders.",
		of:    func(j *Judges) Judge { j.agreement.tally = &j.tally; return &j.agreement }},
	{Name: Acknowledged, Severity: 4, Inner: true, Broken: "A client is told yes, and no majority has accepted it",
		About: "No client is told acquired or released unless a majority has accepted exactly that.",
		of:    func(j *Judges) Judge { j.acknowledged.tally = &j.tally; return &j.acknowledged }},
	{Name: PromiseKept, Severity: 5, Inner: true, Broken: "A promise is broken",
		About: "No instance promises or accepts an ID below one that it has promised, restarts included.",
		of:    func(j *Judges) Judge { return &j.promiseKept }},
	{Name: Durability, Severity: 3, Inner: true, Broken: "Something that was accepted is lost",
		About: "What a majority has accepted is the base of every later commit, and no instance's accepted ID goes back, restarts included.",
		of:    func(j *Judges) Judge { j.durability.tally = &j.tally; return &j.durability }},
	{Name: Linearizability, Severity: 2, Broken: "Answers that no single lock would give",
		About: "The answers are those of a single lock that takes the operations one after the other, each between its call and its answer.",
		of:    func(j *Judges) Judge { return &j.linearizability }},
	{Name: ProgressName, Severity: 6, Broken: "A client waits in vain", Timed: true, OnDemand: true,
		About: "When nothing goes wrong any more, every client that waits is answered within a bound, and a new one is not told unknown.",
		of:    func(j *Judges) Judge { return &j.progress }},
	{Name: ReadsName, Severity: 7, Broken: "Answers that no single lock would give, statuses included", OnDemand: true,
		About: "What a status says is what a single lock would say, too; it reads one instance only, so nothing promises that.",
		New:   func() Judge { return &linearizability{reads: true} }},
}

// Properties lists all properties of the register.
func Properties() []Property { return append([]Property(nil), properties[:]...) }

// PropertyByName finds a property of the register, or of those that are added.
func PropertyByName(name string, own ...Property) (Property, bool) {
	for _, p := range append(Properties(), own...) {
		if p.Name == name {
			return p, true
		}
	}
	return Property{}, false
}

// WithNamed adds to properties of one's own those of the register that are judged on
// demand and are named, progress excepted, which needs more than a name.
func WithNamed(own []Property, names ...string) []Property {
	for _, p := range properties {
		named := func(q Property) bool { return q.Name == p.Name }
		if p.OnDemand && p.New != nil && slices.Contains(names, p.Name) && !slices.ContainsFunc(own, named) {
			own = append(slices.Clip(own), p)
		}
	}
	return own
}
