package draw

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"skinny/scenarios"
	"skinny/sim/trace"
)

// Every link of a page leads to something on it, and a violation that is not on it is said to
// be elsewhere.
func TestLinksOfAPart(t *testing.T) {
	link := regexp.MustCompile(`href="#([^"]*)"`)
	for _, name := range []string{"two-winners", "amnesia", "testdata/faults.yaml"} {
		r := load(t, name, scenarios.Overrides{})
		for _, o := range []Options{everything, {Only: trace.None, From: 22}, {Only: trace.None, From: 9, To: 18}, {Only: 1}, {Only: 2, From: 9, To: 25}} {
			page, links := r.drawn(t, "html", o), 0
			for _, m := range link.FindAllStringSubmatch(page, -1) {
				if links++; strings.Count(page, ` id="`+m[1]+`"`) != 1 {
					t.Errorf("%s, %+v: the link to %s leads nowhere", name, o, m[1])
				}
			}
			if links < 10 {
				t.Errorf("%s, %+v: there are %d links", name, o, links)
			}
		}
	}
	r := load(t, "two-winners", scenarios.Overrides{})
	for _, c := range []struct {
		o    Options
		want []string
	}{
		{Options{From: 21, To: 30}, []string{`acknowledged</strong> is violated by <span>event 20</span>, before this part: `, `acknowledged: violated by <span>event 20</span>, before this part</li>`,
			`linearizability: violated by <a href="#s24">event 24</a></li>`, `<span class="cause" title="caused by event 15">↑ 15</span>`}},
		{Options{From: 20, To: 23}, []string{`acknowledged</strong> is violated by <a href="#s20">event 20</a>: `, `linearizability: violated by <span>event 24</span>, after this part</li>`}},
	} {
		c.o.Only = trace.None
		page := r.drawn(t, "html", c.o)
		for _, part := range c.want {
			if !strings.Contains(page, part) {
				t.Errorf("events %d to %d: there is not %s", c.o.From, c.o.To, part)
			}
		}
	}
}

// What the script of a page says at its beginning and at its end is so, also where it tells a
// part, or of one instance. What is to come is hidden with what tells of it.
func TestScriptOfAPart(t *testing.T) {
	browser, err := exec.LookPath("chromium")
	if err != nil {
		t.Skip("there is no browser here")
	}
	r := load(t, "two-winners", scenarios.Overrides{})
	h := *r.Header()
	h.Holders = []string{"al|ce", "bob"}
	r.diagram.Header = &h
	const press = `<script>
	for (const key of ["g", "n", "G"]) {
		document.dispatchEvent(new KeyboardEvent("keydown", {key}));
		const table = [...document.querySelectorAll("#status tbody tr")].map((tr) => [...tr.cells].map((c) => c.textContent).join(" ").trim());
		const verdicts = [...document.querySelectorAll("#verdicts li span")].map((s) => s.textContent);
		document.body.append("\n= " + [document.getElementById("where").textContent, table.join(", "), verdicts.join("")].join("; "));
	}
	document.dispatchEvent(new KeyboardEvent("keydown", {key: "h"}));
	const told = [...document.querySelectorAll("header p")].filter((p) => p.checkVisibility()).map((p) => p.textContent.slice(0, 11));
	for (const name of document.querySelectorAll("#story b")) name.textContent = "x".repeat(32);
	document.body.append("\n= hiding: " + told.join(", ") + "; with long names too wide by " + (document.documentElement.scrollWidth - document.documentElement.clientWidth));
	</script></body>`
	const hiding = "hiding: edition pub, Two clients; with long names too wide by 0"
	policy := regexp.MustCompile(`<meta http-equiv=[^>]*>`)
	for _, c := range []struct {
		o    Options
		want []string
	}{
		{everything, []string{"nothing has happened yet; a 0 0, b 0 0, c 0 0; ✓✓✓✓✓✓", "event 1 of 30; a 0 0, b 0 0, c 0 0; ✓✓✓✓✓✓", "event 30 of 30; a 2 2 bob, b 2 2 bob, c 2 2 bob; ✗✓✗✓✓✗", hiding}},
		{Options{Only: 0, From: 21, To: 24}, []string{"event 20 of 30, before this part; a 1 1 al|ce; ✓✓✗✓✓✓", "event 21 of 30; a 2 1 al|ce; ✓✓✗✓✓✓", "event 24 of 30; a 2 2 bob; ✗✓✗✓✓✗", hiding}},
	} {
		dir := t.TempDir()
		file := filepath.Join(dir, "page.html")
		page := strings.Replace(policy.ReplaceAllString(r.drawn(t, "html", c.o), ""), "</body>", press, 1)
		if err := os.WriteFile(file, []byte(page), 0o666); err != nil {
			t.Fatal(err)
		}
		ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
		defer cancel()
		out, err := exec.CommandContext(ctx, browser, "--headless", "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync", "--user-data-dir="+dir, "--dump-dom", "file://"+file).Output()
		if err != nil {
			t.Fatal(err)
		}
		got := ""
		for _, m := range regexp.MustCompile(`(?m)^= (.*)`).FindAllStringSubmatch(string(out), -1) {
			got += strings.TrimSuffix(m[1], "</body></html>") + "\n"
		}
		if want := strings.Join(c.want, "\n") + "\n"; got != want {
			t.Errorf("%s: it says\n%swant\n%s", fmt.Sprint(c.o), got, want)
		}
	}
}
