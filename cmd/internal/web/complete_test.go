package web_test

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"skinny/cmd/internal/web"
)

// Keys and values are offered where they can stand.
func TestComplete(t *testing.T) {
	for text, want := range map[string]string{
		"form":                              "format: ",
		"format: 1\nedition: pu":            "published",
		"timeline:\n  - {at: 0ms, acq":      "acquire: ",
		"timeline:\n  - at: 0ms\n    acq":   "acquire: ",
		"instances:\n  - name: a\n    incr": "increment: ",
		"instances:\n  - incr":              "increment: ",
		"lesson:\n  stops:\n    - ask: maj": "majority",
		"lesson:\n  poi":                    "point: ",
		"rules: {dur":                       "durable: ",
		"edition: sound":                    "",
		"edition pu":                        "",
		"":                                  "",
		"format: 1\n":                       "",
		"title: ed":                         "",
		"nonsense: {a: [x, {":               "",
		"a: b: c: {{{}}: -- -":              "",
	} {
		query, _ := json.Marshal(map[string]string{"ask": "complete", "text": text})
		var found struct {
			Typed string
			Found [][2]string
		}
		if err := json.Unmarshal(web.New().View(t.Context(), query), &found); err != nil {
			t.Fatal(err)
		}
		is := slices.ContainsFunc(found.Found, func(f [2]string) bool { return f[0] == want })
		if want == "" && len(found.Found) > 0 || want != "" && !is || !strings.HasSuffix(text, found.Typed) || len(found.Found) > 12 {
			t.Errorf("%q: typed %q, %q; want %q", text, found.Typed, found.Found, want)
		}
	}
	const word = "azAZ09_-az"
	for text, want := range map[string]string{"- " + word: word, "{" + word: word, "[" + word: word, "é" + word: word, "- --" + word: word, "`" + word: word, "/" + word: word, ":" + word: word, "@" + word: word} {
		var found struct{ Typed string }
		query, _ := json.Marshal(map[string]string{"ask": "complete", "text": text})
		if err := json.Unmarshal(web.New().View(t.Context(), query), &found); err != nil || found.Typed != want {
			t.Errorf("%s: typed %q, %v", text, found.Typed, err)
		}
	}
}
