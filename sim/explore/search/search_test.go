package search

import (
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"io"
	"math/rand/v2"
	"reflect"
	"slices"
	"strings"
	"testing"
)

// jugs is two jugs, of three and five litres, that are filled, emptied and poured
// into each other until four litres are measured: a puzzle that is counted by hand.
//
//	start (0,0); 1: (3,0) (0,5); 2: (0,3) (3,5) (3,2); 3: (3,3) (0,2); 4: (1,5) (2,0);
//	5: (1,0) (2,5); 6: (0,1) (3,4), which measures four
//
// Going on from there: 7: (3,1) (0,4); 8: (3,1) was met at 7, (0,4) leads to it by
// pouring only what is there: nothing is new. So 16 states, and since each has six
// moves, 16 × 6 + 1 = 97 are generated.
type jugs struct{}

func (jugs) Identity() string       { return "jugs" }
func (jugs) Properties() []Property { return []Property{{"four", Always}} }
func (jugs) Bounds() []string       { return nil }
func (jugs) Explorer() Explorer     { return jugs{} }
func (jugs) Initial(out *Out)       { addJugs(out, 0, 0) }

func addJugs(out *Out, small, large byte) {
	var marks Marks
	if large == 4 {
		marks = Mark(0)
	}
	out.Add(append(out.Buffer(), small, large), marks)
}

func (jugs) Expand(state []byte, out *Out) {
	small, large := state[0], state[1]
	addJugs(out, 3, large)
	addJugs(out, small, 5)
	addJugs(out, 0, large)
	addJugs(out, small, 0)
	pour := min(small, 5-large)
	addJugs(out, small-pour, large+pour)
	pour = min(3-small, large)
	addJugs(out, small+pour, large-pour)
}

// calm is a model without its Always properties.
type calm struct{ Model }

func (c calm) Properties() []Property {
	list := c.Model.Properties()
	for i := range list {
		list[i].Kind = Sometimes
	}
	return list
}

// searches are all ways to search.
var searches = []struct {
	name   string
	search func(Model, Options) (*Result, error)
}{
	{"breadth", BreadthFirst}, {"depth", DepthFirst}, {"deepening", Deepening},
}

func TestJugs(t *testing.T) {
	for _, s := range searches {
		r, err := s.search(calm{jugs{}}, Options{})
		if err != nil {
			t.Fatal(err)
		}
		if r.Ending != Exhausted || r.Distinct != 16 || r.Expanded != 16 || s.name != "deepening" && r.Total != 97 ||
			s.name != "depth" && r.Depth != 7 || r.Reached != Mark(0) {
			t.Errorf("%s: %+v", s.name, *r)
		}
		r, err = s.search(jugs{}, Options{})
		if err != nil {
			t.Fatal(err)
		}
		if r.Ending != Violated || r.Violation == nil {
			t.Fatalf("%s: %+v", s.name, *r)
		}
		checkPath(t, jugs{}, r.Violation.Path)
		if n := len(r.Violation.Path) - 1; s.name != "depth" && n != 6 {
			t.Errorf("%s: the way has %d steps, and six are enough", s.name, n)
		}
	}
}

// checkPath checks that each state follows from the one before, and that the last
// one violates a property.
func checkPath(t *testing.T, m Model, path [][]byte) {
	t.Helper()
	explorer, out := m.Explorer(), newOut(m)
	explorer.Initial(out)
	for i, state := range path {
		at := -1
		for n := range out.Len() {
			if bytes.Equal(out.State(n), state) {
				at = n
			}
		}
		if at < 0 {
			t.Fatalf("step %d does not follow", i)
		}
		if violates := out.Marks(at)&marksOf(m, Always) != 0; violates != (i == len(path)-1) {
			t.Fatalf("step %d of %d: violates is %v", i, len(path)-1, violates)
		}
		out.Reset()
		explorer.Expand(state, out)
	}
}

// grid is a large model with many ways to the same states: counters that go up one
// at a time, with a violation somewhere and a bound.
type grid struct {
	counters, top int
	bad           []byte
}

func (g *grid) Identity() string       { return fmt.Sprintf("grid %d %d", g.counters, g.top) }
func (g *grid) Properties() []Property { return []Property{{"bad", Always}, {"ends", Progress}} }
func (g *grid) Bounds() []string       { return []string{"top"} }
func (g *grid) Explorer() Explorer     { return g }
func (g *grid) Initial(out *Out)       { out.Add(append(out.Buffer(), make([]byte, g.counters)...), 0) }

func (g *grid) Expand(state []byte, out *Out) {
	for i := range state {
		if int(state[i]) == g.top {
			out.Cut(0, 1)
			continue
		}
		b := append(out.Buffer(), state...)
		last := b[len(b)-len(state):]
		last[i]++
		var marks Marks
		if g.bad != nil && bytes.Equal(last, g.bad) {
			marks = Mark(0)
		}
		out.Add(b, marks)
	}
}

// All results are the same whatever the number of workers.
func TestWorkers(t *testing.T) {
	for _, bad := range [][]byte{nil, {5, 0, 4, 3, 1, 2}} {
		g := &grid{6, 6, bad}
		want, err := BreadthFirst(g, Options{Workers: 1})
		if err != nil {
			t.Fatal(err)
		}
		want.Bytes, want.Peak = 0, 0
		for _, workers := range []int{2, 3, 8} {
			for range 2 {
				got, err := BreadthFirst(g, Options{Workers: workers})
				if err != nil {
					t.Fatal(err)
				}
				got.Bytes, got.Peak = 0, 0
				if !reflect.DeepEqual(want, got) {
					t.Fatalf("%d workers: %+v, one: %+v", workers, *got, *want)
				}
			}
		}
		if bad != nil {
			if n := len(want.Violation.Path) - 1; n != 15 {
				t.Errorf("%d steps to a state that is 15 away", n)
			}
			checkPath(t, g, want.Violation.Path)
		} else if want.Distinct != 7*7*7*7*7*7 || want.Cut[0] != 6*7*7*7*7*7 {
			t.Errorf("%+v", *want)
		}
	}
}

// The ways to search agree, with and without a limit of depth.
func TestSearchesAgree(t *testing.T) {
	for _, m := range []Model{calm{jugs{}}, &grid{4, 3, nil}, paxos{}, &twoPhase{3, false}} {
		for _, depth := range []int{0, 1, 2, 5, 9, 50} {
			want, err := BreadthFirst(m, Options{Depth: depth})
			if err != nil {
				t.Fatal(err)
			}
			for _, s := range searches[1:] {
				got, err := s.search(m, Options{Depth: depth})
				if err != nil {
					t.Fatal(err)
				}
				if got.Ending != want.Ending || got.Distinct != want.Distinct || got.Expanded != want.Expanded ||
					got.Reached != want.Reached || !reflect.DeepEqual(got.Cut, want.Cut) {
					t.Errorf("%s, %s to depth %d: %+v, breadth first %+v", m.Identity(), s.name, depth, *got, *want)
				}
				// The farthest state may be met by a way that is not the shortest.
				if got.Depth < want.Depth || got.Depth > want.Depth && s.name != "depth" {
					t.Errorf("%s, %s to depth %d: %d deep, breadth first %d", m.Identity(), s.name, depth, got.Depth, want.Depth)
				}
			}
		}
	}
}

// A search that is stopped after each of its rounds, saved and taken up again by
// another number of workers ends like one that was never stopped.
func TestSaveAndResume(t *testing.T) {
	g := &grid{6, 6, []byte{5, 6, 6, 3, 6, 6}}
	want, err := BreadthFirst(g, Options{})
	if err != nil {
		t.Fatal(err)
	}
	rounds := 0
	every := func(o Options) Options {
		asked := 0
		o.Stop = func() bool { asked++; return asked > 3 }
		return o
	}
	s := New(g, every(Options{Workers: 1}))
	for {
		got, err := s.Run()
		if err != nil {
			t.Fatal(err)
		}
		if got.Ending != Interrupted {
			got.Bytes, want.Bytes, got.Peak, want.Peak = 0, 0, 0, 0
			if !reflect.DeepEqual(got, want) {
				t.Errorf("%+v, in one go %+v", *got, *want)
			}
			break
		}
		rounds++
		var file bytes.Buffer
		if err := s.Save(&file); err != nil {
			t.Fatal(err)
		}
		whole := file.Bytes()
		if _, err := Resume(&grid{6, 7, nil}, Options{}, bytes.NewReader(whole)); err == nil {
			t.Fatal("the search of another model was taken up")
		}
		if _, err := Resume(g, Options{}, bytes.NewReader(whole[:len(whole)-1])); err == nil {
			t.Fatal("a file that was cut off was read")
		}
		if rounds < 5 {
			checkDamage(t, g, whole)
		}
		if s, err = Resume(g, every(Options{Workers: rounds%3 + 1}), bytes.NewReader(whole)); err != nil {
			t.Fatal(err)
		}
	}
	if rounds < 10 {
		t.Errorf("it was stopped only %d times", rounds)
	}
}

// checkDamage checks that a file with a wrong byte, wherever it is, is not taken up,
// and that it does no harm.
func checkDamage(t *testing.T, m Model, whole []byte) {
	t.Helper()
	for at := 0; at < len(whole); at += 1 + at/8 {
		for _, bit := range []byte{0x01, 0x80} {
			whole[at] ^= bit
			if _, err := Resume(m, Options{}, bytes.NewReader(whole)); err == nil {
				t.Fatalf("a file with another byte %d of %d was read", at, len(whole))
			}
			whole[at] ^= bit
		}
	}
}

// Whatever a file says whose checksum is right: it is taken up and goes on to an end, or
// it is refused.
// Blocks that say wrongly how many states they have are refused, even if their sum is right.
func TestCountsOfBlocksAreChecked(t *testing.T) {
	g := &grid{4, 4, nil}
	asked := 0
	s := New(g, Options{Workers: 1, Stop: func() bool { asked++; return asked > 7 }})
	if _, err := s.Run(); err != nil {
		t.Fatal(err)
	}
	var blocks []*block
	for _, f := range append([]frontier{s.level[s.at:]}, s.next[:]...) {
		for i := range f {
			blocks = append(blocks, &f[i])
		}
	}
	blocks[0].count++
	blocks[1].count--
	var file bytes.Buffer
	if err := s.Save(&file); err != nil {
		t.Fatal(err)
	}
	if _, err := Resume(g, Options{Workers: 1}, bytes.NewReader(file.Bytes())); err == nil || !strings.Contains(err.Error(), "number of states") {
		t.Errorf("the error is %v", err)
	}
}

func TestNonsenseIsRefused(t *testing.T) {
	g := &grid{4, 4, nil}
	asked := 0
	s := New(g, Options{Workers: 1, Stop: func() bool { asked++; return asked > 7 }})
	if r, err := s.Run(); err != nil || r.Ending != Interrupted {
		t.Fatal(err, r)
	}
	var file bytes.Buffer
	if err := s.Save(&file); err != nil {
		t.Fatal(err)
	}
	refused := 0
	random := rand.New(rand.NewPCG(1, 2))
	for range 1000 {
		forged := bytes.Clone(file.Bytes()[:file.Len()-sha256.Size])
		for range 1 + random.IntN(3) {
			forged[len(magic)+random.IntN(len(forged)-len(magic))] ^= 1 << random.IntN(8)
		}
		sum := sha256.Sum256(forged)
		again, err := Resume(g, Options{Workers: 1}, bytes.NewReader(append(forged, sum[:]...)))
		if err != nil {
			refused++
		} else if r, err := again.Run(); err == nil && r.Ending != Exhausted {
			t.Fatalf("it ended with %+v", *r)
		}
	}
	if refused < 400 {
		t.Errorf("only %d of 1000 are refused", refused)
	}
}

// What another version has saved is called so, and not something else.
func TestOtherVersionIsRefused(t *testing.T) {
	other := []byte(kind + "2 and so on")
	if !IsSaved(bytes.NewReader(other)) {
		t.Error("it is not taken for a saved search")
	}
	for text, want := range map[string]string{string(other): "another version", kind: "damaged", "format: 1\n": "no saved search", magic[1:]: "no saved search"} {
		if _, err := Resume(&grid{4, 4, nil}, Options{Workers: 1}, strings.NewReader(text)); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("of %q it says %v", text, err)
		}
	}
}

// A search that is stopped in the level in which it has met a violation tells it,
// and is not saved: one that goes on would not meet it again.
func TestStoppedAfterViolation(t *testing.T) {
	g := &grid{7, 6, []byte{3, 3, 3, 3, 3, 3, 2}}
	violated := false
	var s *Search
	s = New(g, Options{Stop: func() bool { violated = len(s.violated) > 0; return violated }})
	r, err := s.Run()
	if err != nil {
		t.Fatal(err)
	}
	if !violated || r.Ending != Interrupted || r.Violation == nil {
		t.Fatalf("%+v", *r)
	}
	checkPath(t, g, r.Violation.Path)
	if err := s.Save(io.Discard); err == nil {
		t.Error("it was saved")
	}
}

// What an identity differs in is named, a line each.
func TestDifferences(t *testing.T) {
	for asked, want := range map[string]string{
		"x on; losses 1; crashes 1": "\n  saved with losses 2, asked for losses 1\n  saved with crashes 0, asked for crashes 1",
		"x on; losses 2; crashes 3": "\n  saved with crashes 0, asked for crashes 3",
		"managers 2":                "\n  saved with x on; losses 2; crashes 0, asked for managers 2",
	} {
		if got := differences("x on; losses 2; crashes 0", asked); got != want {
			t.Errorf("of %s: %s, want %s", asked, got, want)
		}
	}
}

// The limit of memory is kept.
func TestMemory(t *testing.T) {
	g := &grid{7, 7, nil}
	for _, s := range searches {
		r, err := s.search(g, Options{Memory: 5 << 20})
		if err != nil {
			t.Fatal(err)
		}
		if r.Ending != OutOfMemory || r.Bytes > 5<<20+5<<18 || r.Peak < r.Bytes || r.Distinct < 10_000 {
			t.Errorf("%s: %+v", s.name, *r)
		}
	}
}

// A state from which nothing follows though something should.
type trap struct{ jugs }

func (trap) Properties() []Property { return []Property{{"x", Sometimes}, {"progress", Progress}} }
func (trap) Explorer() Explorer     { return trap{} }

func (t trap) Expand(state []byte, out *Out) {
	if state[1] == 4 {
		out.Stuck()
		return
	}
	t.jugs.Expand(state, out)
}

func TestStuck(t *testing.T) {
	for _, s := range searches {
		r, err := s.search(trap{}, Options{})
		if err != nil {
			t.Fatal(err)
		}
		if r.Ending != Violated || r.Violation.Property != 1 || s.name != "depth" && len(r.Violation.Path) != 7 {
			t.Errorf("%s: %+v", s.name, *r)
		}
	}
}

// fork has two ways from its beginning: one to a state from which nothing follows, and a
// longer one to a bad state.
type fork struct{ salt byte }

func (f fork) Identity() string       { return "fork" }
func (f fork) Properties() []Property { return []Property{{"bad", Always}, {"progress", Progress}} }
func (f fork) Bounds() []string       { return nil }
func (f fork) Explorer() Explorer     { return f }
func (f fork) Initial(out *Out)       { out.Add(append(out.Buffer(), f.salt, 0), 0) }

func (f fork) Expand(state []byte, out *Out) {
	switch state[1] {
	case 0:
		out.Add(append(out.Buffer(), f.salt, 1), 0)
		out.Add(append(out.Buffer(), f.salt, 2), 0)
	case 1:
		out.Add(append(out.Buffer(), f.salt, 3), Mark(0))
	case 2:
		out.Stuck()
	}
}

// begun is fork with a bad beginning.
type begun struct{ fork }

func (b begun) Explorer() Explorer { return b }
func (b begun) Initial(out *Out)   { out.Add(append(out.Buffer(), b.salt, 0), Mark(0)) }

// Where the beginning is bad already, it is all that is told, and nothing is expanded.
func TestViolatedAtOnce(t *testing.T) {
	for _, s := range searches {
		r, err := s.search(begun{}, Options{})
		if err != nil || r.Ending != Violated || r.Violation.Property != 0 || len(r.Violation.Path) != 1 || r.Expanded != 0 || r.Distinct != 1 || r.Depth != 0 {
			t.Errorf("%s: %v, %+v", s.name, err, *r)
		}
	}
}

// Of the violations that one level brings to light the nearest is told, whatever their
// hashes.
func TestNearestViolation(t *testing.T) {
	for salt := range byte(64) {
		r, err := BreadthFirst(fork{salt}, Options{})
		if err != nil || r.Violation == nil || r.Violation.Property != 1 || len(r.Violation.Path) != 2 {
			t.Fatalf("%v: %+v", err, *r)
		}
	}
}

// A state whose hash begins as that of a parent on the way does not lead astray, wherever
// it stands, whatever it says of its own parent.
func TestParentsAlike(t *testing.T) {
	for _, parent := range []uint64{0, 1, maxValue} {
		for _, side := range []uint64{0, 1<<(64-valueBits) - 1} {
			m := jugs{}
			b := New(m, Options{})
			r, err := b.Run()
			if err != nil || r.Violation == nil {
				t.Fatal(err)
			}
			last := len(r.Violation.Path) - 1
			for _, state := range r.Violation.Path[:last] {
				k := hash(state)
				twin := key{k.brief()<<(64-valueBits) | side, k.low}
				b.tables[k.part()].insert(twin, parent)
			}
			if path := b.path(hash(r.Violation.Path[last])); !slices.EqualFunc(path, r.Violation.Path, bytes.Equal) {
				t.Errorf("twins with the parent %x: %x", parent, path)
			}
		}
	}
}

// A table holds what was put into it, however it grew, in at most 21 bytes a
// state, once it is large, and the room at its end.
func TestTable(t *testing.T) {
	var table table
	table.reset(firstHomes)
	const count = 300_000
	name := func(n int) key { return hash(binary.LittleEndian.AppendUint32(nil, uint32(n))) }
	for n := range count {
		k := name(n)
		k.high = k.high>>partBits | 5<<(64-partBits) // one part, as in a search
		if _, fresh := table.insert(k, uint64(n)); !fresh {
			t.Fatalf("%d was there already", n)
		}
		if n > 50_000 && float64(table.bytes()) > 20.7*float64(n)+entryBytes*spare {
			t.Fatalf("%d bytes for %d states", table.bytes(), n)
		}
	}
	// Keys that share a half are told apart by the other one.
	for _, k := range []key{{1 << 50, 1 << valueBits}, {1 << 50, 2 << valueBits}, {1<<50 + 1, 1 << valueBits}} {
		if _, fresh := table.insert(k, 0); !fresh {
			t.Fatalf("%+v was there already", k)
		}
	}
	for n := range 2 * count {
		k := name(n)
		k.high = k.high>>partBits | 5<<(64-partBits)
		at, known := table.find(k)
		if known != (n < count) || known && table.entries[at].value() != uint64(n) {
			t.Fatalf("%d: known %v", n, known)
		}
		at = table.place(k.high)
		if ok := table.entries[at].high == k.high; ok != known || ok && table.entries[at].value() != uint64(n) {
			t.Fatalf("%d by the upper half of its hash: %v", n, ok)
		}
	}
}

// A table whose last homes are crowded grows before it is full, as often as it takes,
// and loses nothing.
func TestTableIsFullAtItsEnd(t *testing.T) {
	const last, homes = 1<<58 - 1, 1024 // the last hash of a part
	for _, count := range []uint64{spare, spare + 1, spare + 2, 3 * spare} {
		var table table
		table.reset(homes)
		crowd := func(n uint64) key { return key{last - n*(last/homes/count), n << valueBits} }
		for n := range count {
			if _, fresh := table.insert(crowd(n), n); !fresh {
				t.Fatalf("%d of %d was there already", n, count)
			}
		}
		for n := range count {
			if at, known := table.find(crowd(n)); !known || table.entries[at].value() != n {
				t.Errorf("%d of %d is lost", n, count)
			}
		}
		if grew := table.homes > homes; grew != (count > spare+1) || table.used != int(count) {
			t.Errorf("%d homes for %d of %d states", table.homes, table.used, count)
		}
	}
}

// Every bit of a state turns about half of the bits of its hash.
func TestHash(t *testing.T) {
	for _, size := range []int{1, 3, 4, 7, 8, 9, 15, 16, 17, 31, 32, 33, 80} {
		for bit := range 8 * size {
			var turned [hashBits]int
			const tries = 100
			for n := range tries {
				b := make([]byte, size)
				for i := range b {
					b[i] = byte(n * (i + 1) * 37)
				}
				x := hash(b)
				b[bit/8] ^= 1 << (bit % 8)
				y := hash(b)
				for i := range 64 {
					turned[i] += int((x.high ^ y.high) >> i & 1)
				}
				for i := range hashBits - 64 {
					turned[64+i] += int((x.low ^ y.low) >> (valueBits + i) & 1)
				}
			}
			for i, n := range turned {
				if n < tries/5 || n > tries*4/5 {
					t.Fatalf("bit %d of %d bytes turns bit %d of the hash in %d of %d", bit, size, i, n, tries)
				}
			}
		}
	}
	if hash([]byte{0}) == hash([]byte{0, 0}) || hash(nil) == hash([]byte{0}) {
		t.Error("zeros of other lengths have the same hash")
	}
}
