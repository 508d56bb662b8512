package shrink

import (
	"math/rand/v2"
	"slices"
	"testing"

	"pgregory.net/rapid"
)

// minimised is what minimise leaves of a list, which itself fails.
func minimised(list []int, fails func([]int) bool) []int {
	kept := slices.Clone(list)
	minimise(func() int { return len(kept) }, func(from, to int) bool {
		fewer := slices.Delete(slices.Clone(kept), from, to)
		if !fails(fewer) {
			return false
		}
		kept = fewer
		return true
	})
	return kept
}

func TestMinimise(t *testing.T) {
	numbers := func(n int) []int {
		var list []int
		for i := range n {
			list = append(list, i)
		}
		return list
	}
	contains := func(wanted ...int) func([]int) bool {
		return func(list []int) bool {
			return !slices.ContainsFunc(wanted, func(n int) bool { return !slices.Contains(list, n) })
		}
	}
	cases := []struct {
		name  string
		list  []int
		fails func([]int) bool
		want  []int
	}{
		{"nothing to leave out", nil, contains(), nil},
		{"everything", numbers(9), contains(), nil},
		{"one is needed", numbers(9), contains(4), []int{4}},
		{"the first and the last are needed", numbers(100), contains(0, 99), []int{0, 99}},
		{"all are needed", numbers(3), contains(0, 1, 2), numbers(3)},
		// 4 to 6 go, 1 to 3 cannot, 0 can.
		{"any three", numbers(7), func(list []int) bool { return len(list) >= 3 }, []int{1, 2, 3}},
		{"an even number", numbers(8), func(list []int) bool { return len(list)%2 == 0 && contains(5)(list) }, []int{4, 5}},
	}
	for _, c := range cases {
		given := slices.Clone(c.list)
		if got := minimised(c.list, c.fails); !slices.Equal(got, c.want) {
			t.Errorf("%s: got %v, want %v", c.name, got, c.want)
		}
		if !slices.Equal(c.list, given) {
			t.Errorf("%s: the list was changed", c.name)
		}
	}
}

// Whatever fails means, the result fails, is part of the list in its order, and is
// locally minimal.
func TestAnyMinimise(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		list := rapid.SliceOfN(rapid.IntRange(0, 30), 0, 40).Draw(t, "list")
		seed := rapid.Uint64().Draw(t, "seed")
		fails := func(l []int) bool {
			// Any function will do, so long as it says that the whole list fails.
			sum := seed
			for _, n := range l {
				sum = sum*31 + uint64(n)
			}
			return slices.Equal(l, list) || rand.New(rand.NewPCG(sum, 1)).IntN(3) == 0
		}
		kept := minimised(list, fails)
		if !fails(kept) {
			t.Fatalf("%v does not fail", kept)
		}
		rest := list
		for _, n := range kept {
			at := slices.Index(rest, n)
			if at < 0 {
				t.Fatalf("%v is not a part of %v", kept, list)
			}
			rest = rest[at+1:]
		}
		for i := range kept {
			if without := slices.Delete(slices.Clone(kept), i, i+1); fails(without) {
				t.Fatalf("%v fails, and so does %v", kept, without)
			}
		}
	})
}
