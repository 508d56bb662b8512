package search

import "math/bits"

// Model is what is searched.
type Model interface {
	// Identity says what is searched, in one line: settings with "; " between
	// them. A saved search goes on only with a model of the same identity.
	Identity() string

	// Properties lists what is asked of the states, at most 32 properties. Their
	// indexes are those of the bits of Marks.
	Properties() []Property

	// Bounds names what may keep Expand from following every way. Their indexes
	// are those of Out.Cut.
	Bounds() []string

	// Explorer makes what one goroutine explores the model with. All explorers of
	// a model give the same answers.
	Explorer() Explorer
}

// Explorer says what a model can do. It is used by one goroutine at a time.
type Explorer interface {
	// Initial adds the states in which the model may begin.
	Initial(out *Out)

	// Expand adds all states that can follow from a state, in an order that
	// depends on nothing but the state.
	Expand(state []byte, out *Out)
}

// Kind says what is asked of a property.
type Kind uint8

// The kinds of properties.
const (
	Always    Kind = iota // a state that has its mark violates it
	Sometimes             // at least one state has its mark, or else the search has shown little
	Progress              // a state from which nothing follows, though something should, violates it
)

// Property is something that is asked of the states of a model.
type Property struct {
	Name string
	Kind Kind
}

// Marks is the set of properties that a state violates (Always) or reaches
// (Sometimes). What it violates has to follow from its bytes; what it reaches may
// also be a matter of the way to it.
type Marks uint32

// Has reports whether a property is marked.
func (m Marks) Has(property int) bool { return m>>property&1 != 0 }

// first is the property with the lowest index of those that are marked.
func (m Marks) first() int { return bits.TrailingZeros32(uint32(m)) }

// Mark is the set of one property.
func Mark(property int) Marks { return 1 << property }

// marksOf is the properties of a kind.
func marksOf(m Model, kind Kind) Marks {
	var set Marks
	for i, p := range m.Properties() {
		if p.Kind == kind {
			set |= Mark(i)
		}
	}
	return set
}

// Out takes what an explorer finds.
type Out struct {
	bytes  []byte
	states []found
	cut    []uint64
	stuck  bool
	failed error
}

// found is a state that an explorer has added.
type found struct {
	end   int // of its bytes, which begin where those of the one before end
	marks Marks
}

func newOut(m Model) *Out { return &Out{cut: make([]uint64, len(m.Bounds()))} }

// Buffer is where the bytes of the next state go: append them and give the result
// to Add.
func (o *Out) Buffer() []byte { return o.bytes }

// Add adds the state whose bytes were appended to Buffer.
func (o *Out) Add(buffer []byte, marks Marks) {
	o.bytes = buffer
	o.states = append(o.states, found{len(buffer), marks})
}

// Len is the number of states that were added.
func (o *Out) Len() int { return len(o.states) }

// State is one of the states that were added, valid until the next one is.
func (o *Out) State(n int) []byte {
	start := 0
	if n > 0 {
		start = o.states[n-1].end
	}
	return o.bytes[start:o.states[n].end:o.states[n].end]
}

// Marks is what is marked of one of the states that were added.
func (o *Out) Marks(n int) Marks { return o.states[n].marks }

// Cut notes that a bound kept ways from being followed.
func (o *Out) Cut(bound int, ways uint64) { o.cut[bound] += ways }

// Stuck notes that nothing follows from the state, though something should.
func (o *Out) Stuck() { o.stuck = true }

// Fail notes that the model cannot go on, by which the search ends.
func (o *Out) Fail(err error) { o.failed = err }

// Reset forgets the states that were added.
func (o *Out) Reset() {
	o.bytes, o.states = o.bytes[:0], o.states[:0]
	o.stuck, o.failed = false, nil
}
