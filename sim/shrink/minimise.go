package shrink

// minimise leaves chunks out of a list: halves first, then ever smaller ones, in
// the end single elements until none can be left out. It goes from back to front,
// since what comes later depends on what comes earlier. The function without
// leaves out the elements from one index to another, if it can. What remains is
// locally minimal if that is a function of what would remain. (Zeller and Hildebrandt,
// "Simplifying and Isolating Failure-Inducing Input", 2002)
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
