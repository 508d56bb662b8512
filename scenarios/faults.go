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

// noProfile is the profile of files that name none.
const noProfile = "none"

// form has a key for the profile, and one for every knob.
func (f *Faults) form() form.Form {
	names := form.Names(swarm.Profiles(), func(p swarm.Profile) string { return p.Name })
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

// parseCount reads a whole number. One that is larger than any that is allowed is
// read as the largest.
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
