package check

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

	New func() Judge // for one that is not of the register

	of func(*Judges) Judge // for one that is
}

// The names of the properties.
const (
	MutualExclusion = "mutual-exclusion"
	Agreement       = "agreement"
	Acknowledged    = "acknowledged"
	PromiseKept     = "promise-kept"
	Durability      = "durability"
	Linearizability = "linearizability"
	ProgressName    = "progress" // the property that is only judged where it is demanded
)

// properties is the register. Their order is that of the verdicts, and means nothing
// else.
var properties = [...]Property{
	{Name: MutualExclusion, Severity: 0, Broken: "Two clients hold the lock at once",
		About: "No client is told acquired while another one holds the lock.",
		of:    func(j *Judges) Judge { return &j.mutualExclusion }},
	{Name: Agreement, Severity: 1, Broken: "One ID with two holders",
		About: "No ID is committed, nor chosen, with two different holders.",
		of:    func(j *Judges) Judge { j.agreement.tally = &j.tally; return &j.agreement }},
	{Name: Acknowledged, Severity: 4, Broken: "A client is told yes, and no majority has accepted it",
		About: "No client is told acquired or released unless a majority has accepted exactly that.",
		of:    func(j *Judges) Judge { j.acknowledged.tally = &j.tally; return &j.acknowledged }},
	{Name: PromiseKept, Severity: 5, Broken: "A promise is broken",
		About: "No instance promises or accepts an ID below one that it has promised, restarts included.",
		of:    func(j *Judges) Judge { return &j.promiseKept }},
	{Name: Durability, Severity: 3, Broken: "Something that was accepted is lost",
		About: "What a majority has accepted is the base of every later commit, and no instance's accepted ID goes back, restarts included.",
		of:    func(j *Judges) Judge { j.durability.tally = &j.tally; return &j.durability }},
	{Name: Linearizability, Severity: 2, Broken: "Answers that no single lock would give",
		About: "The answers are those of a single lock that takes the operations one after the other, each between its call and its answer.",
		of:    func(j *Judges) Judge { return &j.linearizability }},
	{Name: ProgressName, Severity: 6, Broken: "A client waits in vain", Timed: true,
		About: "When nothing goes wrong any more, every client that waits is answered within a bound, and a new one is not told unknown.",
		of:    func(j *Judges) Judge { return &j.progress }},
}

// Properties lists all properties of the register, in the order of the verdicts.
// Progress is only judged where it is demanded: see [Judges.Demand].
func Properties() []Property { return append([]Property(nil), properties[:]...) }

// PropertyByName finds a property of the register, or of those that are added.
func PropertyByName(name string, own ...Property) (Property, bool) {
	for _, list := range [][]Property{properties[:], own} {
		for _, p := range list {
			if p.Name == name {
				return p, true
			}
		}
	}
	return Property{}, false
}
