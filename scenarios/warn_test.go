package scenarios

import (
	"fmt"
	"slices"
	"strings"
	"testing"
)

// Clients with names that mean something else in a story are warned of, where they
// are met first.
func TestWarnings(t *testing.T) {
	s := compiled(t, "format: 1\ninstances: [a, b]\ntimeline:\n  - {at: 0s, acquire: alice, via: a}\n  - {at: 0s, acquire: free, via: a}\n"+
		"  - {at: 0s, release: free, via: a}\n  - {at: 0s, acquire: '-', via: b}\n  - {at: 0s, acquire: b, via: a}\n  - {at: 0s, acquire: Operator, via: a}\n")
	var got []string
	for _, d := range s.Warnings() {
		got = append(got, d.String())
	}
	text := strings.Join(got, "\n")
	for _, want := range []string{`:5:23: a client "free" is easily taken for something else`, `:7:23: a client "-"`, `:8:23: a client "b"`, `:9:23: a client "Operator"`, `stories call it "free"`} {
		if !strings.Contains(text, want) {
			t.Errorf("no %s in\n%s", want, text)
		}
	}
	if len(got) != 4 {
		t.Errorf("%d warnings", len(got))
	}
	for _, e := range Library() {
		s, err := Load(e.Name, Overrides{})
		if err != nil || len(s.Warnings()) > 0 {
			t.Errorf("%s: %v %v", e.Name, err, s.Warnings())
		}
	}
}

// In a schedule, too, it is said where such a client is met first.
func TestWarningsOfSchedules(t *testing.T) {
	s := compiled(t, "format: 1\ninstances: [a, b]\nschedule: |\n  acquire alice via a\n  acquire nobody via a\n  release nobody via b\n")
	if w := s.Warnings(); len(w) != 1 || w[0].Line != 5 || w[0].Column != 11 || w[0].Hint != `stories call it "nobody"` {
		t.Errorf("%+v", w)
	}
}

// What would happen after the end of the run is warned of, whatever it is.
func TestWarningsOfTheEnd(t *testing.T) {
	const text = "format: 1\ninstances: [a, b]\ntimeline:\n  - {at: 3s, crash: a}\n  - {at: 1s, acquire: alice, via: a}\n  - {at: 2s, heal: all}\n  - {at: 2001ms, release: alice, via: a}\n"
	if w := compiled(t, text).Warnings(); len(w) > 0 {
		t.Errorf("without an end: %v", w)
	}
	var got []string
	for _, d := range compiled(t, text+"until: 2s\n").Warnings() {
		got = append(got, fmt.Sprintf("%d:%d: %s; %s", d.Line, d.Column, d.Message, d.Hint))
	}
	want := []string{
		"4:10: this never happens: it is at 3s, and the run ends at 2s; let it be earlier, or the run end later",
		"7:10: this never happens: it is at 2.001s, and the run ends at 2s; let it be earlier, or the run end later",
	}
	if !slices.Equal(got, want) {
		t.Errorf("got %q", got)
	}
}
