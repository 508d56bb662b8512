package main

import (
	"testing"

	"github.com/spf13/cobra"
)

// What repeats a check of the lab has the flags that it was given.
func TestLabAgain(t *testing.T) {
	for want, args := range map[string][]string{
		"": nil, " --program 'ruby x.rb'": {"--program", "ruby x.rb"}, " --program-timeout 2s": {"--program-timeout=2s"}, " --seeds 7": {"--seeds", "7"},
	} {
		var f labFlags
		c := &cobra.Command{}
		f.add(c, "", 0)
		if err := c.ParseFlags(args); err != nil {
			t.Fatal(err)
		}
		if got := f.again(); got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
}
