//go:build !js && !wasip1

package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

var update = flag.Bool("update", false, "write the golden file anew")

// still keeps what is said, which would go after a while, and what leaves the page; and counts the views that
// are asked for.
const still = `const after = window.setTimeout, fetched = window.fetch;
window.viewsAsked = 0;
window.fetch = async (path, ...more) => {
	if (path !== 'view') return fetched(path, ...more);
	window.viewsAsked++;
	try {
		const answer = await fetched(path, ...more);
		await answer.clone().text();
		return answer;
	} finally {
		after(() => window.viewsAsked--, 20); // it is shown by then
	}
};
window.setTimeout = (act, ms, ...more) => ms >= 3000 ? 0 : after(act, ms, ...more);
window.left = '';
navigator.clipboard.writeText = async text => { window.left = 'copied ' + text.replace(location.origin, '').replace(/#~.*/, '#~…').slice(0, 80); };
window.print = () => { window.left = 'printed'; };
HTMLAnchorElement.prototype.click = function() { window.left = 'file ' + this.download; };
`

// dump gives the page as lines: an element with what it is, and its own text. Of what cannot be seen there is
// nothing, of long lists the beginning and the end, and of the picture what is marked in it.
const dump = `window.dump = () => {
	const lines = [], whole = text => text.replace(/-?\d+\.\d+(e-?\d+)?/g, n => Math.round(n));
	const walk = (node, depth) => {
		if (!node.checkVisibility() && node.localName !== 'option') return;
		let line = '  '.repeat(depth) + node.localName + (node.id && '#' + node.id) + [...node.classList].map(name => '.' + name).join('');
		for (const {name, value} of node.attributes) {
			if (!['id', 'class', 'type', 'href', 'popover', 'popovertarget', 'aria-controls', 'aria-labelledby', 'autocomplete', 'spellcheck'].includes(name) && (name !== 'style' || node.matches('.flight'))) line += ' ' + name + '=' + whole(value).replaceAll('\n', ' ');
		}
		if (node.matches('input, select, textarea')) line += ' value ' + JSON.stringify(node.type === 'checkbox' || node.type === 'radio' ? node.checked : node.value) + (node.disabled ? ' disabled' : '');
		if (document.activeElement === node) line += ' focus';
		const text = [...node.childNodes].filter(child => child.nodeType === 3).map(child => child.data.replace(/\s+/g, ' ').trim()).filter(text => text).join(' | ');
		lines.push(line + (text && ': ' + text));
		if (node.matches('#picture svg')) {
			for (const name of ['now', 'cause', 'violated', 'future', 'row']) {
				const ids = [...node.querySelectorAll('.' + name)].map(other => other.id);
				lines.push('  '.repeat(depth + 1) + name + ': ' + (ids.length < 10 ? ids.join(' ') : ids.length + ' from ' + ids[0] + ' to ' + ids.at(-1)));
			}
			return;
		}
		const all = [...node.children].filter(child => !child.hidden);
		const few = all.length > 9 && node.matches('ul, ol, tbody, dl, #keylist, #shelves, pre, datalist') ? all.filter((child, i) => i < 3 || i >= all.length - 2 || child.matches('.now, .chosen, .here')) : all;
		if (few !== all) lines.push('  '.repeat(depth + 1) + (all.length - few.length) + ' more between');
		for (const child of few) walk(child, depth + 1);
	};
	const dialog = document.querySelector('dialog[open]');
	if (dialog) walk(dialog, 0); else for (const part of document.body.children) walk(part, 0);
	return document.title + ' ' + window.left + '\n' + document.documentElement.className + ' size ' + document.documentElement.dataset.size + '\n' + lines.join('\n');
};`

const crowded = `format: 1
edition: published
title: Much under way
about: "What is said at once.\n\nWhat tells the end."
quorums: {promise: 2, commit: 4}
instances: [{name: a, promise-delay: 20ms}, {name: b, rules: {yield: on}}, {name: c, promise-delay: 30ms}, d, with-a-long-name]
network: {latency: 10ms, client-latency: 3ms}
timeline:
  - {at: 0ms, acquire: alice, via: a}
  - {at: 1ms, acquire: bob-with-a-long-name, via: b}
  - {at: 2ms, pause: d}
  - {at: 3ms, isolate: with-a-long-name}
  - {at: 4ms, cut: b -> a}
  - {at: 15ms, crash: d}
  - {at: 16ms, status: c}
  - {at: 30ms, acquire: carol, via: c}
  - {at: 31ms, acquire: dave, via: c}
messages:
  - {drop: promise-request, from: a, to: b, nth: 1}
  - {duplicate: promise-request, from: b, to: c, nth: 1, after: 5ms}
`

// All that is seen of the page in the course of its use is what stands in testdata: of each moment what was not seen
// in the one before.
func testShown(t *testing.T, ctx context.Context, base string) {
	const path = "testdata/shown.golden"
	if testing.Short() {
		t.Skip("it takes some seconds")
	}
	p := open(t, ctx, base, "")
	p.calm()
	if _, err := chromedp.Call(p.ctx, page.AddScriptToEvaluateOnNewDocument, page.AddScriptToEvaluateOnNewDocumentParams{Source: still + dump}); err != nil {
		t.Fatal(err)
	}
	p.eval("localStorage.clear()")
	p.do(chromedp.Navigate("about:blank"), chromedp.Navigate(base))
	p.until("document.querySelector('#digest').textContent !== ''")
	to := func(parts map[string]any) func() {
		hash, err := link(parts)
		if err != nil {
			t.Fatal(err)
		}
		return func() {
			p.eval(fmt.Sprintf("document.querySelector('#caption').firstChild.stale = true; location.hash = %q", hash))
			p.until("!document.querySelector('#caption').firstChild.stale || document.querySelector('#said').textContent.includes('no bundled scenario')")
		}
	}
	hit := func(selectors ...string) func() { // also where nothing but a script could
		return func() {
			for _, s := range selectors {
				p.eval(fmt.Sprintf("const node = document.querySelector(%q); if (!node) throw new Error('nothing to click: ' + %q); if (node.click) node.click(); else node.dispatchEvent(new MouseEvent('click', {bubbles: true}))", s, s))
				p.idle()
			}
		}
	}
	press := func(keys ...string) func() {
		return func() {
			for _, key := range keys {
				p.do(chromedp.KeyEvent(key))
				p.idle()
			}
		}
	}
	leave := func() { // an open list takes the first one
		for range 20 {
			p.do(chromedp.KeyEvent(kb.Escape))
			for range 10 {
				if p.text("!document.querySelector('dialog[open]') && !document.activeElement.closest('dialog')") == "true" {
					return
				}
				time.Sleep(20 * time.Millisecond)
			}
		}
		t.Fatal("it does not close")
	}
	long := "format: 1\ntitle: Long\ninstances: [a, b, c]\ntimeline:\n"
	for n := range 30 {
		long += fmt.Sprintf("  - {at: %ds, %s: alice, via: %c}\n", n, []string{"acquire", "release"}[n%2], 'a'+n%3)
	}
	var got, before, dialogs []string
	for _, moment := range []struct {
		name string
		do   func()
	}{
		{"opened", func() {}}, {"a violation", press("v")}, {"another", press("v")}, {"the story", hit("#tab-story")}, {"why", press("w")}, {"no more why", hit("#why .close")},
		{"rules", press("t")}, {"which", hit("[data-key=which]")}, {"a rule", hit("#rule-ack-majority input")}, {"branches", hit("#tab-branches")},
		{"compared", hit("[data-key=compare0]")}, {"closed", hit("#compare .act")}, {"searching", hit("#tab-search", "[value=explore]")}, {"editing", func() { p.click("#tab-edit"); p.until("document.querySelector('#text').value !== ''") }},
		{"crowded", to(map[string]any{"text": crowded, "scenario": "own.yaml", "at": 22, "instance": "c", "chosen": "drop"})}, {"now", hit("#tab-now")}, {"chosen", press(kb.ArrowDown, kb.ArrowDown)},
		{"on the stage", hit("#tab-stage")}, {"marked", press("4")}, {"lost", press("d")}, {"goes on", press("n")}, {"hidden", press("h")}, {"the picture", hit("#tab-picture")},
		{"two that hold", to(map[string]any{"scenario": "two-winners", "at": 24})}, {"on the stage, two", hit("#tab-stage")}, {"one instance", to(map[string]any{"text": "format: 1\ninstances: [a, b]\ntimeline: [{at: 0ms, acquire: alice, via: a}, {at: 0ms, acquire: bob, via: a}]\n", "at": 1})},
		{"a message", to(map[string]any{"scenario": "two-winners", "at": 5, "chosen": "deliver promise-request a -> c #1"})},
		{"what is under way", hit("#pending .item:not([data-key^=timeout])")}, {"another of it", hit("li:nth-child(2) > .item")}, {"the same again", hit("#pending .chosen .item")}, {"lost by its button", hit("#pending .item", "#pending .chosen [data-key=drop]")},
		{"a way on the stage", hit("#stage .flight")}, {"an instance on the stage", hit("#stage .node:last-child")}, {"back on the picture", hit("#tab-picture")}, {"once more", to(map[string]any{"scenario": "two-winners", "at": 5})},
		{"the lock", hit("#lock button")}, {"a line", hit("#tab-story", "#lines .line:nth-child(9)")}, {"found", func() {
			p.eval("const form = document.querySelector('#find'); form.elements[0].value = 'promised 2'; form.requestSubmit()")
			p.settle()
		}},
		{"a reason", hit("#lines .why .ref:not(.rule)")}, {"a mark", hit("#picture .event:last-of-type .row")}, {"its cause", hit("#caption .where .ref")}, {"a property", hit("#tab-now", "#properties li:nth-child(3) .ref")}, {"a rule in a sentence", hit("#caption .rule")},
		{"an instance", hit("#instances tbody tr")}, {"it acts", hit("#instances .acts .act")}, {"another branch", hit("#tab-branches", "[data-key=branch0]")}, {"a seed", func() {
			p.click("#tab-rules")
			p.eval("const seed = document.querySelector('[data-key=seed]'); seed.value = '5'; seed.dispatchEvent(new Event('change'))")
			p.says("#facts", "seed 5")
		}}, {"an edition", func() {
			p.eval("const edition = document.querySelector('[data-key=edition]'); edition.value = 'sound'; edition.dispatchEvent(new Event('change'))")
			p.says("#facts", "sound")
		}}, {"to the end", hit("[data-do=end]", "#tab-now")}, {"to the start", hit("[data-do=start]")},
		{"the link", hit("[data-share=link]")}, {"the command", hit("[data-share=command]")}, {"the picture as a file", hit("[data-share=svg]")}, {"a file", hit("[data-share=save]")}, {"paper", hit("[data-share=print]")},
		{"larger", press("+", "=")}, {"smaller", press("-", "-", "-")}, {"as it was", press("+")}, {"the other view", press(",")}, {"and back", press(",")}, {"the link by its key", press("C")}, {"the editor by its key", func() { // and by no more, since a letter might be written into it
			p.eval("document.body.dispatchEvent(new KeyboardEvent('keydown', {key: 'e', bubbles: true, cancelable: true})); document.activeElement.blur()")
			p.idle()
		}},
		{"scenarios by a click", func() { p.click("#brand"); p.until("document.querySelector('#library').open") }}, {"closed by its button", hit("#library [value=close]")},
		{"the course by a click", func() { p.click("#learn"); p.until("document.querySelector('#library').open") }}, {"closed beside it", hit("#library")}, {"keys by a click", hit("#help")}, {"keys closed", leave}, {"the first tab", hit("#tab-now")},
		{"keys", press("?")}, {"no keys", leave}, {"a prompt", press("a")}, {"no prompt", leave}, {"scenarios", func() { p.press("L"); p.until("document.querySelector('#library').open") }}, {"no scenarios", leave},
		{"a lesson", to(map[string]any{"scenario": "learn/majority"})}, {"a stop", press(kb.Enter)}, {"a question", press(kb.Enter)}, {"an answer", press("1")},
		{"an exercise", to(map[string]any{"scenario": "exercises/mend-1"})}, {"its rules", press("t")}, {"solved", hit("#rule-ack-majority input")}, {"what is secret", to(map[string]any{"scenario": "exercises/mystery-1"})}, {"a guess", hit("#rules .act")}, {"a hint", press("T")},
		{"the course", func() { p.press("K"); p.until("document.querySelector('#library').open") }}, {"no course", leave}, {"a prediction", to(map[string]any{"scenario": "two-winners", "at": 13, "predict": true})}, {"it is asked", press("n")}, {"it is told", press("2")},
		{"long", to(map[string]any{"text": long, "at": 150})}, {"its story", hit("#tab-story")}, {"later", hit("#lines + .edge, #lines .edge:last-child")}, {"nothing", to(map[string]any{"text": "format: 1\ntitle: Nothing\ninstances: [a, b]\n"})}, {"now, of nothing", hit("#tab-now")},
		{"a wrong link", to(map[string]any{"scenario": "nonsense"})}, {"a wrong text", func() {
			p.click("#tab-edit")
			p.eval("const area = document.querySelector('#text'); area.value = 'format: 1\\ninstances: [a, b]\\n\\nedition: soun\\nseed: -1\\n'; area.dispatchEvent(new Event('input'))")
			p.until("document.querySelectorAll('#faults li').length > 1")
		}}, {"completed", func() {
			p.eval("const area = document.querySelector('#text'); area.focus(); area.value = 'format: 1\\ninstances: [a]\\nti'; area.setSelectionRange(99, 99); area.dispatchEvent(new Event('input'))")
			p.until("document.querySelectorAll('#complete li').length > 1 && document.querySelector('#faults li') === null")
		}},
	} {
		moment.do()
		p.idle()
		now := strings.Split(p.text("window.dump()"), "\n")
		got = append(got, "=== "+moment.name)
		fresh := besides(now, before)
		if strings.HasPrefix(now[2], "dialog") { // over what was there
			fresh = besides(now, dialogs)
			dialogs = append(dialogs, now...)
		} else {
			before = now
		}
		got = append(append(got, fresh...), fmt.Sprintf("(%d lines, %d of them anew)", len(now), len(fresh)))
	}
	if *update {
		if err := os.WriteFile(path, []byte(strings.Join(got, "\n")+"\n"), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	want := strings.Split(strings.TrimSuffix(string(data), "\n"), "\n")
	moment := ""
	for i, line := range got {
		if strings.HasPrefix(line, "===") {
			moment = line
		}
		if i >= len(want) || line != want[i] {
			t.Fatalf("%s\n%s\nis not line %d of %s, %q; go test ./cmd/skinny-web -run Browser -update writes it anew, then read the diff", moment, line, i+1, path, want[min(i, len(want)-1)])
		}
	}
	if len(got) < len(want) {
		t.Errorf("%d lines of %d", len(got), len(want))
	}
}

// besides are the lines of a list that another one has not.
func besides(of, other []string) (list []string) {
	for _, line := range of {
		if !slices.Contains(other, line) {
			list = append(list, line)
		}
	}
	return list
}
