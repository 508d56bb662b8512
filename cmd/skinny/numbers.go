package main

import (
	"strconv"
	"time"
)

// grouped writes a number with its digits in threes.
func grouped(n uint64) string {
	s := strconv.FormatUint(n, 10)
	for at := len(s) - 3; at > 0; at -= 3 {
		s = s[:at] + "," + s[at:]
	}
	return s
}

// countOf writes "1 seed", "2,000 seeds".
func countOf(n uint64, word string) string {
	if n != 1 {
		word += "s"
	}
	return grouped(n) + " " + word
}

// perSecond is a rate.
func perSecond(n uint64, took time.Duration) uint64 {
	return uint64(float64(n) / max(took.Seconds(), 1e-3))
}
