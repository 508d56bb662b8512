package main

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"reflect"
	"slices"

	"skinny/cmd/internal/campaign"
	"skinny/scenarios"
)

// mergeParts makes one report of the results of shards.
func (a *app) mergeParts(files []string, f *checkFlags) error {
	if len(files) == 0 {
		return usage("skinny check: --merge takes the files that shards have printed with --format json")
	}
	if flag := f.beside("merge", "format", "quiet", "dir", "color"); flag != "" {
		return usage("skinny check: --merge reads what shards have found; --%s has no part in it", flag)
	}
	if err := f.check(); err != nil {
		return err
	}
	var merged *result
	var first string
	from := map[uint64]string{} // shard: the file with its result
	for _, name := range files {
		parts, err := readResults(name)
		if err != nil {
			return err
		}
		for _, part := range parts {
			if merged == nil {
				merged = &result{head: part.head, summary: resultSummary{Kind: summaryKind, Met: map[string]uint64{}, Ended: endedNames[campaign.AllRun]}}
				first = name
			} else if err := merged.sameCheck(part, first, name); err != nil {
				return err
			}
			if earlier, twice := from[part.head.Shard]; twice {
				return usage("skinny check: shard %d is in %s and again in %s", part.head.Shard, earlier, name)
			}
			from[part.head.Shard] = name
			merged.addPart(part)
		}
	}
	merged.missing = missingShards(merged.head.Shards, from)
	merged.head.Shard, merged.head.Shards = 0, 1
	merged.finish()
	for i := range merged.failures {
		a.save(f.dir, &merged.failures[i]) // where the shard ran, its file may be gone
	}
	if err := a.report(merged, nil, f); err != nil {
		return err
	}
	err := merged.exit()
	if merged.missing != "" {
		e := &exit{exitUsage, ""}
		errors.As(err, &e)
		return &exit{e.code, "skinny check: this is not the whole check: " + merged.missing}
	}
	return err
}

// readResults reads the results in a file, one after the other.
func readResults(name string) ([]*result, error) {
	in := os.Stdin
	if name != scenarios.StandardInput {
		file, err := os.Open(name)
		if err != nil {
			return nil, usage("skinny check: %v", err)
		}
		defer file.Close()
		in = file
	}
	var list []*result
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
			return nil, usage("skinny check: %s, line %d: %v\n--merge takes what `skinny check --format json` printed", name, n, err)
		}
	}
	if len(list) == 0 {
		return nil, usage("skinny check: %s is empty", name)
	}
	for _, r := range list {
		if r.summary.Kind == "" {
			return nil, usage("skinny check: %s: shard %d was ended before it could report", name, r.head.Shard)
		}
	}
	return list, nil
}

// readLine adds one line, by its kind, to the results before it.
func readLine(list []*result, line []byte) ([]*result, error) {
	var is struct {
		Kind   string
		Format int
	}
	if err := json.Unmarshal(line, &is); err != nil {
		return list, err
	}
	switch {
	case is.Kind == headKind && is.Format != resultFormat:
		return list, fmt.Errorf("unknown format %d; this program reads format %d", is.Format, resultFormat)
	case is.Kind == headKind:
		r := &result{}
		return append(list, r), json.Unmarshal(line, &r.head)
	case len(list) == 0:
		return list, fmt.Errorf("a result does not begin with a line of kind %q", is.Kind)
	}
	r := list[len(list)-1]
	switch is.Kind {
	case failureKind:
		var f resultFailure
		err := json.Unmarshal(line, &f)
		r.failures = append(r.failures, f)
		return list, err
	case summaryKind:
		return list, json.Unmarshal(line, &r.summary)
	}
	return list, fmt.Errorf("a line of kind %q", is.Kind)
}

// sameCheck makes sure that two results are parts of one check.
func (r *result) sameCheck(part *result, first, name string) error {
	a, b := r.head, part.head
	a.Shard, b.Shard = 0, 0
	if !reflect.DeepEqual(a, b) {
		return usage("skinny check: %s and %s are not parts of one check:\n  %s, %d seeds from %d, %d shards, %s\n  %s, %d seeds from %d, %d shards, %s",
			first, name,
			a.Words, a.Seeds, a.From, a.Shards, a.Version[:len(a.Version)-1],
			b.Words, b.Seeds, b.From, b.Shards, b.Version[:len(b.Version)-1])
	}
	return nil
}

// addPart adds the result of a shard.
func (r *result) addPart(part *result) {
	s, p := &r.summary, &part.summary
	s.Done += p.Done
	s.Failing += p.Failing
	s.Undecided += p.Undecided
	s.Twice += p.Twice
	for name, n := range p.Met {
		s.Met[name] += n
	}
	s.ElapsedNs = max(s.ElapsedNs, p.ElapsedNs)
	if s.Different == nil || p.Different != nil && p.Different.Seed < s.Different.Seed {
		s.Different = p.Different
	}
	if p.Ended != endedNames[campaign.AllRun] && s.Ended != endedNames[campaign.Interrupted] {
		s.Ended = p.Ended
	}
	r.failures = append(r.failures, part.failures...)
}

// finish puts the failures in the order of their seeds, those that are alike together.
func (r *result) finish() {
	slices.SortFunc(r.failures, func(a, b resultFailure) int {
		if a.Seed < b.Seed {
			return -1
		}
		return 1
	})
	var list []resultFailure
	for _, f := range r.failures {
		at := slices.IndexFunc(list, func(o resultFailure) bool { return o.Property == f.Property && o.Shape == f.Shape })
		if at >= 0 {
			list[at].Count += f.Count
		} else {
			list = append(list, f)
		}
	}
	r.failures = list
	r.judgeVacuity()
}

// missingShards says which parts of a check there are no results of, "" if there are
// none.
func missingShards(count uint64, from map[uint64]string) string {
	text, missing := "", 0
	for i := range count {
		if _, ok := from[i]; ok {
			continue
		}
		if missing++; missing <= 8 {
			text += fmt.Sprintf(" %d", i)
		}
	}
	switch {
	case missing == 0:
		return ""
	case missing > 8:
		return fmt.Sprintf("%d of %d shards are missing, among them%s", missing, count, text)
	}
	return fmt.Sprintf("of %d shards these are missing:%s", count, text)
}
