package main

import (
	"bytes"
	"io"
	"os"
)

// traceStart is how every trace begins.
const traceStart = `{"format":1,"title":`

// guardTrace refuses to write a trace over something else, or into the middle of
// the story.
func (a *app) guardTrace(f *runFlags) error {
	info, err := os.Stat(f.trace)
	if err != nil {
		return nil // there is nothing yet, or creating it will say what is wrong
	}
	if out, err := os.Stdout.Stat(); err == nil && os.SameFile(info, out) && !f.quiet {
		return usage("skinny run: the trace and the story cannot both go to standard output; add --quiet")
	}
	if !info.Mode().IsRegular() || info.Size() == 0 {
		return nil
	}
	old, err := os.Open(f.trace)
	if err != nil {
		return usage("skinny run: the trace cannot be written: %v", err)
	}
	defer old.Close()
	start := make([]byte, len(traceStart))
	if _, err := io.ReadFull(old, start); err != nil || !bytes.Equal(start, []byte(traceStart)) {
		return usage("skinny run: %s is no trace and is left as it is; choose another name for --trace", f.trace)
	}
	return nil
}
