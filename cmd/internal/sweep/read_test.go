package sweep

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"testing"

	"skinny/cmd/internal/report"
	"skinny/scenarios"
)

// printed is what a check prints for other programs.
func printed(t *testing.T, shard, shards uint64, change func(*Check)) []byte {
	t.Helper()
	var out bytes.Buffer
	c := &Check{
		Console: &report.Console{Out: &out, Err: &bytes.Buffer{}, Width: report.DefaultWidth},
		Config:  Config{Workers: 1, KeepGoing: true},
		Head:    Head{From: 1, Seeds: 40, Shard: shard, Shards: shards, Arguments: " --edition published --profile none"},
		JSON:    true, Dir: t.TempDir(),
	}
	c.Draw(scenarios.Overrides{Edition: "published"}, "none")
	change(c)
	if _, err := c.Run(); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

func unchanged(*Check) {}

func reading(t *testing.T, data []byte) ([]*Result, error) {
	t.Helper()
	name := filepath.Join(t.TempDir(), "result.jsonl")
	if err := os.WriteFile(name, data, 0o666); err != nil {
		t.Fatal(err)
	}
	return readResults(name)
}

// A checksum covers all lines, from the head on.
func TestChecksumOfTheHead(t *testing.T) {
	r := &Result{Head: Head{Seeds: 1}}
	other := *r
	other.Head.Arguments = " --edition sound"
	if r.checksum() == other.checksum() {
		t.Error("the checksum does not cover the head")
	}
}

// What is printed is read, and says the same.
func TestReadResults(t *testing.T) {
	for name, change := range map[string]func(*Check){
		"kept":    func(c *Check) { c.Draw(scenarios.Overrides{}, "calm") },
		"failing": unchanged,
		"first":   func(c *Check) { c.KeepGoing = false },
		"stopped": func(c *Check) { c.Interrupted.Store(true) },
		"over":    func(c *Check) { c.For = 1 },
		"whole":   func(c *Check) { c.Whole = true; c.Properties = []string{"acknowledged"} },
	} {
		text := printed(t, 1, 3, change)
		list, err := reading(t, append(text, text...))
		if err != nil || len(list) != 2 {
			t.Errorf("%s: %d results, %v\n%s", name, len(list), err, text)
			continue
		}
		var again bytes.Buffer
		c := report.Console{Out: &again}
		c.JSON("", list[1].lines()...)
		if again.String() != string(text) {
			t.Errorf("%s: printed\n%sread\n%s", name, text, again.String())
		}
	}
}

// What cannot be is refused, and said in words, even if somebody has made the checksum
// right.
func TestWrongResults(t *testing.T) {
	genuine := printed(t, 1, 3, unchanged)
	type line = map[string]any
	head := func(key string, value any) func([]line) { return func(l []line) { l[0][key] = value } }
	failure := func(key string, value any) func([]line) { return func(l []line) { l[1][key] = value } }
	summary := func(key string, value any) func([]line) { return func(l []line) { l[len(l)-1][key] = value } }
	for _, c := range []struct {
		name   string
		change func([]line)
		want   string
	}{
		{"no shards", head("shards", 0), "there is no shard 1 of 0"},
		{"shards without end", head("shards", json.Number("18446744073709551615")), "there is no shard 1 of"},
		{"a shard too far", head("shard", 3), "there is no shard 3 of 3"},
		{"more seeds than there are", head("from", json.Number("18446744073709551615")), "there are no 40 seeds from 18446744073709551615 on"},
		{"fewer seeds than shards", head("seeds", 2), "there are no 2 seeds"},
		{"many seeds", head("seeds", 1_000_000_000_000_000), `cannot have the ending "all-run"`},
		{"no version", head("version", ""), "which version"},
		{"another version", head("format", 2), "unknown format 2"},
		{"time below 0", head("for_ns", -1), "below 0"},
		{"an edition", head("edition", "x"), `no edition "x"`},
		{"a profile", head("profile", "x"), `no profile "x"`},
		{"a rule", head("rules", line{"x": true}), `no rule "x"`},
		{"a knob", head("knobs", line{"x": "1"}), `no knob "x"`},
		{"a knob's value", head("knobs", line{"loss": "200%"}), "knob loss: "},
		{"a property that counts", head("properties", []string{"../x"}), `no property "../x"`},
		{"words", head("words", "edition sound"), "are not those of its settings"},
		{"a command", head("arguments", " --edition published; rm x"), "more than the words of a command"},
		{"an unknown key", head("x", 1), `unknown field "x"`},
		{"a number in words", head("seeds", "many"), `"seeds" cannot be string`},
		{"a number below 0", head("from", -1), `"from" cannot be number -1`},

		{"a seed of another shard", failure("seed", 3), "shard 1 has no seed 3"},
		{"a seed that is none", failure("seed", 41), "shard 1 has no seed 41"},
		{"no seeds that fail", failure("count", 0), "without what belongs to one"},
		{"no way to fail", failure("way", ""), "without what belongs to one"},
		{"no reason", failure("why", ""), "without what belongs to one"},
		{"no size", failure("before", nil), "without what belongs to one"},
		{"no size of what is left", failure("after", nil), "without what belongs to one"},
		{"fewer tries than none", failure("tried", -1), "without what belongs to one"},
		{"less time than none", failure("shrink_ns", -1), "without what belongs to one"},
		{"a folder for a property", failure("property", "../x"), `no property "../x"`},
		{"an unknown property", failure("broken", []string{"x"}), `no property "x"`},
		{"no scenario", failure("yaml", "nonsense"), "the counterexample"},
		{"more that fail", failure("count", 100), "seeds fail, and its failures are of"},
		{"two that are alike", func(l []line) { l[2]["way"] = l[1]["way"] }, "each way to fail once"},
		{"two ways of one seed", func(l []line) { l[2]["seed"] = l[1]["seed"] }, "in the order of their seeds"},
		{"another order", func(l []line) { l[1], l[2] = l[2], l[1] }, "in the order of their seeds"},

		{"more than all", summary("done", 14), `cannot have the ending "all-run"`},
		{"not all", summary("done", 12), `cannot have the ending "all-run"`},
		{"none that fails", summary("failing", 0), "0 seeds fail"},
		{"more undecided than there are", summary("undecided", 14), "its counts are not possible"},
		{"more run twice than there are", summary("run_twice", 14), "its counts are not possible"},
		{"time that runs backwards", summary("elapsed_ns", -1), "its counts are not possible"},
		{"no time to be over", func(l []line) { summary("ended", "time-over")(l); summary("done", 12)(l) }, `cannot have the ending "time-over"`},
		{"a failure that ended it", summary("ended", "failure-found"), `cannot have the ending "failure-found"`},
		{"nothing that differs", summary("ended", "not-deterministic"), `cannot have the ending "not-deterministic"`},
		{"something that differs", summary("different", line{"seed": 2, "event": 1, "was": "", "is": ""}), `cannot have the ending "all-run"`},
		{"a seed that differs and is none", func(l []line) {
			summary("ended", "not-deterministic")(l)
			summary("different", line{"seed": 3, "event": 1, "was": "", "is": ""})(l)
		}, `cannot have the ending "not-deterministic"`},
		{"nothing that differs in what differs", func(l []line) {
			summary("ended", "not-deterministic")(l)
			summary("different", line{"seed": 2, "event": 0, "was": "", "is": ""})(l)
		}, `cannot have the ending "not-deterministic"`},
		{"a time that is not over", func(l []line) { head("for_ns", 1)(l); summary("ended", "time-over")(l) }, `cannot have the ending "time-over"`},
		{"failures that add up to more than there can be", func(l []line) {
			for _, f := range l[1:3] { // together 2^64, and nothing, to whom does not look
				n, _ := strconv.ParseUint(f["count"].(json.Number).String(), 10, 64)
				f["count"] = json.Number(strconv.FormatUint(n+1<<63, 10))
			}
		}, "seeds fail, and its failures are of"},
		{"not judged more than there are", summary("not_judged", 14), "its counts are not possible"},
		{"more that fail and are undecided than there are", summary("undecided", 13), "its counts are not possible"},
		{"an unknown ending", summary("ended", "x"), `no ending "x"`},
		{"a merge of some", summary("ended", "incomplete"), "some shards without the others"},
		{"an unknown counter", func(l []line) { l[len(l)-1]["met"].(line)["x"] = 1 }, "that this program does not know"},
		{"a counter less", func(l []line) { delete(l[len(l)-1]["met"].(line), "rounds") }, `"rounds" is not counted`},
		{"a counter that overflows", func(l []line) { l[len(l)-1]["met"].(line)["rounds"] = json.Number("9223372036854775808") }, "its counts are not possible"},
	} {
		list := linesOf(t, genuine)
		c.change(list)
		text := sealed(t, list)
		if _, err := reading(t, text); err == nil || !strings.Contains(err.Error(), c.want) || strings.Contains(err.Error(), "Go ") {
			t.Errorf("%s: got %v, want %q", c.name, err, c.want)
		}
	}

	// And what has only lost its checksum, or its form.
	wrong := func(name string, data []byte, want string) {
		if _, err := reading(t, data); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: got %v, want %q", name, err, want)
		}
	}
	rows := bytes.SplitAfter(genuine, []byte("\n"))
	last := len(rows) - 2 // after which there is an empty one
	first := linesOf(t, printed(t, 1, 3, func(c *Check) { c.KeepGoing = false; c.Draw(scenarios.Overrides{Edition: "sound"}, "calm") }))
	summary("ended", "failure-found")(first)
	wrong("no failure that ended it", sealed(t, first), `cannot have the ending "failure-found"`)
	wrong("another reason", bytes.Replace(genuine, []byte(`"why":"`), []byte(`"why":"x`), 1), "its checksum is another")
	wrong("nothing", nil, "is empty")
	wrong("no head", bytes.Join(rows[1:], nil), `begins with a line of kind "check"`)
	wrong("no summary", bytes.Join(rows[:last], nil), "shard 1 was ended before it could report")
	wrong("no summary before the next", slices.Concat(bytes.Join(rows[:last], nil), genuine), "shard 1 was ended before it could report")
	wrong("two summaries", slices.Concat(genuine, rows[last]), `begins with a line of kind "check"`)
	wrong("half a line", genuine[:len(genuine)-10], "not all of it is there")
	wrong("no JSON", []byte("edition published\n"), "line 1: it is not JSON, or not all of it is there\n")
	wrong("a list", []byte("[]"), "it is array, and not an object")
	wrong("an unknown line", slices.Concat(rows[0], []byte(`{"kind":"x"}`)), `there is no kind "x"`)
}

func linesOf(t *testing.T, text []byte) []map[string]any {
	t.Helper()
	decoder := json.NewDecoder(bytes.NewReader(text))
	decoder.UseNumber()
	var list []map[string]any
	for decoder.More() {
		var line map[string]any
		if err := decoder.Decode(&line); err != nil {
			t.Fatal(err)
		}
		list = append(list, line)
	}
	return list
}

// sealed writes lines with the checksum that they should have, as far as they can be
// read at all.
func sealed(t *testing.T, lines []map[string]any) []byte {
	t.Helper()
	write := func() []byte {
		var b bytes.Buffer
		for _, line := range lines {
			if err := json.NewEncoder(&b).Encode(line); err != nil {
				t.Fatal(err)
			}
		}
		return b.Bytes()
	}
	var r Result
	for _, line := range bytes.Split(bytes.TrimSpace(write()), []byte("\n")) {
		switch {
		case bytes.Contains(line, []byte(`"kind":"check"`)):
			json.Unmarshal(line, &r.Head)
		case bytes.Contains(line, []byte(`"kind":"failure"`)):
			r.Failures = append(r.Failures, Failure{})
			json.Unmarshal(line, &r.Failures[len(r.Failures)-1])
		default:
			json.Unmarshal(line, &r.Summary)
		}
	}
	lines[len(lines)-1]["checksum"] = r.checksum()
	return write()
}

// Of two shards whose runs differ the smaller seed counts; of the reasons to end, the
// gravest; of times, the longest; and everything else adds up.
func TestAddPart(t *testing.T) {
	part := func(shard uint64, ended Ended, elapsed int, different *Different) *Result {
		r := &Result{Head: Head{Shard: shard, Shards: 3, Seeds: 9}}
		r.Ended, r.Different, r.Done, r.Twice = ended, different, 3, shard
		r.Elapsed, r.Met[0] = 0, shard
		for range elapsed {
			r.Elapsed++
		}
		return r
	}
	r := part(1, TimeOver, 5, &Different{Seed: 8})
	for _, p := range []*Result{part(0, Interrupted, 7, nil), part(2, AllRun, 3, &Different{Seed: 6})} {
		if err := r.addPart(p, "x", "y"); err != nil {
			t.Fatal(err)
		}
	}
	if r.Ended != Interrupted || r.Different.Seed != 6 || r.Elapsed != 7 || r.Done != 9 || r.Twice != 3 || r.Met[0] != 3 {
		t.Errorf("got %+v", r.Summary)
	}
	if err := r.addPart(part(0, AllRun, 0, &Different{Seed: 7}), "x", "y"); err != nil || r.Different.Seed != 6 {
		t.Errorf("got %+v, %v", r.Different, err)
	}
	other := part(0, AllRun, 0, nil)
	other.Head.Hash = "another"
	if err := r.addPart(other, "x.jsonl", "y.jsonl"); err == nil || !strings.Contains(err.Error(), "x.jsonl and y.jsonl are not parts of one check") {
		t.Errorf("got %v", err)
	}
}

// Every counter adds up, and shards of which anything else than the number differs are
// not parts of one check.
func TestAddPartOfEveryField(t *testing.T) {
	a, b := &Result{}, &Result{}
	for i, v := 0, reflect.ValueOf(&a.Counts).Elem(); i < v.NumField(); i++ {
		for k := range 2 {
			f := []reflect.Value{v.Field(i), reflect.ValueOf(&b.Counts).Elem().Field(i)}[k]
			if f.Kind() == reflect.Array {
				for n := range f.Len() {
					f.Index(n).SetUint(uint64(100*k + n + 1))
				}
				continue
			}
			f.SetUint(uint64(100*k + i + 1))
		}
	}
	was := a.Counts
	if err := a.addPart(b, "x", "y"); err != nil {
		t.Fatal(err)
	}
	for i, v := 0, reflect.ValueOf(a.Counts); i < v.NumField(); i++ {
		if f := v.Field(i); f.Kind() != reflect.Array && f.Uint() != uint64(2*i+102) {
			t.Errorf("%s has become %d", v.Type().Field(i).Name, f.Uint())
		}
	}
	for n := range a.Met {
		if a.Met[n] != uint64(2*n+102) && a.Met[n] != max(was.Met[n], b.Met[n]) {
			t.Errorf("counter %d has become %d", n, a.Met[n])
		}
	}
	b.Unspoken, b.Stuck, b.Failures = "why", &Stuck{Seed: 3}, []Failure{{Seed: 1}}
	if err := a.addPart(b, "x", "y"); err != nil || a.Unspoken != "why" || a.Stuck != b.Stuck || len(a.Failures) != 1 {
		t.Errorf("%+v, %v", a, err)
	}
	if err := a.addPart(&Result{Summary: Summary{Unspoken: "later"}, Stuck: &Stuck{}}, "x", "y"); err != nil || a.Unspoken != "why" || a.Stuck != b.Stuck {
		t.Errorf("%+v, %v", a, err)
	}
	for i, v := 0, reflect.ValueOf(&b.Head).Elem(); i < v.NumField(); i++ {
		name := v.Type().Field(i).Name
		b.Head = Head{}
		switch f := v.Field(i); f.Kind() {
		case reflect.String:
			f.SetString("other")
		case reflect.Bool:
			f.SetBool(true)
		case reflect.Map:
			f.Set(reflect.MakeMap(f.Type()))
		case reflect.Slice:
			f.Set(reflect.MakeSlice(f.Type(), 1, 1))
		case reflect.Uint64:
			f.SetUint(1)
		default:
			f.SetInt(1)
		}
		if err := a.addPart(b, "x", "y"); (err == nil) != (name == "Shard") {
			t.Errorf("another %s: %v", name, err)
		}
	}
}

// Failures of several shards are those of the smallest seeds, each way once.
func TestFinish(t *testing.T) {
	r := &Result{Head: Head{Shards: 2}, Failures: []Failure{
		{Seed: 9, Count: 2, Way: "x", Shape: "1"}, {Seed: 4, Count: 3, Way: "x", Shape: "2"},
		{Seed: 7, Count: 1, Way: "y", Shape: "2"}, {Seed: 5, Count: 1, Way: "z", Shape: "3"},
	}}
	r.finish(map[uint64]string{0: "", 1: ""})
	if len(r.Failures) != 3 || r.Failures[0].Seed != 4 || r.Failures[0].Count != 5 || r.Failures[1].Seed != 5 || r.Failures[2].Seed != 7 || r.Missing != "" {
		t.Errorf("got %+v", r.Failures)
	}
	kinds := alike(r.Failures)
	if len(kinds) != 2 || kinds[0].Seed != 4 || kinds[0].Count != 6 || r.Failures[0].Count != 5 {
		t.Errorf("of kinds there are %+v", kinds)
	}
}

// A number of ways to fail is told apart; the rest is counted with the last of them.
func TestManyWays(t *testing.T) {
	var list []Failure
	for i := range uint64(mostWays + 10) {
		list = append(list, Failure{Seed: i, Count: 1, Way: strings.Repeat("x", int(i))})
	}
	list = ways(append(list, Failure{Seed: 99, Count: 5, Way: "x"}))
	if len(list) != mostWays || list[mostWays-1].Count != 11 || list[mostWays-1].Seed != mostWays-1 || list[1].Count != 6 {
		t.Errorf("%d ways: %+v", len(list), list)
	}
}

// What comes after a seed whose runs differ does not count.
func TestDifferent(t *testing.T) {
	r := &run{Config: Config{KeepGoing: true}, early: map[uint64]*Result{}}
	r.put(1, &Result{Summary: Summary{Counts: Counts{Done: 5}, Different: &Different{Seed: 9}}})
	r.put(2, &Result{Summary: Summary{Counts: Counts{Done: 7, Failing: 1}}})
	r.put(0, &Result{Summary: Summary{Counts: Counts{Done: 3}}})
	if result := r.close(); result.Done != 8 || result.Different == nil {
		t.Errorf("got %+v", result)
	}
	if r.ran.Done != 3 || r.ran.Failing != 1 { // all the same
		t.Errorf("it has come to %+v", r.ran)
	}
}

// Of counterexamples that are alike one is saved.
func TestSave(t *testing.T) {
	c := &Check{Console: &report.Console{Err: &bytes.Buffer{}}, Dir: t.TempDir()}
	r := &Result{Failures: []Failure{
		{Property: "x", Seed: 1, Shape: "1", YAML: "a"}, {Property: "x", Seed: 2, Shape: "1", YAML: "b", File: "elsewhere"}, {Property: "y", Seed: 3, Shape: "2", YAML: "c"},
	}}
	c.save(r)
	files, err := os.ReadDir(c.Dir)
	if err != nil || len(files) != 2 || r.Failures[0].File != filepath.Join(c.Dir, "x-seed-1.yaml") || r.Failures[1].File != "" || r.Failures[2].File == "" {
		t.Errorf("%v, %v: %+v", err, files, r.Failures)
	}
}

func TestMissingShards(t *testing.T) {
	have := func(list ...uint64) map[uint64]string {
		m := map[uint64]string{}
		for _, i := range list {
			m[i] = "x"
		}
		return m
	}
	for _, c := range []struct {
		count uint64
		have  map[uint64]string
		want  string
	}{
		{1, have(0), ""},
		{3, have(2, 0, 1), ""},
		{3, have(1), "of 3 shards these are missing: 0 2"},
		{9, have(3), "of 9 shards these are missing: 0 1 2 4 5 6 7 8"},
		{11, have(0, 10), "9 of 11 shards are missing, among them 1 2 3 4 5 6 7 8"},
		{1 << 32, have(0), "4294967295 of 4294967296 shards are missing, among them 1 2 3 4 5 6 7 8"},
	} {
		if got := missingShards(c.count, c.have); got != c.want {
			t.Errorf("%d with %v: %q, want %q", c.count, c.have, got, c.want)
		}
	}
}

func TestSetShard(t *testing.T) {
	t.Setenv("JOB_COMPLETION_INDEX", "2")
	for text, want := range map[string]string{
		"0/8": "", "7/8": "", "auto/8": "", "0/1": "", "0/9": "",
		"8/8": "no shard 8 of 8", "auto/2": "no shard 2 of 2", "0/10": "10 shards need at least as many seeds, and there are 9",
		"0": "takes I/N", "0/0": "takes I/N", "/8": "takes I/N", "x/8": "takes I/N", "0/x": "takes I/N", "-1/8": "takes I/N", "0x1/8": "takes I/N",
		"0/4294967296": "takes I/N", "automatic/8": "takes I/N", "1_0/20": "takes I/N",
	} {
		c := &Check{Head: Head{Seeds: 9}}
		err := c.SetShard(text)
		if (err == nil) != (want == "") || err != nil && !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %v, want %q", text, err, want)
		}
		if i := c.Head.Shard; text == "auto/8" && i != 2 || text == "7/8" && i != 7 || want == "" && text != "0/1" && c.Head.Shards < 8 {
			t.Errorf("%q is shard %d of %d", text, i, c.Head.Shards)
		}
	}
}
