package sweep

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"
	"os"
	"reflect"
	"slices"
	"strings"

	"skinny/cmd/internal/report"
	"skinny/cmd/internal/shell"
	"skinny/protocol"
	"skinny/scenarios"
	"skinny/sim/check"
	"skinny/sim/swarm"
)

// readResults reads the results in a file, one after the other, and checks all that
// they say.
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
	decoder := json.NewDecoder(in)
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
			return nil, report.Usage("skinny check: %s, line %d: %s\n--merge takes what `skinny check --format json` printed", name, n, problem(err))
		}
	}
	if len(list) == 0 {
		return nil, report.Usage("skinny check: %s is empty", name)
	}
	if last := list[len(list)-1]; last.Line == "" {
		return nil, report.Usage("skinny check: %s: shard %d was ended before it could report", name, last.Head.Shard)
	}
	return list, nil
}

// problem says what is wrong with a line, without the words of a programming language.
func problem(err error) string {
	var mistyped *json.UnmarshalTypeError
	var syntax *json.SyntaxError
	switch {
	case errors.As(err, &mistyped) && mistyped.Field == "":
		return "it is " + mistyped.Value + ", and not an object"
	case errors.As(err, &mistyped):
		return fmt.Sprintf("%q cannot be %s", mistyped.Field, mistyped.Value)
	case errors.As(err, &syntax), errors.Is(err, io.ErrUnexpectedEOF):
		return "it is not JSON, or not all of it is there"
	}
	return strings.TrimPrefix(err.Error(), "json: ")
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
	begun := len(list) > 0 && list[len(list)-1].Line == ""
	switch {
	case is.Kind == headLine && is.Format != resultFormat:
		return list, fmt.Errorf("unknown format %d; this program reads format %d", is.Format, resultFormat)
	case is.Kind == headLine && begun:
		return list, fmt.Errorf("shard %d was ended before it could report", list[len(list)-1].Head.Shard)
	case is.Kind == headLine:
		list = append(list, &Result{})
	case !begun:
		return list, fmt.Errorf("a result begins with a line of kind %q, not %q", headLine, is.Kind)
	}
	r := list[len(list)-1]
	var to any
	var check func() error
	switch is.Kind {
	case headLine:
		to, check = &r.Head, r.Head.check
	case failureLine:
		r.Failures = append(r.Failures, Failure{})
		to, check = &r.Failures[len(r.Failures)-1], r.checkFailure
	case summaryLine:
		to, check = &r.Summary, r.check
	default:
		return list, fmt.Errorf("there is no kind %q", is.Kind)
	}
	d := json.NewDecoder(bytes.NewReader(line))
	d.DisallowUnknownFields()
	if err := d.Decode(to); err != nil {
		return list, err
	}
	return list, check()
}

// check makes sure that a head is one that a check can have.
func (h *Head) check() error {
	_, edition := protocol.EditionByName(h.Edition)
	_, profile := swarm.ProfileByName(h.Profile)
	last := h.From + h.Seeds - 1
	switch {
	case h.Shards > math.MaxUint32 || h.Shard >= h.Shards:
		return fmt.Errorf("there is no shard %d of %d", h.Shard, h.Shards)
	case h.Seeds < h.Shards || last < h.From:
		return fmt.Errorf("there are no %d seeds from %d on for %d shards", h.Seeds, h.From, h.Shards)
	case h.For < 0:
		return errors.New("its time is below 0")
	case !edition:
		return fmt.Errorf("there is no edition %q", h.Edition)
	case !profile:
		return fmt.Errorf("there is no profile %q", h.Profile)
	case h.Version == "":
		return errors.New("it does not say which version made it")
	case !shell.Safe(h.Arguments):
		return errors.New("its arguments are more than the words of a command")
	}
	rules := protocol.Rules(0)
	for name, on := range h.Rules {
		rule, ok := protocol.RuleByName(name)
		if !ok {
			return fmt.Errorf("there is no rule %q", name)
		}
		if on {
			rules |= rule.Rule
		}
	}
	for name, text := range h.Knobs {
		knob, ok := swarm.KnobByName(name)
		if !ok {
			return fmt.Errorf("there is no knob %q", name)
		}
		if _, err := scenarios.ParseKnob(knob, text); err != nil {
			return fmt.Errorf("knob %s: %w", name, err)
		}
	}
	if h.Words != words(h.Scenario, h.Edition, h.Profile, rules, h.Played) {
		return fmt.Errorf("its words %q are not those of its settings", h.Words)
	}
	return knownProperties(h.Properties...)
}

func knownProperties(names ...string) error {
	for _, name := range names {
		if _, ok := check.PropertyByName(name); !ok {
			return fmt.Errorf("there is no property %q", name)
		}
	}
	return nil
}

// seeds are those of the head's shard.
func (h *Head) seeds() Seeds {
	return Seeds{First: h.From, Step: 1, Count: h.Seeds}.Shard(h.Shard, h.Shards)
}

// ours reports whether a seed is one of the shard.
func (h *Head) ours(seed uint64) bool {
	s := h.seeds()
	return seed >= s.First && (seed-s.First)%s.Step == 0 && (seed-s.First)/s.Step < s.Count
}

// checkFailure makes sure that the last failure is one that its shard can have.
func (r *Result) checkFailure() error {
	before, f := r.Failures[:len(r.Failures)-1], &r.Failures[len(r.Failures)-1]
	switch {
	case !r.Head.ours(f.Seed):
		return fmt.Errorf("shard %d has no seed %d", r.Head.Shard, f.Seed)
	case f.Count == 0 || f.Way == "" || f.Why == "" || f.Tried < 0 || f.ShrinkTime < 0 || f.Before == nil || f.After == nil:
		return errors.New("a failure without what belongs to one")
	case slices.ContainsFunc(before, func(o Failure) bool { return o.Way == f.Way || o.Seed >= f.Seed }):
		return errors.New("failures are in the order of their seeds, each way to fail once")
	}
	if _, err := scenarios.Decode("the counterexample", []byte(f.YAML)); err != nil {
		return err
	}
	return knownProperties(append(slices.Clone(f.Broken), f.Property, f.Found)...)
}

// check makes sure that a result adds up, and is what was printed.
func (r *Result) check() error {
	failing := uint64(0)
	for i := range r.Failures {
		failing += min(r.Failures[i].Count, math.MaxUint64-failing)
	}
	all, going := r.Head.seeds().Count, r.Head.KeepGoing
	possible := [...]bool{
		AllRun:           r.Done == all && (failing == 0 || going),
		FailureFound:     failing > 0 && !going,
		TimeOver:         r.Done < all && r.Head.For > 0,
		Interrupted:      true,
		NotDeterministic: r.Different != nil && r.Different.Event > 0 && r.Head.ours(r.Different.Seed),
	}
	switch {
	case r.Ended == Incomplete:
		return errors.New("it is a report of some shards without the others; merge the results of all shards")
	case !possible[r.Ended] || r.Different != nil && r.Ended != NotDeterministic:
		return fmt.Errorf("after %d of %d seeds it cannot have the ending %q", r.Done, all, endedNames[r.Ended])
	case r.Done > all, max(r.Failing, r.Undecided, r.Unheard, r.Twice) > r.Done, r.Failing > r.Done-r.Undecided,
		slices.Max(r.Met[:]) > math.MaxUint64/r.Head.Shards, r.Elapsed < 0:
		return errors.New("its counts are not possible")
	case failing != r.Failing:
		return fmt.Errorf("%d seeds fail, and its failures are of %d", r.Failing, failing)
	case r.Checksum != r.checksum():
		return errors.New("its checksum is another: something was changed or is missing")
	}
	return nil
}

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
