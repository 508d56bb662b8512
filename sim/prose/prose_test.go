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
	for s := range got.Spans() {
		if s.Kind == Event {
			break // a loop over spans may end early
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
