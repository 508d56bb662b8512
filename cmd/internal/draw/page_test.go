package draw

import (
	"context"
	"fmt"
	"html"
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
		{Options{From: 24, To: 24}, []string{`acknowledged: violated by <span>event 20</span>, before this part</li>`, `linearizability: violated by <a href="#s24">event 24</a></li>`}},
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

// What the script of a page says and shows by each key, button and link is so, also where it tells
// a part, or of one instance. What is to come is hidden with what tells of it.
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
	const $ = (id) => document.getElementById(id), all = (query) => [...document.querySelectorAll(query)];
	const state = () => {
		const table = all("#status tbody tr").map((tr) => [...tr.cells].map((c) => c.textContent).join(" ").trim());
		const veil = document.querySelector(".veil"), mark = document.querySelector("#picture g.now"), row = mark?.getBoundingClientRect();
		return [$("where").textContent, table.join(", "), all("#verdicts li span").map((s) => s.textContent).join("") + all("#verdicts li.bad").length, $("said").textContent.trim(),
			all(".now").map((e) => e.id).join(" "), all("#story .future").length + "+" + all("#picture .future").length + " to come", "veil " + ["x", "y", "width", "height"].map((name) => veil.getAttribute(name)).join(" "),
			"slider " + [$("slider").min, $("slider").value, $("slider").max].join(" "), row && (row.bottom < 0 || row.top > innerHeight) ? "out of sight" : "", document.body.className].join("; ");
	};
	let before = state();
	const say = (what) => {
		document.body.append("\n= " + what + ": " + (state() === before ? "nothing" : state()));
		before = state();
	};
	document.body.append("\n= at first: " + before + ($("now").hidden ? "; hidden" : ""));
	const press = (key, more = {}) => document.dispatchEvent(new KeyboardEvent("keydown", {key, ...more}));
	for (const key of ["g", "p", "m", "n", " ", "ArrowRight", "m", "m", "m", "N", "N", "M", "M", "R", "P", "v", "v", "v", "v", "Home", "PageDown", "PageDown", "PageUp", "ArrowLeft", "End", "PageDown", "g", "G", "x"]) {
		press(key);
		say("key " + key);
	}
	for (const more of ["ctrlKey", "altKey", "metaKey"]) {
		press("g", {[more]: true});
		say(more);
	}
	for (const b of all("#buttons button")) {
		b.click();
		say(b.textContent);
	}
	$("slider").value = 2;
	$("slider").dispatchEvent(new Event("input"));
	say("slider");
	all("#story td a").at(-2).click();
	say("link " + all("#story td a").at(-2).hash);
	all("#picture svg g[id]").at(-1).firstElementChild.dispatchEvent(new MouseEvent("click", {bubbles: true}));
	say("mark " + all("#picture svg g[id]").at(-1).id);
	document.querySelector("h1").click();
	say("title");
	if (!document.body.classList.contains("hiding")) press("h");
	say("key h");
	const told = all("header p").filter((p) => p.checkVisibility()).map((p) => p.textContent.slice(0, 11));
	for (const name of all("#story b")) name.textContent = "x".repeat(32);
	document.body.append("\n= hiding: " + told.join(", ") + "; with long names too wide by " + (document.documentElement.scrollWidth - document.documentElement.clientWidth));
	</script></body>`
	policy := regexp.MustCompile(`<meta http-equiv=[^>]*>`)
	got := ""
	for _, o := range []Options{everything, {Only: 0, From: 21, To: 24, At: 22}} {
		dir := t.TempDir()
		file := filepath.Join(dir, "page.html")
		page := strings.Replace(policy.ReplaceAllString(r.drawn(t, "html", o), ""), "</body>", press, 1)
		if err := os.WriteFile(file, []byte(page), 0o666); err != nil {
			t.Fatal(err)
		}
		ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
		defer cancel()
		out, err := exec.CommandContext(ctx, browser, "--headless", "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync", "--user-data-dir="+dir, "--dump-dom", "file://"+file).Output()
		if err != nil {
			t.Fatal(err)
		}
		got += fmt.Sprintf("=== %+v\n", o)
		for _, m := range regexp.MustCompile(`(?m)^= (.*)`).FindAllStringSubmatch(string(out), -1) {
			got += html.UnescapeString(strings.TrimSuffix(m[1], "</body></html>")) + "\n"
		}
	}
	golden(t, "testdata/script.txt", got)
}
