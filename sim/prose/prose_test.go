package prose

import (
	"slices"
	"strconv"
	"testing"

	"skinny/protocol"
	"skinny/sim/trace"
)

func names() *Names {
	return NamesOf(&trace.Header{
		Instances: []string{"a", "b", "operator", "c"}, Holders: []string{"alice", "Free", "b", "-"},
		Rules: protocol.AllRules &^ (protocol.Yield | protocol.Adopt),
	})
}

// A text is its words, and its spans are all of them, each with what it means.
func TestSpans(t *testing.T) {
	n := names()
	inner := Of("by ", n.Set(0b1011), ", as ", n.Instance(0), " said")
	got := Of(n.Client(1), " holds ", protocol.ID(7), " ", inner, " (", At(12), "): ", Off(protocol.Yield|protocol.Adopt))
	if want := "alice holds 7 by a, b and c, as a said (event 12): adopt and yield are off"; got.String() != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
	want := []Span{
		{Client, 0, "alice"}, {Words: " holds 7 by "}, {Instance, 0, "a"}, {Words: ", "}, {Instance, 1, "b"},
		{Words: " and "}, {Instance, 3, "c"}, {Words: ", as "}, {Instance, 0, "a"}, {Words: " said ("}, {Event, 12, "event 12"},
		{Words: "): "}, {Rule, int(protocol.Adopt), "adopt"}, {Words: " and "}, {Rule, int(protocol.Yield), "yield"}, {Words: " are off"},
	}
	// Plain spans may come in several parts.
	var spans []Span
	for s := range got.Spans() {
		if last := len(spans) - 1; last >= 0 && s.Kind == Plain && spans[last].Kind == Plain {
			spans[last].Words += s.Words
		} else {
			spans = append(spans, s)
		}
	}
	if !slices.Equal(spans, want) {
		t.Errorf("got  %v\nwant %v", spans, want)
	}
	for n := range spans {
		for range got.Spans() {
			if n--; n < 0 {
				break // a loop over spans may end early, wherever
			}
		}
	}
	if refs := Of(got, At(3), got).Refs(); !slices.Equal(refs, []int{12, 3, 12}) {
		t.Errorf("it names events %v", refs)
	}
	if got.Rules() != protocol.Adopt|protocol.Yield {
		t.Errorf("it names rules %b", got.Rules())
	}
	if got != Of(got) || Of("event 12") == Of(At(12)) || !(Text{}).Empty() || got.Empty() {
		t.Error("texts are compared by something else than their words and spans")
	}
}

// Whatever a part is, it is written as people write it.
func TestParts(t *testing.T) {
	n := names()
	for _, c := range []struct {
		part any
		want string
	}{
		{"words", "words"}, {Span{Rule, 1, "durable"}, "durable"}, {Words("plain"), "plain"}, {-5, "-5"},
		{protocol.ID(1<<64 - 1), "18446744073709551615"}, {1500 * trace.Microsecond, "1.5 ms"}, {protocol.Release, "release"},
		{protocol.NotReleased, "not-released"}, {At(-3), "event -3"},
		{n.Set(0), ""}, {n.Set(2), "b"}, {n.Set(3), "a and b"}, {n.Set(15), `a, b, "operator" and c`},
		{RuleNames(0), ""}, {RuleNames(protocol.Adopt), "adopt"}, {RuleNames(protocol.Adopt | protocol.Yield), "adopt and yield"},
		{RuleNames(protocol.Adopt | protocol.Yield | protocol.Majority), "majority, adopt and yield"},
		{Off(protocol.Yield), "yield is off"}, {Off(protocol.Adopt | protocol.Yield), "adopt and yield are off"},
	} {
		var b Builder
		empty := b.Empty()
		b.Say(c.part)
		if got := Of("<", c.part, ">").String(); got != "<"+c.want+">" || !empty || b.Empty() != (c.want == "") {
			t.Errorf("%v is written %q", c.part, got)
		}
	}
}

// A builder begins anew after a text, which it does not change any more.
func TestBuilder(t *testing.T) {
	var b Builder
	b.Say("first ", At(1))
	first := b.Text()
	b.Say(At(2), " second")
	if second := b.Text(); first.String() != "first event 1" || second != Of(At(2), " second") || !slices.Equal(first.Refs(), []int{1}) {
		t.Errorf("%q and %q", first, second)
	}
	defer func() {
		if recover() == nil {
			t.Error("a part of an unknown type is left out silently")
		}
	}()
	b.Say(1.5)
}

// A name that would be taken for something else is in quotation marks, and the name
// of a client who joins later, too.
func TestNames(t *testing.T) {
	n := names()
	for _, c := range []struct {
		got  Span
		want string
	}{
		{n.Instance(1), "b"}, {n.Instance(2), strconv.Quote("operator")}, {n.Holder(0), "free"}, {n.Holder(1), "alice"},
		{n.Client(2), strconv.Quote("Free")}, {n.Client(3), strconv.Quote("b")}, {n.Client(4), strconv.Quote("-")},
	} {
		if c.got.Words != c.want {
			t.Errorf("%v is called %s, want %s", c.got, c.got.Words, c.want)
		}
	}
	// Nobody may be called by a word that stands for nobody, whatever its case, or by none.
	for _, word := range []string{"free", "operator", "nobody", "network", "-", "", "FREE", "Operator", "nObody", "NETWORK"} {
		h := &trace.Header{Instances: []string{word, "free"}, Holders: []string{word}}
		if p, h := NamesOf(h).Instance(0), NamesOf(h).Client(1); p != (Span{Instance, 0, strconv.Quote(word)}) || h != (Span{Client, 0, strconv.Quote(word)}) {
			t.Errorf("%q is called %v and %v", word, p, h)
		}
	}
	n.header.Holders = append(n.header.Holders, "nobody")
	if got := n.Client(5); got != (Span{Client, 0, `"nobody"`}) {
		t.Errorf("who joins is called %v", got)
	}
}

func TestDuration(t *testing.T) {
	for span, want := range map[trace.Time]string{
		0: "0 ms", 1: "1 ns", 999: "999 ns", 1_000: "1 µs", 1_500: "1.5 µs", 1_000_000: "1 ms",
		489_892_000: "489.892 ms", 999_999_999: "999.999 ms", 1_000_000_000: "1 s", 1_000_400_000: "1 s",
		2_309_460_956: "2.309 s", 90_050_000_000: "90.05 s",
	} {
		if got := Duration(span); got != want {
			t.Errorf("%d ns: %q, want %q", span, got, want)
		}
	}
}

// A span of time without a loss, in the largest unit that it has one of.
func TestExactly(t *testing.T) {
	for span, want := range map[trace.Time]string{
		0: "0ms", 1: "1ns", 999: "999ns", 1_000: "1us", 1_001: "1.001us", 999_999: "999.999us", 1_000_000: "1ms", 12_500_000: "12.5ms",
		1_000_001: "1.000001ms", 999_999_999: "999.999999ms", 1_000_000_000: "1s", 1_000_000_001: "1.000000001s", 60_000_000_000: "60s",
	} {
		if got := Exactly(span); got != want {
			t.Errorf("%d ns: %q, want %q", span, got, want)
		}
	}
}
