package search

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"math"
	"slices"
	"strings"
	"testing"
)

// altered is a grid whose explorer does something else in some states.
type altered struct {
	grid
	expand func(state []byte, out *Out) (instead bool)
}

func (a *altered) Explorer() Explorer { return a }

func (a *altered) Expand(state []byte, out *Out) {
	if !a.expand(state, out) {
		a.grid.Expand(state, out)
	}
}

// A model that cannot go on ends every search with its error; of several the one that is met
// first is told, whatever the number of workers.
func TestModelFails(t *testing.T) {
	m := &altered{grid: grid{5, 5, nil}, expand: func(state []byte, out *Out) bool {
		if state[0] == 3 && state[1] > 2 {
			out.Fail(fmt.Errorf("no way on from %v", state))
		}
		return false
	}}
	for _, s := range searches {
		if r, err := s.search(m, Options{}); err == nil || r != nil || !strings.HasPrefix(err.Error(), "no way on from [3 ") {
			t.Errorf("%s: %+v, %v", s.name, r, err)
		}
	}
	_, want := BreadthFirst(m, Options{Workers: 1})
	for _, workers := range []int{2, 7} {
		if _, err := BreadthFirst(m, Options{Workers: workers}); err == nil || err.Error() != want.Error() {
			t.Errorf("%d workers: %v, one: %v", workers, err, want)
		}
	}
	// What failed was no state without successors, and what comes before it has been expanded.
	later := errors.New("later")
	m.expand = func(state []byte, out *Out) bool {
		if slices.Max(state) == 2 {
			out.Fail(later)
		}
		return false
	}
	if _, err := DepthFirst(m, Options{Depth: 2}); err != nil {
		t.Errorf("what is not expanded fails: %v", err)
	}
	if _, err := Deepening(m, Options{Depth: 3}); err != later {
		t.Errorf("the error is %v", err)
	}
}

// A search tells now and then how far it has come: what it tells grows, and adds up.
func TestProgress(t *testing.T) {
	for _, s := range searches {
		told := 0
		var last Result
		m := &grid{6, 6, nil}
		r, err := s.search(m, Options{Depth: 15, Progress: func(r *Result) {
			told++
			again := s.name == "deepening" && r.Distinct < last.Distinct // which begins anew
			if r.Ending != Running || r.Frontier() != r.Distinct-r.Expanded || r.Left > r.Frontier() || r.Bytes == 0 || r.Peak < r.Bytes ||
				!again && (r.Distinct < last.Distinct || r.Expanded < last.Expanded || r.Depth < last.Depth) || r.Total < last.Total || s.name == "breadth" && r.Left == 0 {
				t.Fatalf("%s: after %+v it tells %+v", s.name, last, *r)
			}
			last = *r
		}})
		if err != nil || told < 3 || s.name == "depth" && told > int(r.Expanded/1000) || r.Ending != TooDeep {
			t.Errorf("%s: it tells %d times: %v, %+v", s.name, told, err, r)
		}
	}
}

// What is left of a level gets less by what is expanded of it, and the next one begins when
// nothing is.
func TestLeft(t *testing.T) {
	var before Result
	within := 0
	r, err := BreadthFirst(&grid{9, 3, nil}, Options{Workers: 1, Progress: func(r *Result) {
		switch expanded := r.Expanded - before.Expanded; {
		case before.Left > expanded:
			if within++; r.Left != before.Left-expanded {
				t.Errorf("%d are left after %d of %d", r.Left, expanded, before.Left)
			}
		case before.Left < expanded || r.Left != r.Frontier():
			t.Errorf("%d of %d are expanded, and then %d are left of %d", expanded, before.Left, r.Left, r.Frontier())
		}
		before = *r
	}})
	if err != nil || r.Ending != Exhausted || r.Left != 0 || within == 0 {
		t.Errorf("%v, %+v, %d times within a level", err, *r, within)
	}
}

// Every search ends when it is told to.
func TestStop(t *testing.T) {
	for _, s := range searches {
		asked := 0
		r, err := s.search(&grid{6, 6, nil}, Options{Stop: func() bool { asked++; return asked == 3 }})
		if err != nil || r.Ending != Interrupted || asked != 3 || r.Violation != nil || r.Expanded == 0 {
			t.Errorf("%s, asked %d times: %v, %+v", s.name, asked, err, r)
		}
	}
}

// In a grid every way to a state is equally long, so each is expanded once up to a limit. A
// search that deepens its limit makes the searches of all limits, and counts what they generate.
func TestTotals(t *testing.T) {
	m := &grid{4, 3, nil}
	sum := uint64(0)
	for depth := 1; depth <= 13; depth++ {
		want, err := BreadthFirst(m, Options{Depth: depth})
		if err != nil {
			t.Fatal(err)
		}
		sum += want.Total
		if r, err := DepthFirst(m, Options{Depth: depth}); err != nil || r.Total != want.Total {
			t.Errorf("to depth %d: %+v, breadth first %+v: %v", depth, r, want, err)
		}
		if r, err := Deepening(m, Options{Depth: depth}); err != nil || r.Total != sum {
			t.Errorf("deepening to %d: %d are generated, in all searches %d: %v", depth, r.Total, sum, err)
		}
	}
}

// Whether nothing follows from a state is nobody's concern where no property asks.
func TestStuckIsNoViolation(t *testing.T) {
	for _, s := range searches {
		if r, err := s.search(calm{trap{}}, Options{}); err != nil || r.Ending != Exhausted || r.Violation != nil {
			t.Errorf("%s: %v, %+v", s.name, err, r)
		}
	}
}

func TestCollision(t *testing.T) {
	if got := (&Result{Distinct: 1 << 20}).Collision(); got != math.Ldexp(1, 40-89) {
		t.Errorf("of a million states two are alike with %g", got)
	}
	if got := (&Result{}).Collision(); got != 0 {
		t.Errorf("of none two are alike with %g", got)
	}
}

// A string has one number, of no more bits than asked for, and the number has that string.
func TestTexts(t *testing.T) {
	texts := &Texts{}
	numbers := map[uint64]string{}
	for n := range 100_000 {
		text := fmt.Sprint("text ", n%50_000)
		number, err := texts.Number([]byte(text), 48)
		if err != nil || number >= 1<<48 || texts.Text(number) != text {
			t.Fatalf("%q has the number %d, %v", text, number, err)
		}
		if known, ok := numbers[number]; ok != (n >= 50_000) || ok && known != text {
			t.Fatalf("%q and %q have the number %d", text, known, number)
		}
		numbers[number] = text
	}
	if n, _ := new(Texts).Number([]byte("text 7"), 48); numbers[n] != "text 7" {
		t.Error("a string has another number elsewhere")
	}
	few := &Texts{}
	first, _ := few.Number([]byte("a"), 1)
	refused := false
	for c := byte('b'); c <= 'z'; c++ {
		n, err := few.Number([]byte{c}, 1)
		if refused = err != nil; refused {
			if !strings.Contains(err.Error(), "the same hash") || few.Text(first) != "a" {
				t.Errorf("%v, and %q", err, few.Text(first))
			}
			break
		}
		if n > 1 {
			t.Fatalf("a number of one bit is %d", n)
		}
	}
	defer func() {
		if recover() == nil || !refused {
			t.Errorf("two strings have one number: %v; or a number has none", refused)
		}
	}()
	few.Text(7)
}

// stopped is a search of a grid that was stopped after some rounds.
func stopped(t *testing.T, m Model, rounds int) *Search {
	t.Helper()
	asked := 0
	s := New(m, Options{Workers: 1, Stop: func() bool { asked++; return asked > rounds }})
	if r, err := s.Run(); err != nil || r.Ending != Interrupted {
		t.Fatal(err, r)
	}
	return s
}

// full is a writer with room for some bytes.
type full struct{ room int }

var errFull = errors.New("no room")

func (f *full) Write(b []byte) (int, error) {
	if len(b) > f.room {
		return 0, errFull
	}
	f.room -= len(b)
	return len(b), nil
}

// A file that cannot be written says so, wherever that is.
func TestSaveFails(t *testing.T) {
	s := stopped(t, &grid{4, 4, nil}, 5)
	var file bytes.Buffer
	if err := s.Save(&file); err != nil {
		t.Fatal(err)
	}
	for _, room := range []int{0, 100, file.Len() - 33, file.Len() - 32, file.Len() - 1, file.Len()} {
		if err := s.Save(&full{room}); (err == nil) != (room == file.Len()) || err != nil && !errors.Is(err, errFull) {
			t.Errorf("with room for %d of %d bytes: %v", room, file.Len(), err)
		}
	}
}

// broken is a file that cannot be read from some byte on.
type broken struct {
	*bytes.Reader
	at  int64
	err error
}

func (b *broken) Read(to []byte) (int, error) {
	at, _ := b.Seek(0, io.SeekCurrent)
	if at >= b.at {
		return 0, b.err
	}
	return b.Reader.Read(to[:min(int64(len(to)), b.at-at)])
}

func (b *broken) Seek(offset int64, whence int) (int64, error) {
	if b.at < 0 {
		return 0, b.err
	}
	return b.Reader.Seek(offset, whence)
}

// A saved search that cannot be read is refused, with what is wrong.
func TestResumeFails(t *testing.T) {
	m := &grid{4, 4, nil}
	var file bytes.Buffer
	if err := stopped(t, m, 5).Save(&file); err != nil {
		t.Fatal(err)
	}
	whole := file.Bytes()
	cannot := errors.New("cannot be read")
	for _, at := range []int64{-1, 0, int64(len(magic)), int64(len(whole)) - 10} {
		_, err := Resume(m, Options{}, &broken{bytes.NewReader(whole), at, cannot})
		if err == nil || at != 0 && !errors.Is(err, cannot) || at == 0 && err.Error() != "it is no saved search" {
			t.Errorf("where byte %d cannot be read: %v", at, err)
		}
	}
	wrong := bytes.Clone(whole)
	wrong[len(wrong)/2]++
	for text, want := range map[string]string{
		string(wrong):                   "the saved search is damaged: its checksum is wrong",
		string(whole[:len(magic)+3]):    "the saved search is damaged: unexpected EOF",
		string(whole[:len(whole)-1]):    "the saved search is damaged: its checksum is wrong",
		string(whole) + "and something": "the saved search is damaged: its checksum is wrong",
		kind:                            "the saved search is damaged: unexpected EOF",
		"":                              "it is no saved search",
	} {
		if _, err := Resume(m, Options{}, strings.NewReader(text)); err == nil || err.Error() != want {
			t.Errorf("%d bytes: %v, want %s", len(text), err, want)
		}
	}
	if _, err := Resume(&grid{4, 5, nil}, Options{}, bytes.NewReader(whole)); err == nil || err.Error() != "it is a search of something else:\n  saved with grid 4 4, asked for grid 4 5" {
		t.Errorf("another model: %v", err)
	}
	// A model that says it is the same and does not know the states.
	strict := &altered{grid: *m, expand: func(state []byte, _ *Out) bool {
		panic("never seen")
	}}
	if _, err := Resume(strict, Options{}, bytes.NewReader(whole)); err == nil || !strings.Contains(err.Error(), "a state is none: never seen") {
		t.Errorf("unknown states: %v", err)
	}
}

// A file whose sum is right, and in which what it says does not fit together, is refused.
func TestResumeOfNowhere(t *testing.T) {
	m := &grid{4, 4, nil}
	for want, change := range map[string]func(s *Search){
		"":                        func(*Search) {},
		"where no search is":      func(s *Search) { s.at = -1 },
		"where no search is ":     func(s *Search) { s.depth = -1 },
		"where no search is  ":    func(s *Search) { s.at = len(s.level) + 1 },
		"where no search is   ":   func(s *Search) { s.result.Violation = &Violation{} },
		"its counts do not fit":   func(s *Search) { s.result.Distinct++ },
		"its counts do not fit ":  func(s *Search) { s.result.Expanded = s.result.Distinct + 1 },
		"its counts do not fit  ": func(s *Search) { s.result.Cut = nil },
		"states are missing":      func(s *Search) { s.result.Expanded++ },
		"a table is in disorder":  func(s *Search) { s.tables[0], s.tables[1] = s.tables[1], s.tables[0] },
	} {
		s := stopped(t, m, 5)
		change(s)
		var file bytes.Buffer
		if err := s.Save(&file); err != nil {
			t.Fatal(err)
		}
		_, err := Resume(m, Options{}, bytes.NewReader(file.Bytes()))
		if want = strings.TrimSpace(want); (err == nil) != (want == "") || err != nil && !strings.Contains(err.Error(), want) {
			t.Errorf("%v, want %q", err, want)
		}
	}
}

// A search that had too little memory goes on with more.
func TestMoreMemory(t *testing.T) {
	m := &grid{6, 6, nil}
	want, err := BreadthFirst(m, Options{})
	if err != nil {
		t.Fatal(err)
	}
	s := New(m, Options{Memory: 2 << 20, Workers: 2})
	if r, err := s.Run(); err != nil || r.Ending != OutOfMemory || s.Result().Distinct != r.Distinct || r.Distinct == 0 || r.Distinct >= want.Distinct {
		t.Fatal(err, r)
	}
	var file bytes.Buffer
	if err := s.Save(&file); err != nil {
		t.Fatal(err)
	}
	if s, err = Resume(m, Options{}, bytes.NewReader(file.Bytes())); err != nil {
		t.Fatal(err)
	}
	r, err := s.Run()
	if err != nil || r.Ending != Exhausted || r.Distinct != want.Distinct || r.Total != want.Total || r.Depth != want.Depth || !slices.Equal(r.Cut, want.Cut) {
		t.Errorf("%v: %+v, in one go %+v", err, r, want)
	}
}

// Saved searches are found by the hashes in them: other hashes need another magic.
func TestHashIsPinned(t *testing.T) {
	sum := uint64(0)
	for size := range 40 {
		b := make([]byte, size)
		for i := range b {
			b[i] = byte(size + 7*i)
		}
		k := hash(b)
		sum = sum*31 ^ k.high ^ k.low
	}
	if want := uint64(0x9a0723f2de6fac64); sum != want || magic != "skinny explore 4" {
		t.Errorf("the hashes have the sum %#x, the file %q", sum, magic)
	}
}
