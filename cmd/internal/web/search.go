package web

import (
	"context"
	"fmt"
	"runtime"
	"strconv"
	"time"

	"skinny/protocol"
	"skinny/scenarios"
	"skinny/scenarios/counterexample"
	"skinny/sim/check"
	"skinny/sim/explore"
	"skinny/sim/explore/search"
	"skinny/sim/shrink"
	"skinny/sim/swarm"
)

// Bounds on searches.
const (
	mostSeeds    = 10_000_000
	searchTime   = 10 * time.Minute
	searchMemory = 1 << 30 // bytes of states; a browser's worker has a quarter of it
	often        = 200 * time.Millisecond
)

type wanted struct {
	Query   query             `json:"query"`
	Options map[string]string `json:"options"`
}

type found struct {
	Text     string `json:"text"`
	Violated string `json:"violated"`
	YAML     string `json:"yaml,omitempty"`
	At       int    `json:"at,omitempty"`
}

type progress struct {
	Done uint64 `json:"done"`
	Of   uint64 `json:"of"`
	Text string `json:"text"`
}

// Search looks for a run that violates a property: by many random runs ("check") or by
// every order of events ("explore"). It says how far it is, and ends early if the
// context does.
func (d *Door) Search(ctx context.Context, kind string, data []byte, say func([]byte)) (answer []byte) {
	defer func() {
		if r := recover(); r != nil {
			answer = encode(&found{Text: fmt.Sprintf("This is a bug of the sandbox: %v", r)})
		}
	}()
	ctx, cancel := context.WithTimeout(ctx, searchTime)
	defer cancel()
	var w wanted
	s, err := w.scenario(data)
	if err != nil {
		return encode(&found{Text: faults(err)[0].Message})
	}
	f := &finder{ctx: ctx, scenario: s, options: w.Options, start: time.Now(), say: func(p progress) { say(encode(&p)) }}
	looks := map[string]func() (*found, error){"check": f.check, "explore": f.explore}[kind]
	if looks == nil {
		return encode(&found{Text: "There is no search " + kind + "."})
	}
	result, err := looks()
	if err != nil {
		result = &found{Text: err.Error()}
	}
	return encode(result)
}

// scenario reads what is wanted, and is the scenario that is shown, with the rules of its branch.
func (w *wanted) scenario(data []byte) (*scenarios.Scenario, error) {
	q := &w.Query
	if err := decode(data, w); err != nil {
		return nil, err
	}
	if err := q.check(); err != nil {
		return nil, err
	}
	file, err := q.file()
	if err != nil {
		return nil, err
	}
	s, err := file.Compile(q.overrides())
	if err != nil {
		return nil, err
	}
	return s.Under(q.rules(q.Branch, s.Cluster.Rules)), nil
}

// rules are a branch's, if the scenario has those.
func (q *query) rules(number int, of protocol.Rules) protocol.Rules {
	if number == 0 {
		return of
	}
	b := &q.Branches[number-1]
	return turned(q.rules(b.Parent, of), b.Rules)
}

type finder struct {
	ctx      context.Context
	scenario *scenarios.Scenario
	options  map[string]string
	start    time.Time
	last     time.Time // that it was said how far it is
	say      func(progress)
	err      error // what is wrong with the options
}

func (f *finder) stopped() bool { return f.ctx.Err() != nil }

func (f *finder) due() bool {
	if time.Since(f.last) < often {
		return false
	}
	f.last = time.Now()
	return true
}

func (f *finder) rate(done uint64) uint64 {
	return uint64(float64(done) / max(time.Since(f.start).Seconds(), .001))
}

func (f *finder) number(name string, otherwise, least, most uint64) uint64 {
	text := f.options[name]
	if text == "" {
		return otherwise
	}
	n, err := strconv.ParseUint(text, 10, 64)
	if f.err == nil && (err != nil || n < least || n > most) {
		f.err = fmt.Errorf("%s takes a whole number from %d to %d", name, least, most)
	}
	return n
}

// property is the one that is to break, or none for any.
func (f *finder) property() []string {
	name := f.options["property"]
	if name == "" {
		return nil
	}
	if _, ok := check.PropertyByName(name); !ok && f.err == nil {
		f.err = fmt.Errorf("there is no property %q", name)
	}
	return []string{name}
}

// title is the scenario's, in quotation marks since it may have commas.
func (f *finder) title() string { return "“" + f.scenario.Title + "”" }

func counted(n uint64, thing string) string {
	if n != 1 {
		thing += "s"
	}
	return strconv.FormatUint(n, 10) + " " + thing
}

// check runs many seeds, and makes the first failing one small.
func (f *finder) check() (*found, error) {
	seeds, properties, profile := f.number("seeds", 1_000, 1, mostSeeds), f.property(), f.options["profile"]
	if f.err != nil {
		return nil, f.err
	}
	if _, ok := swarm.ProfileByName(profile); !ok && profile != "" {
		return nil, fmt.Errorf("there is no profile %q", profile)
	}
	s := f.scenario
	if !s.Timed() {
		return &found{Text: "This scenario is a schedule, in which nothing is left to chance. Explore tries every order of its events."}, nil
	}
	setting, profile := s.Variation(profile)
	trial := swarm.NewTrial(&setting)
	said := func(n uint64) string {
		return fmt.Sprintf("%s of %s · edition %s · profile %s", counted(n, "random run"), f.title(), s.Setting(), profile)
	}
	for n := uint64(0); n < seeds; n++ {
		if f.stopped() {
			return &found{Text: said(n) + ": nothing is violated in them; the search was ended."}, nil
		}
		worst := check.Worst(trial.Run(n+1), properties...)
		if worst != nil {
			return f.failure(n+1, worst.Property, &setting, len(properties) > 0, said(n+1))
		}
		if f.due() {
			f.say(progress{Done: n + 1, Of: seeds, Text: fmt.Sprintf("%d of %d runs, %d a second", n+1, seeds, f.rate(n+1))})
		}
	}
	return &found{Text: said(seeds) + ": nothing is violated in them."}, nil
}

// failure makes a scenario of a failing seed.
func (f *finder) failure(seed uint64, property string, setting *swarm.Setting, exactly bool, said string) (*found, error) {
	f.say(progress{Done: seed, Text: fmt.Sprintf("seed %d violates %s; it is made small", seed, property)})
	run := counterexample.OfSeed(setting, f.scenario.Edition, seed, property, "`skinny check`")
	run.Exactly = exactly
	made, err := counterexample.Make(run, shrink.Options{Stop: f.stopped})
	if err != nil {
		return nil, err
	}
	broken := made.Verdict
	return &found{fmt.Sprintf("%s: seed %d violates %s.", said, seed, broken.Property), broken.Property, string(made.File.Encode()), broken.Event}, nil
}

func (f *finder) explore() (*found, error) {
	config, events := f.scenario.ExploreConfig()
	for _, b := range explore.Bounds() {
		config.Limits[b] = uint8(f.number(b.String(), uint64(config.Limits[b]), 0, explore.MaxLimit))
	}
	depth := f.number("depth", uint64(events), 0, 1<<20)
	config.Properties = f.property()
	if f.err != nil {
		return nil, f.err
	}
	model, err := explore.New(config)
	if err != nil {
		return nil, err
	}
	memory := int64(searchMemory)
	if runtime.GOARCH == "wasm" {
		memory /= 4
	}
	r, err := search.BreadthFirst(model, search.Options{
		Workers: runtime.GOMAXPROCS(0), Depth: int(depth), Memory: memory, Stop: f.stopped,
		Progress: func(r *search.Result) {
			if f.due() {
				f.say(progress{Done: r.Distinct, Text: fmt.Sprintf("depth %d · %s · %d a second", r.Depth, counted(r.Distinct, "state"), f.rate(r.Expanded))})
			}
		},
	})
	if err != nil {
		return nil, err
	}
	said := fmt.Sprintf("%s of %s · edition %s, to a depth of %s", counted(r.Distinct, "state"), f.title(), f.scenario.Setting(), counted(uint64(r.Depth), "decision"))
	for _, b := range explore.Bounds() {
		said += fmt.Sprintf(" · %s %d", b, config.Limits[b])
	}
	if r.Violation == nil {
		return &found{Text: said + ": " + endings[r.Ending]}, nil
	}
	shortest := r.Ending == search.Violated
	path, err := counterexample.Found(f.scenario, model, r.Violation, shortest)
	if err != nil {
		return nil, err
	}
	text := fmt.Sprintf("%s: %s is violated after %s", said, path.Property, counted(uint64(len(path.Decisions)), "decision"))
	if shortest {
		text += ", and after no fewer"
	}
	result := &found{Text: text + ".", Violated: path.Property, YAML: string(path.File.Encode())}
	if v := check.Worst(path.Outcome.Verdicts, path.Property); v != nil {
		result.At = v.Event
	}
	return result, nil
}

var endings = map[search.Ending]string{
	search.Exhausted:   "every order was tried, and nothing is violated.",
	search.TooDeep:     "every order up to that depth was tried, and nothing is violated.",
	search.Interrupted: "nothing is violated so far; the search was ended.",
	search.OutOfMemory: "nothing is violated so far; the memory for states is used up.",
}
