package shrink

import "slices"

// Minimise leaves elements out of a list as long as what remains still fails, and
// returns what remains, in its order. The list itself has to fail. The result is
// locally minimal if fails is a function of its argument, which it must not keep:
// without any one of its elements it does not fail. (Zeller and Hildebrandt,
// "Simplifying and Isolating Failure-Inducing Input", 2002)
func Minimise[T any](list []T, fails func([]T) bool) []T {
	kept := slices.Clone(list)
	var candidate []T
	minimise(func() int { return len(kept) }, func(from, to int) bool {
		candidate = append(append(candidate[:0], kept[:from]...), kept[to:]...)
		if !fails(candidate) {
			return false
		}
		kept, candidate = candidate, kept
		return true
	})
	return kept
}

// minimise leaves chunks out of a list: halves first, then ever smaller ones, in
// the end single elements until none can be left out. It goes from back to front,
// since what comes later depends on what comes earlier. The function without
// leaves out the elements from one index to another, if it can.
func minimise(size func() int, without func(from, to int) bool) {
	for chunk := max(size()/2, 1); ; chunk = max(chunk/2, 1) {
		removed := false
		for to := size(); to > 0; to = min(to-chunk, size()) {
			if without(max(to-chunk, 0), to) {
				removed = true
			}
		}
		if chunk == 1 && !removed {
			return
		}
	}
}
