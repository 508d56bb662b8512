package scenarios

import (
	"fmt"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v4"

	"skinny/scenarios/form"
	"skinny/sim/swarm"
	"skinny/sim/trace"
)

// Faults is what is drawn from the seed, on top of what the file says. With the
// profile none, or without one, and without a knob nothing is.
type Faults struct {
	Profile Opt[string]                         // a name of [swarm.Profiles]; default: none
	Knobs   [len(swarm.Knobs{})]Opt[swarm.Span] // on top of the profile, by [swarm.Knob]
}

const noProfile = "none"

func (f *Faults) form() form.Form {
	names := form.Each(swarm.Profiles(), func(p swarm.Profile) string { return p.Name })
	fields := []form.Field{
		form.Key("profile", "A setting of all knobs; none and no knob: nothing is drawn.", &f.Profile, form.Choice("profiles", names, names)).Default(noProfile),
	}
	for _, info := range swarm.KnobTable() {
		doc := strings.ToUpper(info.About[:1]) + info.About[1:]
		if info.Risk != swarm.NoRisk {
			doc += "; it breaks what the protocol assumes of " + info.Risk.String()
		}
		fields = append(fields, form.Key(info.Name, doc+".", &f.Knobs[info.Knob], knobSpan(info)))
	}
	return form.Form{
		Name: "`faults`", Flow: true, Fields: fields,
		Check: func() *mistake {
			if *f != (Faults{}) {
				return nil
			}
			return &mistake{What: "this draws nothing", Hint: "give it a profile or a knob, or leave it out; " + form.Listed("profiles", names)}
		},
	}
}

// knobUnits says how values of knobs are written, by their unit.
var knobUnits = [...]struct {
	what, pattern string
	parse         func(string) (uint64, *mistake)
	format        func(uint64) string
}{
	swarm.Count: {"a number such as 2, or a range such as 0..3", "[0-9]+", parseCount,
		func(v uint64) string { return strconv.FormatUint(v, 10) }},
	swarm.Share: {"a percentage such as 2%, or a range such as 0%..5%", sharePattern,
		func(text string) (uint64, *mistake) { s, m := parseShare(text); return uint64(s), m },
		func(v uint64) string { return Share(v).String() }},
	swarm.Duration: {"a duration such as 10ms, or a range such as 5ms..20ms", durationPattern,
		func(text string) (uint64, *mistake) { t, m := parseSpan(text); return uint64(t), m },
		func(v uint64) string { return FormatTime(trace.Time(v)) }},
}

// knobSpan is a value of a knob, or a range from which it is drawn.
func knobSpan(info swarm.KnobInfo) form.Value[swarm.Span] {
	unit := &knobUnits[info.Unit]
	v := form.Parsed(unit.what, unit.pattern+`(\.\.`+unit.pattern+`)?`,
		func(text string) (swarm.Span, *mistake) { return parseKnob(info, text) },
		func(span swarm.Span) string { return KnobText(info, span) })
	if info.Unit != swarm.Count {
		return v
	}
	written := v.Write
	v.Write = func(span swarm.Span) *yaml.Node {
		if span.Low == span.High {
			return form.NumberNode(span.Low)
		}
		return written(span)
	}
	v.Schema = func() form.Object {
		number := form.Numeral[uint64]("", info.Least, info.Most)
		return form.OneOf(number.Schema(), form.Word("", `[0-9]+\.\.[0-9]+`).Schema())
	}
	return v
}

// ParseKnob reads a value of a knob, or a range from which it is drawn, in its unit:
// 2 or 0..3, 5% or 0%..5%, 10ms or 5ms..20ms.
func ParseKnob(info swarm.KnobInfo, text string) (swarm.Span, error) {
	return failing(parseKnob(info, text))
}

// parseKnob is ParseKnob; values have to be within the bounds of the knob.
func parseKnob(info swarm.KnobInfo, text string) (swarm.Span, *mistake) {
	unit := &knobUnits[info.Unit]
	bounds := "from " + unit.format(info.Least) + " to " + unit.format(info.Most)
	low, high, m := parseRange(text, func(text string) (uint64, *mistake) {
		value, m := unit.parse(text)
		switch {
		case m != nil:
			return 0, m
		case value < info.Least:
			return 0, &mistake{What: fmt.Sprintf("%s is too small for `%s`", form.Shortened(text), info.Name), Hint: bounds}
		case value > info.Most:
			return 0, &mistake{What: fmt.Sprintf("%s is too large for `%s`", form.Shortened(text), info.Name), Hint: bounds}
		}
		return value, nil
	})
	return swarm.Span{Low: low, High: high}, m
}

// parseCount reads a whole number, and the largest that there is for a larger one.
func parseCount(text string) (uint64, *mistake) {
	if text == "" || strings.TrimLeft(text, "0123456789") != "" {
		return 0, &mistake{What: fmt.Sprintf("expected a number, got %s", form.Quoted(text)), Hint: "a number such as 2, or a range such as 0..3"}
	}
	value, _ := strconv.ParseUint(text, 10, 64)
	return value, nil
}

// KnobText is what ParseKnob reads.
func KnobText(info swarm.KnobInfo, span swarm.Span) string {
	return formatRange(span.Low, span.High, knobUnits[info.Unit].format)
}

// draws reports whether something is drawn on top of what the file says.
func (f *Faults) draws() bool {
	knobless := Faults{Profile: f.Profile}
	return *f != knobless || f.Profile.Or(noProfile) != noProfile
}

// Variation is what all seeds of a check of the scenario have in common, and the
// name of the profile that it follows. A profile that is given takes the place of
// the file's, whose single knobs stay on top; without one and without the file's it
// is the first of [swarm.Profiles].
//
// If the file says what is drawn, running it with a seed is the run that the check
// makes of that seed. The scenario must be timed, and the profile one that exists.
func (s *Scenario) Variation(profile string) (swarm.Setting, string) {
	base := swarm.Base{Cluster: s.Cluster, Timetable: s.Timetable, Progress: s.Progress}
	if s.base != nil {
		base = *s.base
	}
	faults := s.File().Faults
	// The timing stays with single knobs without a profile, and where nothing is drawn.
	base.Stretch = profile != "" || faults == (Faults{}) || faults.Profile.Given && faults.draws()
	if profile == "" {
		profile = faults.Profile.Or(noProfile)
		if faults == (Faults{}) {
			profile = swarm.Profiles()[0].Name
		}
	}
	p, ok := swarm.ProfileByName(profile)
	if !ok {
		panic(fmt.Sprintf("scenarios: no profile is called %q", profile))
	}
	knobs := p.Knobs.OnBase()
	for k, span := range faults.Knobs {
		if span.Given {
			knobs[k] = span.Value
		}
	}
	return swarm.Setting{Rules: s.Cluster.Rules, Knobs: knobs, Base: &base, Judges: s.Judges}, profile
}

// draw makes the scenario what its seed makes of it.
func (s *Scenario) draw() {
	s.base = &swarm.Base{Cluster: s.Cluster, Timetable: s.Timetable, Progress: s.Progress}
	set, _ := s.Variation("")
	var plan swarm.Plan
	plan.Draw(&set, s.Seed, nil)
	s.Cluster, s.Timetable, s.Progress = &plan.Cluster, &plan.Timetable, plan.Progress
}

// checkFaults reports knobs that can have no effect.
func (c *compiler) checkFaults() {
	f := &c.file.Faults
	for _, k := range swarm.KnobTable() {
		if given := f.Knobs[k.Knob]; given.Given && k.Base == swarm.Never {
			c.Report(given.Place, "leave it out", "`%s` is about clusters that are drawn, and a file brings its own", k.Name)
		}
	}
	clients, operations := f.Knobs[swarm.Clients], f.Knobs[swarm.Operations]
	switch {
	case clients.Value.Is() && !operations.Value.Is():
		c.Report(clients.Place, "give `operations`, too: operations: 4..20", "`clients` that call nothing")
	case operations.Value.Is() && !clients.Value.Is():
		c.Report(operations.Place, "give `clients`, too: clients: 1..3; the file's own clients call what the timeline says", "`operations` are those of clients that are drawn, and there are none")
	}
}
