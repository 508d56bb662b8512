package sweep

import (
	"errors"
	"fmt"
	"reflect"
	"strings"

	"skinny/cmd/internal/report"
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
			if merged == nil {
				merged = part
			} else if err := merged.addPart(part, files[0], name); err != nil {
				return err
			}
			if earlier, twice := from[part.Head.Shard]; twice {
				return report.Usage("skinny check: shard %d is in %s and again in %s", part.Head.Shard, earlier, name)
			}
			from[part.Head.Shard] = name
		}
	}
	merged.finish(from)
	c.KeepGoing = merged.Head.KeepGoing
	c.save(merged) // where the shard ran, its files may be gone
	if err := c.report(merged); err != nil {
		return err
	}
	err := merged.Exit()
	if merged.Ended == Incomplete {
		e := &report.Exit{Code: report.ExitUsage}
		errors.As(err, &e)
		return &report.Exit{Code: e.Code, Message: "skinny check: this is not the whole check: " + merged.Missing}
	}
	return err
}

// addPart adds the result of another shard, if both are parts of one check.
func (r *Result) addPart(part *Result, first, name string) error {
	a, b := r.Head, part.Head
	a.Shard, b.Shard = 0, 0
	if !reflect.DeepEqual(a, b) {
		of := func(h *Head) string {
			return fmt.Sprintf("%s, %d seeds from %d, %d shards, %s, settings %.8s", h.Words, h.Seeds, h.From, h.Shards, h.Version, h.Hash)
		}
		return report.Usage("skinny check: %s and %s are not parts of one check:\n  %s\n  %s", first, name, of(&a), of(&b))
	}
	r.add(part)
	r.Elapsed = max(r.Elapsed, part.Elapsed)
	r.Ended = max(r.Ended, part.Ended)
	return nil
}

// finish puts the failures of all parts together, and says which parts are missing.
func (r *Result) finish(from map[uint64]string) {
	r.Failures = ways(r.Failures)
	if r.Missing = missingShards(r.Head.Shards, from); r.Missing != "" {
		r.Ended = Incomplete
	}
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
