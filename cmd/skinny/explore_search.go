package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"runtime/debug"
	"strings"
	"time"

	"github.com/spf13/pflag"

	"skinny/cmd/internal/shell"
	"skinny/sim/explore/search"
)

// leastMemoryLimit keeps the collector from working without end for a tiny --memory.
const leastMemoryLimit = 64e6

// search searches.
func (x *exploration) search() error {
	f := x.flags
	memory, _ := f.bytes()
	// The rest is for what is not counted; garbage is collected before it is too much.
	debug.SetMemoryLimit(max(memory, leastMemoryLimit))
	x.meter = newSearchMeter(x.app, !f.quiet && f.format == "text")
	o := search.Options{
		Workers: f.workers, Depth: x.events, Memory: memory / 10 * 9,
		Stop: x.interrupted.Load, Progress: x.meter.show,
	}
	begin := time.Now()
	var err error
	switch f.search {
	case "dfs":
		x.result, err = search.DepthFirst(x.model, o)
	case "iterative":
		x.result, err = search.Deepening(x.model, o)
	default:
		err = x.breadth(o)
	}
	x.meter.clear()
	x.took = time.Since(begin)
	var e *exit
	if err != nil && !errors.As(err, &e) {
		err = &exit{exitUsage, "skinny explore: " + err.Error()}
	}
	return err
}

// breadth searches breadth first, from where another search has ended if that is
// wanted.
func (x *exploration) breadth(o search.Options) error {
	var s *search.Search
	if x.flags.resume == "" {
		s = search.New(x.model, o)
	} else {
		file, err := os.Open(x.flags.resume)
		if err != nil {
			return usage("skinny explore: %v", err)
		}
		defer file.Close()
		if s, err = search.Resume(x.model, o, file); err != nil {
			return usage("skinny explore: %s cannot be taken up: %v", x.flags.resume, err)
		}
		x.before = s.Result()
		x.meter.before = x.before.Expanded
	}
	var err error
	if x.result, err = s.Run(); err != nil {
		return err
	}
	early := x.result.Ending == search.Interrupted || x.result.Ending == search.OutOfMemory
	if x.flags.save == "" || !early || x.result.Violation != nil {
		return nil
	}
	// If it cannot be kept, what was found is still told.
	if err := keep(s, x.flags.save); err != nil {
		x.meter.clear()
		fmt.Fprintf(x.err, "skinny explore: the search cannot be kept in %s: %v\n", x.flags.save, err)
		return nil
	}
	x.kept = true
	return nil
}

// keep writes a search to a file, whole or not at all.
func keep(s *search.Search, name string) error {
	file, err := os.CreateTemp(dirOf(name), ".skinny-*")
	if err == nil {
		err = errors.Join(s.Save(file), file.Close())
		if err == nil {
			err = os.Rename(file.Name(), name)
		}
		if err != nil {
			os.Remove(file.Name())
		}
	}
	return cause(err)
}

// tryFile looks before a search whether a flag's file can be written after it.
func tryFile(flag, name string) error {
	if name == "" {
		return nil
	}
	file, err := os.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o666)
	if os.IsExist(err) { // it is the file that was taken up, and is replaced
		file, err = os.CreateTemp(dirOf(name), ".skinny-*")
	}
	if err == nil {
		err = errors.Join(file.Close(), os.Remove(file.Name()))
	}
	if err != nil {
		return usage("skinny explore: --%s: %s cannot be written: %v", flag, name, cause(err))
	}
	return nil
}

// cause is an error without the name of the file, which may be one that the user
// does not know.
func cause(err error) error {
	var p *fs.PathError
	var l *os.LinkError
	switch {
	case errors.As(err, &p):
		return p.Err
	case errors.As(err, &l):
		return l.Err
	}
	return err
}

func dirOf(name string) string {
	if at := strings.LastIndexByte(name, os.PathSeparator); at >= 0 {
		return name[:at+1]
	}
	return "."
}

// goesOn is the command that goes on with the search that was kept, and keeps it
// again if that ends early, too. One that ran out of memory is given twice as much.
func (x *exploration) goesOn() string {
	var b strings.Builder
	b.WriteString("skinny explore " + shell.Word(x.name))
	more := x.result.Ending == search.OutOfMemory
	x.flags.visit(func(f *pflag.Flag) {
		values := []string{f.Value.String()}
		if list, ok := f.Value.(pflag.SliceValue); ok {
			values = list.GetSlice()
		}
		switch {
		case f.Name == "resume" || f.Name == "color":
			return
		case f.Name == "memory" && more:
			return
		}
		for _, v := range values {
			if f.Value.Type() == "bool" {
				b.WriteString(" --" + f.Name + "=" + v)
			} else {
				b.WriteString(" --" + f.Name + " " + shell.Word(v))
			}
		}
	})
	if more {
		memory, _ := x.flags.bytes()
		b.WriteString(" --memory " + sizeFlag(2*memory))
	}
	b.WriteString(" --resume " + shell.Word(x.flags.save))
	return b.String()
}
