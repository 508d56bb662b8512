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
	bounds
)

var boundNames = [bounds]string{"losses", "duplications", "timeouts", "crashes", "restarts", "retries"}

func (b Bound) String() string { return boundNames[b] }

// Limits says how much of each bound a search allows.
type Limits [bounds]uint8

// MaxLimit is the largest number that a limit can have.
const MaxLimit = 200

// DefaultLimits finish in seconds for three instances and two clients.
func DefaultLimits() Limits {
	return Limits{Losses: 1, Timeouts: 1, Crashes: 0, Restarts: 0, Retries: 1}
}

// Bounds lists all bounds.
func Bounds() []Bound {
	var list []Bound
	for b := range bounds {
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
