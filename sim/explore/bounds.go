package explore

// Bound is something of which a search allows only so much.
type Bound int

// The bounds.
const (
	Losses       Bound = iota // messages lost
	Duplications              // messages duplicated
	Timeouts                  // deadlines of phases that pass
	Crashes                   // of instances
	Restarts                  // of instances that have crashed
	Retries                   // rounds that are tried again
	Wipes                     // disks of instances that are lost
	Tears                     // crashes by which what was stored last is lost

	NumBounds = iota // how many there are
)

// boundRows is the table of the bounds: flags, keys, help and reports follow from it.
var boundRows = [NumBounds]struct {
	name, about string
	usual       uint8 // with which searches finish in seconds for three instances and two clients
}{
	Losses:       {"losses", "Messages that may be lost.", 1},
	Duplications: {"duplications", "Messages that may be duplicated.", 0},
	Timeouts:     {"timeouts", "Deadlines of phases that may pass.", 1},
	Crashes:      {"crashes", "Instances that may crash, one counted again each time.", 0},
	Restarts:     {"restarts", "Crashed instances that may restart.", 0},
	Retries:      {"retries", "Rounds that may be tried again.", 1},
	Wipes:        {"wipes", "Instances that may lose their disk, and crash by that.", 0},
	Tears:        {"tears", "Instances that may crash and lose what they stored last.", 0},
}

func (b Bound) String() string { return boundRows[b].name }

// About is what a bound is about, in a sentence.
func (b Bound) About() string { return boundRows[b].about }

// Limits says how much of each bound a search allows.
type Limits [NumBounds]uint8

// Stop reports whether an instance may stop, so that one can restart.
func (l *Limits) Stop() bool { return l[Crashes] > 0 || l[Wipes] > 0 || l[Tears] > 0 }

// MaxLimit is the largest number that a limit can have.
const MaxLimit = 200

// DefaultLimits are the usual limits of all bounds.
func DefaultLimits() (l Limits) {
	for b := range l {
		l[b] = boundRows[b].usual
	}
	return l
}

// Bounds lists all bounds.
func Bounds() (list []Bound) {
	for b := range Bound(NumBounds) {
		list = append(list, b)
	}
	return list
}

// Reductions says which states and transitions are left out because others stand
// for them. All are sound for all properties. The zero Reductions leaves nothing
// out.
type Reductions struct {
	// Stale forgets messages that can have no effect any more: answers that
	// nobody counts, and requests that will be refused and whose answer nobody
	// counts.
	Stale bool

	// Instances takes instances that no client calls for interchangeable. They
	// differ in their names only, since they never propose, so their positions and
	// increments do not matter; and all peers are asked at once (rule concurrent).
	Instances bool

	// Clients takes clients for interchangeable that make the same calls to the
	// same instances.
	Clients bool

	// Past forgets what the properties have kept of IDs that nobody can use any
	// more.
	Past bool
}

// AllReductions has all of them.
func AllReductions() Reductions { return Reductions{true, true, true, true} }
