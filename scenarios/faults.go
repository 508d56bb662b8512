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
	var names []string
	for _, p := range swarm.Profiles() {
		names = append(names, p.Name)
	}
	fields := []form.Field{
		form.Key("profile", "A setting of all knobs; none and no knob: nothing is drawn.", &f.Profile, form.Choice("profiles", names, names)).Default(noProfile),
	}
	for _, info := range swarm.KnobTable() {
		doc := strings.ToUpper(info.About[:1]) + info.About[1:]
		if info.Risky {
			doc += "; it breaks what the protocol assumes of its clients"
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

// knobSpan is a value of a knob, or a range from which it is drawn.
func knobSpan(info swarm.KnobInfo) form.Value[swarm.Span] {
	what, value := "a number such as 2, or a range such as 0..3", "[0-9]+"
	switch info.Unit {
	case swarm.Share:
		what, value = "a percentage such as 2%, or a range such as 0%..5%", sharePattern
	case swarm.Duration:
		what, value = "a duration such as 10ms, or a range such as 5ms..20ms", durationPattern
	}
	v := form.Parsed(what, value+`(\.\.`+value+`)?`,
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
	span, m := parseKnob(info, text)
	if m != nil {
		return swarm.Span{}, m
	}
	return span, nil
}

func parseKnob(info swarm.KnobInfo, text string) (swarm.Span, *mistake) {
	low, high, isRange := strings.Cut(text, "..")
	if !isRange {
		high = low
	}
	from, m := parseKnobValue(info, low)
	if m != nil {
		return swarm.Span{}, m
	}
	to, m := parseKnobValue(info, high)
	if m != nil {
		m.At = len([]rune(low)) + len("..")
		return swarm.Span{}, m
	}
	if from > to {
		return swarm.Span{}, &mistake{
			What: fmt.Sprintf("the range %s goes backwards", text),
			Hint: fmt.Sprintf("did you mean %s..%s?", high, low),
		}
	}
	return swarm.Span{Low: from, High: to}, nil
}

// parseKnobValue reads one value within the bounds of the knob.
func parseKnobValue(info swarm.KnobInfo, text string) (value uint64, m *mistake) {
	switch info.Unit {
	case swarm.Share:
		var s Share
		s, m = parseShare(text)
		value = uint64(s)
	case swarm.Duration:
		var t trace.Time
		t, m = parseSpan(text)
		value = uint64(t)
	default:
		value, m = parseCount(text)
	}
	bounds := "from " + knobValue(info, info.Least) + " to " + knobValue(info, info.Most)
	switch {
	case m != nil:
		return 0, m
	case value < info.Least:
		return 0, &mistake{What: fmt.Sprintf("%s is too small for `%s`", form.Shortened(text), info.Name), Hint: bounds}
	case value > info.Most:
		return 0, &mistake{What: fmt.Sprintf("%s is too large for `%s`", form.Shortened(text), info.Name), Hint: bounds}
	}
	return value, nil
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
	text := knobValue(info, span.Low)
	if span.High != span.Low {
		text += ".." + knobValue(info, span.High)
	}
	return text
}

func knobValue(info swarm.KnobInfo, value uint64) string {
	switch info.Unit {
	case swarm.Share:
		return Share(value).String()
	case swarm.Duration:
		return FormatTime(trace.Time(value))
	}
	return strconv.FormatUint(value, 10)
}
