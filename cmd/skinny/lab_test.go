package main

import (
	"testing"
	"time"
)

// What repeats a check of the lab has the flags that it was given.
func TestLabAgain(t *testing.T) {
	for want, f := range map[string]labFlags{
		"": {}, " --program 'ruby x.rb'": {command: "ruby x.rb"}, " --program-timeout 2s": {timeout: 2 * time.Second}, " --seeds 7": {seeds: 7},
	} {
		if got := f.again(); got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
}
