package sweep

import (
	"bufio"
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"reflect"
	"slices"
	"strings"

	"skinny/cmd/internal/report"
	"skinny/scenarios"
)

// Merge makes one report of the results of shards.
func (c *Check) Merge(files []string) error {
	if len(files) == 0 {
		return report.Usage("skinny check: --merge takes the files that shards have printed with --format json")
	}
	var merged *Result
	from := map[uint64]string{} // shard: the file with its result
	for _, name := range files {
		parts, err := readResults(name)
		if err != nil {
			return err
		}
		for _, part := range parts {
			if earlier, twice := from[part.Head.Shard]; twice {
				return report.Usage("skinny check: shard %d is in %s and again in %s", part.Head.Shard, earlier, name)
			}
			from[part.Head.Shard] = name
			if merged == nil {
				merged = part
			} else if err := merged.addPart(part, files[0], name); err != nil {
				return err
			}
		}
	}
	merged.finish(from)
	c.KeepGoing = c.KeepGoing || merged.Head.KeepGoing
	for i := range merged.Failures {
		c.save(&merged.Failures[i]) // where the shard ran, its file may be gone
	}
	if err := c.report(merged); err != nil {
		return err
	}
	err := merged.Exit()
	if merged.missing != "" {
		e := &report.Exit{Code: report.ExitUsage}
		errors.As(err, &e)
		return &report.Exit{Code: e.Code, Message: "skinny check: this is not the whole check: " + merged.missing}
	}
	return err
}

// readResults reads the results in a file, one after the other.
func readResults(name string) ([]*Result, error) {
	in := os.Stdin
	if name != scenarios.StandardInput {
		file, err := os.Open(name)
		if err != nil {
			return nil, report.Usage("skinny check: %v", err)
		}
		defer file.Close()
		in = file
	}
	var list []*Result
	decoder := json.NewDecoder(bufio.NewReader(in))
	for n := 1; ; n++ {
		var line json.RawMessage
		err := decoder.Decode(&line)
		if err == io.EOF {
			break
		}
		if err == nil {
			list, err = readLine(list, line)
		}
		if err != nil {
			return nil, report.Usage("skinny check: %s, line %d: %v\n--merge takes what `skinny check --format json` printed", name, n, err)
		}
	}
	if len(list) == 0 {
		return nil, report.Usage("skinny check: %s is empty", name)
	}
	for _, r := range list {
		if r.Summary.Line == "" {
			return nil, report.Usage("skinny check: %s: shard %d was ended before it could report", name, r.Head.Shard)
		}
	}
	return list, nil
}

// readLine adds one line, by its kind, to the results before it.
func readLine(list []*Result, line []byte) ([]*Result, error) {
	var is struct {
		Kind   string
		Format int
	}
	if err := json.Unmarshal(line, &is); err != nil {
		return list, err
	}
	switch {
	case is.Kind == headLine && is.Format != resultFormat:
		return list, fmt.Errorf("unknown format %d; this program reads format %d", is.Format, resultFormat)
	case is.Kind == headLine:
		r := &Result{}
		return append(list, r), json.Unmarshal(line, &r.Head)
	case len(list) == 0:
		return list, fmt.Errorf("a result does not begin with a line of kind %q", is.Kind)
	}
	r := list[len(list)-1]
	switch is.Kind {
	case failureLine:
		var f Failure
		err := json.Unmarshal(line, &f)
		r.Failures = append(r.Failures, f)
		return list, err
	case summaryLine:
		return list, json.Unmarshal(line, &r.Summary)
	}
	return list, fmt.Errorf("a line of kind %q", is.Kind)
}

// addPart adds the result of another shard, if both are parts of one check.
func (r *Result) addPart(part *Result, first, name string) error {
	a, b := r.Head, part.Head
	a.Shard, b.Shard = 0, 0
	if !reflect.DeepEqual(a, b) {
		of := func(h *Head) string {
			return fmt.Sprintf("%s, %d seeds from %d, %d shards, %s", h.Words, h.Seeds, h.From, h.Shards, strings.TrimSpace(h.Version))
		}
		return report.Usage("skinny check: %s and %s are not parts of one check:\n  %s\n  %s", first, name, of(&a), of(&b))
	}
	r.Counts.add(&part.Counts)
	r.Elapsed = max(r.Elapsed, part.Elapsed)
	if r.Different == nil || part.Different != nil && part.Different.Seed < r.Different.Seed {
		r.Different = part.Different
	}
	if part.Ended != AllRun && r.Ended != Interrupted {
		r.Ended = part.Ended
	}
	r.Failures = append(r.Failures, part.Failures...)
	return nil
}

// finish puts the failures in the order of their seeds, of those that fail alike the
// first, and says which parts are missing.
func (r *Result) finish(from map[uint64]string) {
	slices.SortFunc(r.Failures, func(a, b Failure) int { return cmp.Compare(a.Seed, b.Seed) })
	all := r.Failures
	r.Failures = nil
	for _, f := range all {
		r.Failures = add(r.Failures, f)
	}
	r.missing = missingShards(r.Head.Shards, from)
	r.Head.Shard, r.Head.Shards = 0, 1
	r.judgeVacuity()
}

// missingShards says which parts of a check there are no results of, "" if there are
// none.
func missingShards(count uint64, from map[uint64]string) string {
	const most = 8
	var list []string
	for i := uint64(0); i < count && len(list) < most; i++ {
		if _, ok := from[i]; !ok {
			list = append(list, fmt.Sprint(i))
		}
	}
	text := strings.Join(list, " ")
	switch missing := count - uint64(len(from)); {
	case missing == 0:
		return ""
	case missing > most:
		return fmt.Sprintf("%d of %d shards are missing, among them %s", missing, count, text)
	}
	return fmt.Sprintf("of %d shards these are missing: %s", count, text)
}
