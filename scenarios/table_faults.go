package scenarios

import (
	"errors"
	"fmt"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v4"

	"skinny/sim/swarm"
	"skinny/sim/trace"
)

// noProfile is the profile of files that name none.
const noProfile = "none"

// faultsTable has a key for the profile, and one for every knob.
var faultsTable = func() mapping[Faults] {
	var names []string
	for _, p := range swarm.Profiles() {
		names = append(names, p.Name)
	}
	m := mapping[Faults]{
		name: "`faults`",
		flow: true,
		fields: []field[Faults]{
			given("profile", "A setting of all knobs; none and no knob: nothing is drawn.", oneOf("profiles", names, names),
				func(f *Faults) *Opt[string] { return &f.Profile }).otherwise(noProfile),
		},
		check: func(f *Faults) *mistake {
			if *f != (Faults{}) {
				return nil
			}
			return &mistake{what: "this draws nothing", hint: "give it a profile or a knob, or leave it out; " + listed("profiles", names)}
		},
	}
	for _, info := range swarm.KnobTable() {
		m.fields = append(m.fields, given(info.Name, knobDoc(info), knobShape(info),
			func(f *Faults) *Opt[swarm.Span] { return &f.Knobs[info.Knob] }))
	}
	return m
}()

// knobDoc is a sentence about a knob.
func knobDoc(info swarm.KnobInfo) string {
	doc := strings.ToUpper(info.About[:1]) + info.About[1:]
	if info.Risky {
		doc += "; it breaks what the protocol assumes of its clients"
	}
	return doc + "."
}

// knobShape is a value of a knob, or a range from which it is drawn.
func knobShape(info swarm.KnobInfo) shape[swarm.Span] {
	what, value := "a number such as 2, or a range such as 0..3", "[0-9]+"
	switch info.Unit {
	case swarm.Share:
		what, value = "a percentage such as 2%, or a range such as 0%..5%", sharePattern
	case swarm.Duration:
		what, value = "a duration such as 10ms, or a range such as 5ms..20ms", durationPattern
	}
	s := parsed(what, value+`(\.\.`+value+`)?`,
		func(text string) (swarm.Span, *mistake) { return parseKnob(info, text) },
		func(span swarm.Span) string { return KnobText(info, span) })
	if info.Unit != swarm.Count {
		return s
	}
	written := s.write
	s.write = func(span swarm.Span) *yaml.Node {
		if span.Low == span.High {
			return bareNode("!!int", KnobText(info, span))
		}
		return written(span)
	}
	s.schema = object{{"oneOf", []object{
		{{"type", "integer"}, {"minimum", info.Least}, {"maximum", info.Most}},
		{{"type", "string"}, {"pattern", `^[0-9]+\.\.[0-9]+$`}},
	}}}
	return s
}

// ParseKnob reads a value of a knob, or a range from which it is drawn, in its unit:
// 2 or 0..3, 5% or 0%..5%, 10ms or 5ms..20ms.
func ParseKnob(info swarm.KnobInfo, text string) (swarm.Span, error) {
	span, m := parseKnob(info, text)
	if m != nil {
		return swarm.Span{}, errors.New(m.what + "; " + m.hint)
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
		m.at = len([]rune(low)) + len("..")
		return swarm.Span{}, m
	}
	if from > to {
		return swarm.Span{}, &mistake{
			what: fmt.Sprintf("the range %s goes backwards", text),
			hint: fmt.Sprintf("did you mean %s..%s?", high, low),
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
		return 0, &mistake{what: fmt.Sprintf("%s is too small for `%s`", shortened(text), info.Name), hint: bounds}
	case value > info.Most:
		return 0, &mistake{what: fmt.Sprintf("%s is too large for `%s`", shortened(text), info.Name), hint: bounds}
	}
	return value, nil
}

// parseCount reads a whole number. One that is larger than any that is allowed is
// read as the largest.
func parseCount(text string) (uint64, *mistake) {
	if text == "" || strings.TrimLeft(text, "0123456789") != "" {
		return 0, &mistake{what: fmt.Sprintf("expected a number, got %s", quoted(text)), hint: "a number such as 2, or a range such as 0..3"}
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
