package render

import "testing"

// A text stays a text for Mermaid, whatever it is, however it is written.
func TestMermaidText(t *testing.T) {
	for text, want := range map[string]string{
		"end": "#101;nd", "END": "#101;ND", "ends": "ends", " ": "-", "a;b": "a#59;b", "#": "#35;",
	} {
		if got := mermaidText(text); got != want {
			t.Errorf("%q: %q, want %q", text, got, want)
		}
	}
}
