//go:build !js && !wasip1

package main

import (
	"context"
	"encoding/xml"
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"skinny/cmd/internal/session"
	"skinny/cmd/internal/web"
	"skinny/scenarios"
)

// screenshots is where pictures of the page are put for somebody to look at; "" for
// nowhere.
var screenshots = os.Getenv("SKINNY_SCREENSHOTS")

// browser starts one, or skips the test where there is none.
func browser(t *testing.T) context.Context {
	t.Helper()
	path := ""
	for _, name := range []string{"chromium", "chromium-browser", "google-chrome", "chrome"} {
		if found, err := exec.LookPath(name); err == nil {
			path = found
			break
		}
	}
	if path == "" {
		t.Skip("there is no browser here")
	}
	options := []chromedp.ExecAllocatorOption{
		chromedp.ExecPath(path), chromedp.NoFirstRun, chromedp.NoDefaultBrowserCheck, chromedp.Headless, chromedp.NoSandbox, chromedp.DisableGPU,
		chromedp.Flag("disable-background-networking", true), chromedp.Flag("disable-component-update", true),
		chromedp.Flag("disable-sync", true), chromedp.Flag("hide-scrollbars", true), chromedp.WindowSize(1280, 800),
	}
	ctx, end := chromedp.NewExecAllocator(context.Background(), options...)
	t.Cleanup(end)
	ctx, end = chromedp.NewContext(ctx)
	t.Cleanup(end)
	if err := chromedp.Do(ctx); err != nil { // starts it; each page is a tab of it
		t.Fatal(err)
	}
	return ctx
}

// serving is the address of the server's page.
func serving(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	var ended sync.WaitGroup
	ended.Go(func() {
		if err := newServer("127.0.0.1:0", web.New()).serve(ctx, l); err != nil {
			t.Error(err)
		}
	})
	t.Cleanup(func() { cancel(); ended.Wait() })
	return "http://" + l.Addr().String() + "/"
}

// exported is the address of the exported page.
func exported(t *testing.T) string {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "site")
	var said strings.Builder
	if err := export(t.Context(), dir, &said); err != nil {
		t.Fatal(err)
	}
	t.Log(said.String())
	s := httptest.NewServer(http.FileServer(http.Dir(dir)))
	t.Cleanup(s.Close)
	return s.URL + "/"
}

// tab is a page in the browser.
type tab struct {
	*testing.T
	ctx  context.Context
	base string

	mutex    sync.Mutex
	problems []string // errors on the console, requests to elsewhere
}

// open opens a page of a link.
func open(t *testing.T, ctx context.Context, base, link string) *tab {
	t.Helper()
	ctx, cancel := chromedp.NewContext(ctx)
	t.Cleanup(cancel)
	p := &tab{T: t, ctx: ctx, base: base}
	home, _ := url.Parse(base)
	err := chromedp.Listen(ctx, func(event any) {
		switch e := event.(type) {
		case *runtime.EventExceptionThrown:
			p.problem(fmt.Sprintf("exception: %s %v", e.ExceptionDetails.Text, e.ExceptionDetails.Exception))
		case *runtime.EventConsoleAPICalled:
			if e.Type == "error" || e.Type == "warning" {
				p.problem(fmt.Sprintf("console: %s", e.Args[0].Value))
			}
		case *log.EventEntryAdded:
			if e.Entry.Level == "error" {
				p.problem("log: " + e.Entry.Text + " " + e.Entry.URL)
			}
		case *network.EventRequestWillBeSent:
			if u, err := url.Parse(e.Request.URL); err != nil || u.Scheme != "data" && u.Scheme != "blob" && u.Host != home.Host {
				p.problem("request to elsewhere: " + e.Request.URL)
			}
		}
	})
	if err == nil {
		_, err = chromedp.Call(ctx, network.Enable, network.EnableParams{})
	}
	if err == nil {
		_, err = chromedp.Call(ctx, log.Enable, cdp.Empty{})
	}
	if err != nil {
		t.Fatal(err)
	}
	p.do(chromedp.Navigate(base + link))
	p.until(`document.querySelector('#digest').textContent !== ''`)
	return p
}

func (p *tab) problem(text string) {
	p.mutex.Lock()
	p.problems = append(p.problems, text)
	p.mutex.Unlock()
}

func (p *tab) do(steps ...chromedp.Action[chromedp.Void]) {
	p.Helper()
	ctx, cancel := context.WithTimeout(p.ctx, 30*time.Second)
	defer cancel()
	if err := chromedp.Do(ctx, steps...); err != nil {
		p.Fatal(err)
	}
}

func value[T any](p *tab, action chromedp.Action[T]) T {
	p.Helper()
	ctx, cancel := context.WithTimeout(p.ctx, 30*time.Second)
	defer cancel()
	v, err := chromedp.Run(ctx, action)
	if err != nil {
		p.Fatal(err)
	}
	return v
}

// text is a text of the page, or what an expression gives.
func (p *tab) text(expression string) string {
	p.Helper()
	return value(p, chromedp.Evaluate[string]("String("+expression+")"))
}

func content(selector string) string {
	return fmt.Sprintf("document.querySelector(%q)?.textContent", selector)
}

// until waits for something.
func (p *tab) until(expression string) {
	p.Helper()
	for range 600 {
		if p.text("!!("+expression+")") == "true" {
			return
		}
		time.Sleep(25 * time.Millisecond)
	}
	p.Fatalf("never: %s\nthe page says %q, caption %q, at %s", expression, p.text(content("#said")), p.text(content("#caption")), p.text("location.href"))
}

// says waits until a part of the page has a text.
func (p *tab) says(selector, part string) {
	p.Helper()
	p.until(fmt.Sprintf("(%s ?? '').includes(%q)", content(selector), part))
}

// eval does something in the page.
func (p *tab) eval(script string) {
	p.Helper()
	p.do(chromedp.Evaluate[chromedp.Void]("(() => {" + script + "})()"))
}

// press presses keys, one after the other, and waits for what comes of each.
func (p *tab) press(keys ...string) {
	p.Helper()
	for _, key := range keys {
		p.do(chromedp.KeyEvent(key))
		p.settle()
	}
}

// settle waits until nothing is asked any more.
func (p *tab) settle() {
	p.Helper()
	p.do(chromedp.Evaluate[chromedp.Void]("new Promise(done => setTimeout(done, 10))", chromedp.EvalAwaitPromise))
	p.idle()
}

// idle waits until what was asked is answered.
func (p *tab) idle() {
	p.Helper()
	p.until("document.body.getAttribute('aria-busy') !== 'true' && !window.viewsAsked")
}

func (p *tab) click(selector string) {
	p.Helper()
	p.eval(fmt.Sprintf("const node = document.querySelector(%q); if (!node) throw new Error('nothing to click: ' + %q); node.click();", selector, selector))
	p.settle()
}

// clean complains about what went wrong in the page.
func (p *tab) clean() {
	p.Helper()
	p.mutex.Lock()
	defer p.mutex.Unlock()
	for _, text := range p.problems {
		p.Error(text)
	}
	p.problems = nil
}

// shoot takes a picture of the page for somebody to look at.
func (p *tab) shoot(name string) {
	if screenshots == "" {
		return
	}
	p.do(chromedp.Sleep(400 * time.Millisecond))
	data := value(p, chromedp.CaptureScreenshot())
	if err := os.WriteFile(filepath.Join(screenshots, strings.ReplaceAll(p.Name(), "/", "-")+"-"+name+".png"), data, 0o666); err != nil {
		p.Error(err)
	}
}

// The page of the server and the exported one are the same to whoever uses them.
func TestBrowser(t *testing.T) {
	ctx := browser(t)
	for _, kind := range []struct {
		name    string
		address func(*testing.T) string
	}{{"server", serving}, {"exported", exported}} {
		t.Run(kind.name, func(t *testing.T) {
			if kind.name == "exported" && os.Getenv("SKINNY_EXPORTED") == "" {
				t.Skip("it takes a build, and all of it once more: SKINNY_EXPORTED=1")
			}
			t.Parallel() // most of it is waiting
			base := kind.address(t)
			for _, test := range []struct {
				name string
				do   func(*testing.T, context.Context, string)
			}{
				{"story", testStory}, {"rules", testRules}, {"explore", testExplore}, {"check", testCheck}, {"editor", testEditor},
				{"labels", testLabels}, {"looks", testLooks}, {"hostile", testHostile}, {"compare", testCompare}, {"links", testLinks},
				{"keyboard", testKeyboard}, {"shown", testShown}, {"play", testPlay}, {"files", testFiles}, {"lesson", testLesson}, {"prediction", testPrediction}, {"exercise", testExercise},
			} {
				t.Run(test.name, func(t *testing.T) { test.do(t, ctx, base) })
			}
		})
	}
}

// A stranger sees that two hold the lock, goes back, loses a message, the lock holds,
// and the link of that shows it to others.
func testStory(t *testing.T, ctx context.Context, base string) {
	p := open(t, ctx, base, "")
	p.says("#heading", "Two winners")
	p.says("#digest", goldenDigest(t, "two-winners"))
	p.shoot("opened")
	p.press("v")
	p.says("#said", "broken here")
	p.press("v")
	p.says("#lock", "alice and bob hold the lock at once")
	p.says("#caption", "event 24")
	p.shoot("violated")
	p.press(kb.ArrowLeft)
	p.says("#caption", "event 23")
	p.eval("location.hash = '#two-winners@8'")
	p.says("#caption", "event 8")
	p.press(kb.ArrowDown)
	p.says(".pending .chosen", "promised 1")
	p.says(".pending .chosen .why", "count it")
	p.shoot("chosen")
	p.press("d")
	p.says("#facts", "branch 1")
	p.says("#lock", "every property holds")
	p.shoot("held")

	digest, link := p.text(content("#digest")), p.text("location.hash")
	if !strings.HasPrefix(link, "#~") {
		t.Errorf("the link is %s", link)
	}
	other := open(t, ctx, base, link)
	if got := other.text(content("#digest")); got != digest {
		t.Errorf("the link reopens %s, not %s", got, digest)
	}
	other.says("#facts", "branch 1")
	want := saveInTerminal(t, other.text(content("#command")), digest)
	other.eval("const make = URL.createObjectURL; URL.createObjectURL = blob => { blob.text().then(text => { window.savedText = text; }); return make(blob); };")
	other.click("[data-share=save]")
	other.until("window.savedText")
	if got := other.text("window.savedText"); got != want {
		t.Errorf("the page saves\n%s\nand a terminal\n%s", got, want)
	}
	p.eval("history.back()")
	p.says("#caption", "event 8")
	p.until("!document.querySelector('#facts').textContent.includes('branch')")
	p.eval("history.forward()")
	p.says("#facts", "branch 1")
	p.clean()
	other.clean()
}

func goldenDigest(t *testing.T, name string) string {
	t.Helper()
	s, err := scenarios.Load(name, scenarios.Overrides{})
	if err != nil {
		t.Fatal(err)
	}
	o, err := s.Run()
	if err != nil {
		t.Fatal(err)
	}
	return o.Digest
}

// saveInTerminal does what a command line of the stepper says, and saves the branch.
func saveInTerminal(t *testing.T, command, digest string) string {
	t.Helper()
	parts := strings.Split(command, " --do '")
	s, err := scenarios.Load(strings.TrimPrefix(parts[0], "skinny step "), scenarios.Overrides{})
	if err != nil {
		t.Fatal(err)
	}
	place := session.NewSession(session.New(s), parts[0])
	for _, act := range parts[1:] {
		text, _, _ := strings.Cut(act, "'")
		if err := place.Redo(text); err != nil {
			t.Fatal(err)
		}
	}
	if got := place.Branch().Digest(); got != digest {
		t.Errorf("%s gives %s, not %s", command, got, digest)
	}
	return string(place.Branch().File().Encode())
}

func testRules(t *testing.T, ctx context.Context, base string) {
	p := open(t, ctx, base, "#two-winners@24")
	p.press("t")
	p.until("!document.querySelector('#rules').hidden")
	p.click("[data-key=which]")
	p.says("#rules .found", "ack-majority")
	p.shoot("which")
	p.click("#rule-ack-majority input")
	p.says("#facts", "published with ack-majority")
	p.says("#lock", "every property holds")
	p.shoot("rule")
	p.click("#rule-ack-majority input")
	p.until("!document.querySelector('#facts').textContent.includes('with')")
	p.eval("const seed = document.querySelector('[data-key=seed]'); seed.value = 'abc'; seed.dispatchEvent(new Event('change'));")
	p.says("#said", "seed")
	p.until("document.querySelector('[data-key=seed]').value === '1'")
	p.clean()
}

// What explore finds opens at the violation, and it is the shortest.
func testExplore(t *testing.T, ctx context.Context, base string) {
	p := open(t, ctx, base, "#two-winners")
	p.click("#tab-search")
	p.eval("const form = document.querySelector('#seek').elements; form.kind.value = 'explore'; form.property.value = 'mutual-exclusion'; document.querySelector('#seek').requestSubmit();")
	p.says("#sought", "after 11 decisions, and after no fewer")
	p.says("#lock", "hold the lock at once")
	p.shoot("explored")
	p.eval("history.back()")
	p.says("#heading", "Two winners, nothing lost")

	// One that would go on is cancelled.
	p.eval("const form = document.querySelector('#seek').elements; form.kind.value = 'explore'; form.losses.value = '3'; form.crashes.value = '2'; form.retries.value = '2'; form.property.value = 'promise-kept'; document.querySelector('#seek').requestSubmit();")
	p.says("#sought", "states")
	p.shoot("searching")
	p.click("#cancel")
	p.says("#sought", "Cancelled.")
	p.clean()
}

func testCheck(t *testing.T, ctx context.Context, base string) {
	p := open(t, ctx, base, "#two-winners")
	p.click("#tab-search")
	p.eval("document.querySelector('#seek').requestSubmit();")
	p.says("#sought", "violates")
	p.until("location.hash.startsWith('#~')")
	p.says("#lock", "violated")
	p.shoot("checked")
	p.clean()
}

func testEditor(t *testing.T, ctx context.Context, base string) {
	p := open(t, ctx, base, "#two-winners")
	p.click("#tab-edit")
	p.until("document.querySelector('#text').value.includes('edition')")
	p.eval("const area = document.querySelector('#text'); area.value = area.value.replace('edition:', 'editon:'); area.dispatchEvent(new Event('input'));")
	p.says("#faults", "line ")
	line := p.text("document.querySelector('#text').value.split('\\n').findIndex(line => line.includes('editon')) + 1")
	p.says("#faults", "line "+line)
	p.until("document.querySelector('#under mark')?.textContent === 'editon'")
	p.shoot("editor")
	p.eval("const area = document.querySelector('#text'); area.value = area.value.replace('editon: published', 'edition: sound'); area.dispatchEvent(new Event('input'));")
	p.says("#facts", "sound")
	p.until("document.querySelector('#faults').textContent === ''")

	// What is being written is kept while one goes on or looks elsewhere, and is applied all the same.
	p.eval("const area = document.querySelector('#text'); area.value = 'bogus: 1\\n' + area.value; area.dispatchEvent(new Event('input')); document.querySelector('[data-do=next]').click();")
	p.says("#faults", "line 1")
	p.click("#tab-now")
	p.click("#tab-edit")
	p.click("[data-do=next]")
	if got := p.text("document.querySelector('#text').value.slice(0, 8)"); got != "bogus: 1" {
		t.Errorf("the editor begins with %q", got)
	}
	p.eval("const area = document.querySelector('#text'); area.value = area.value.replace(/bogus.*\\ntitle.*|bogus.*\\n(.*\\n)*title.*/, 'format: 1\\ntitle: Mended'); area.dispatchEvent(new Event('input')); document.querySelector('[data-do=next]').click();")
	p.says("#heading", "Mended")

	// Another text has no branches, and back leads to those that were there.
	p.press("1", "x")
	p.says("#facts", "branch 1")
	p.eval("const area = document.querySelector('#text'); area.value += '# more\\n'; area.dispatchEvent(new Event('input'));")
	p.says("#said", "back in the browser leads to them")
	p.until("!document.querySelector('#facts').textContent.includes('branch')")
	p.eval("history.back()")
	p.says("#facts", "branch 1")
	p.until("!document.querySelector('#text').value.includes('# more')")

	// Keys are completed where they can stand.
	p.eval("const area = document.querySelector('#text'); area.focus(); area.value = 'format: 1\\ninstances:\\n  - incr'; area.setSelectionRange(999, 999); area.dispatchEvent(new Event('input'));")
	p.says("#complete", "increment:")
	p.do(chromedp.KeyEvent(kb.Enter))
	p.until("document.querySelector('#text').value.includes('  - increment: ')")
	p.clean()
}

// Labels of the picture cover no labels and no marks, in any bundled scenario; in every fourth,
// unless the exported page is tested.
func testLabels(t *testing.T, ctx context.Context, base string) {
	p := open(t, ctx, base, "")
	entries := scenarios.Library()
	step := 1
	if testing.Short() {
		step = 20
	} else if os.Getenv("SKINNY_EXPORTED") == "" {
		step = 4
	}
	for i := 0; i < len(entries); i += step {
		e := entries[i]
		link, err := link(map[string]any{"scenario": e.Name, "plain": true})
		if err != nil {
			t.Fatal(err)
		}
		p.eval(fmt.Sprintf("location.hash = %q", link))
		p.until(fmt.Sprintf("document.title.startsWith(%q)", e.Title()))
		p.settle()
		overlaps := p.text(`(() => {
			const boxes = [...document.querySelectorAll('#picture svg:not(.top) text.l')].map(node => ({box: node.getBBox(), text: node.textContent}));
			const signs = [...document.querySelectorAll('#picture svg:not(.top) g.event circle')].map(node => ({box: node.getBBox(), text: 'a mark'}));
			const found = [];
			boxes.forEach((a, i) => { for (const b of [...boxes.slice(i + 1), ...signs]) {
				const x = Math.min(a.box.x + a.box.width, b.box.x + b.box.width) - Math.max(a.box.x, b.box.x);
				const y = Math.min(a.box.y + a.box.height, b.box.y + b.box.height) - Math.max(a.box.y, b.box.y);
				if (x > 1 && y > 4) found.push(a.text + ' / ' + b.text);
			} });
			return (boxes.length === 0 ? 'no labels' : '') + found.slice(0, 5).join(', ');
		})()`)
		if overlaps != "" {
			t.Errorf("%s: labels overlap: %s", e.Name, overlaps)
		}
	}
	p.clean()
}

// How it looks on a phone, in the dark, and on a projector is looked at; that nothing
// is cut off is tested.
func testLooks(t *testing.T, ctx context.Context, base string) {
	p := open(t, ctx, base, "#two-winners@24")
	p.shoot("desktop")
	p.press(",")
	p.until("document.querySelector('#stage').offsetParent !== null")
	p.shoot("stage")
	p.press(",")
	p.scheme("dark")
	p.shoot("dark")
	p.readable("#picture .future text", "#picture text")
	p.scheme("light")
	p.readable("#picture .future text", "#picture text")
	p.do(chromedp.EmulateViewport(1366, 768))
	p.press("+", "+", "+", "+", "+", "+")
	if high := p.text("document.querySelector('#picture').clientHeight >= 150"); high != "true" {
		t.Error("the picture is squeezed by large type")
	}
	p.shoot("large")
	p.press("-", "-", "-", "-", "-", "-")
	p.do(chromedp.EmulateViewport(1024, 768))
	p.eval("location.hash = '#rules/self-rules'")
	p.says("#heading", "self-rules")
	p.press("h")
	if wide := p.text("document.documentElement.scrollWidth"); wide != "1024" {
		t.Errorf("a page with a long title is %s px wide", wide)
	}
	p.press("h")
	p.eval("location.hash = '#two-winners@24'")
	p.says("#heading", "Two winners")
	p.do(chromedp.EmulateViewport(1920, 1080))
	p.press("+", "+", "+", "+")
	p.shoot("projector")
	p.press("-", "-", "-", "-")
	p.do(chromedp.EmulateViewport(360, 740, chromedp.EmulateMobile))
	p.do(chromedp.Sleep(400 * time.Millisecond))
	p.shoot("phone")
	p.fits("a run")
	p.eval("document.querySelector('#hide').click()")
	p.settle()
	p.fits("presented")
	p.shoot("hidden")

	// On paper there is the whole picture, and nothing to press; what is told by colour keeps it.
	p.press("h", "g", "n")
	p.media(emulation.SetEmulatedMediaParams{Media: "print"})
	for _, expression := range []string{
		"[...document.querySelectorAll('.skip, button:not(.ref, .number)')].filter(node => node.checkVisibility()).map(node => node.textContent)",
		"[...document.querySelectorAll('#picture .event .row')].filter(node => getComputedStyle(node).opacity > .2 && !node.closest('.now'))",
		"[...document.querySelectorAll('.legend i')].filter(node => getComputedStyle(node).printColorAdjust !== 'exact')",
	} {
		if got := p.text(expression); got != "" {
			t.Errorf("in print: %s", got)
		}
	}
	p.shoot("print")
	p.clean()
}

// scheme says which colours whoever looks prefers.
func (p *tab) scheme(name string) {
	p.Helper()
	p.media(emulation.SetEmulatedMediaParams{Features: []*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: name}}})
}

// media is what the page is shown on, and what whoever looks prefers.
func (p *tab) media(params emulation.SetEmulatedMediaParams) {
	p.Helper()
	if _, err := chromedp.Call(p.ctx, emulation.SetEmulatedMedia, params); err != nil {
		p.Fatal(err)
	}
}

// readable complains about texts whose contrast to their ground is below 4.5, or of which there are none.
func (p *tab) readable(selectors ...string) {
	p.Helper()
	for _, selector := range selectors {
		got := p.text(fmt.Sprintf(`(() => {
			const light = rgb => rgb.map(v => v / 255).map(v => v <= .04045 ? v / 12.92 : ((v + .055) / 1.055) ** 2.4).reduce((sum, v, i) => sum + v * [.2126, .7152, .0722][i], 0);
			const parts = color => (color.match(/[\d.]+/g) ?? []).map(Number);
			const up = node => node ? [node, ...up(node.parentElement)] : [];
			const all = [...document.querySelectorAll(%q)], found = new Set();
			for (const node of all) {
				const styles = up(node).map(other => getComputedStyle(other)), opacity = styles.reduce((product, style) => product * style.opacity, 1);
				const ground = parts(styles.map(style => style.backgroundColor).find(color => parts(color)[3] !== 0));
				const ink = parts(node instanceof SVGElement ? styles[0].fill : styles[0].color).slice(0, 3).map((v, i) => v * opacity + ground[i] * (1 - opacity));
				const [high, low] = [light(ink), light(ground.slice(0, 3))].sort((a, b) => b - a), contrast = (high + .05) / (low + .05);
				if (contrast < 4.5 && !node.matches('.fb')) found.add(node.textContent + ' ' + contrast.toFixed(2));
			}
			return all.length === 0 ? 'no text' : [...found].slice(0, 5).join(', ');
		})()`, selector))
		if got != "" {
			p.Errorf("%s: too faint: %s", selector, got)
		}
	}
}

// A scenario that is full of markup and control characters is data everywhere.
func testHostile(t *testing.T, ctx context.Context, base string) {
	const text = "format: 1\ntitle: \"<img src=x onerror=alert(1)> &lt;script>\"\nabout: \"</svg><script>document.title='broken'</script>\"\n" +
		"instances: [{name: a}, {name: b}, {name: c}]\ntimeline:\n  - {at: 0ms, acquire: alice, via: a}\n"
	p := open(t, ctx, base, "")
	p.eval("window.alert = () => { window.alerted = true; }")
	p.click("#tab-edit")
	p.until("document.querySelector('#text').value.includes('edition')")
	p.eval(fmt.Sprintf("const area = document.querySelector('#text'); area.value = %q; area.dispatchEvent(new Event('input'));", text))
	p.until("document.querySelector('#heading').textContent.includes('<img') || document.querySelector('#faults').textContent !== ''")
	if got := p.text(content("#faults")); got != "" {
		t.Errorf("the scenario has errors: %s", got)
	}
	for _, expression := range []string{"window.alerted", "document.querySelector('img, main script, #picture script, [onerror]')", "document.title === 'broken'"} {
		if p.text("!!("+expression+")") != "false" {
			t.Errorf("%s", expression)
		}
	}
	p.clean()
}

// All that a hand can do is done by keys.
func testKeyboard(t *testing.T, ctx context.Context, base string) {
	amnesia, err := scenarios.Find("amnesia")
	if err != nil {
		t.Fatal(err)
	}
	p := open(t, ctx, base, "#two-winners@6")
	p.press("1")
	p.until("document.querySelector('#instances [aria-pressed=true]')?.textContent === 'a'")
	p.press("x")
	p.says("#said", "crash a")
	p.says("#caption", "crashes")
	p.press("r")
	p.says("#said", "this branch goes on by it")
	p.press("g")
	p.until("location.hash.length > 10 && document.querySelector('#scrub').value === '0'")
	p.press("N")
	p.says("#caption", "proposes ID 1")
	p.press("m")
	p.press("?")
	p.until("document.querySelector('#keys').open")
	p.says("#keylist", "the next event by which a majority forms")
	p.readable("#keylist .cannot dd")
	p.shoot("keys")
	p.press(kb.Escape)
	p.press(":")
	p.until("document.querySelector('#prompt').open")
	p.eval("document.querySelector('#line').value = ''") // keys of the test are typed in spite of being handled
	p.do(chromedp.KeyEvent("goto 5ms"), chromedp.KeyEvent(kb.Enter))
	p.says("#caption", "· 5 ms")
	p.press("a")
	p.until("document.querySelector('#line').value.startsWith('acquire carol via ')")
	p.eval("document.querySelector('#line').value = 'acquire carol via b'")
	p.do(chromedp.KeyEvent(kb.Enter))
	p.says("#caption", "carol")

	// The focus stays at what was pressed, or where it was if that has gone.
	p.focused("[data-do=end]", kb.Enter, "document.activeElement.dataset.do === 'end' && document.activeElement.ariaDisabled === 'true'")
	p.focused("[data-do=start]", kb.Enter, "document.activeElement.dataset.do === 'start' && document.activeElement.ariaDisabled === 'true'")
	p.press("n", "n", "n", kb.ArrowDown)
	p.focused("#pending .chosen [data-key=drop]", kb.Enter, "document.activeElement.id === 'pending'")
	p.press("n", "w")
	p.focused("#why .close", kb.Enter, "document.activeElement.id === 'caption' || document.activeElement.id === 'why'")
	p.press("h")
	p.until("document.querySelector('#hide').getAttribute('aria-pressed') === 'true'")
	p.says("#caption", "of …")
	p.press("L")
	p.until("document.querySelector('#library').open && document.querySelectorAll('#shelves li').length > 40")
	p.shoot("library")
	p.eval("const filter = document.querySelector('#filter'); filter.focus(); filter.value = 'amnesia'; filter.dispatchEvent(new Event('input'));")
	p.do(chromedp.KeyEvent(kb.Enter))
	p.until("!document.querySelector('#library').open && location.hash.length > 2")
	p.says("#heading", amnesia.Title())
	p.clean()
}

// focused gives something the focus, presses a key, and waits for what comes of it.
func (p *tab) focused(selector, key, expression string) {
	p.Helper()
	p.eval(fmt.Sprintf("document.querySelector(%q).focus()", selector))
	p.press(key)
	p.until(expression)
}

// Playing goes on by itself, and stops where something is to be said. Long names stay within
// what they name, and nothing that is under way covers one.
func testPlay(t *testing.T, ctx context.Context, base string) {
	p := open(t, ctx, base, "#two-winners@17")
	p.click("#tab-stage")
	p.eval("document.querySelector('#speed').value = '4'")
	p.press(".")
	p.says("#caption", "event 20 of 30")
	p.until("!document.body.classList.contains('playing')")
	p.shoot("played")
	var names, calls []string
	for i := range 9 {
		names = append(names, fmt.Sprintf("an-instance-with-a-long-name-%d", i))
		calls = append(calls, fmt.Sprintf("{at: %dms, acquire: a-client-with-a-long-name-%d, via: %s}", i, i, names[i]))
	}
	nine, err := link(map[string]any{"text": fmt.Sprintf("format: 1\ntitle: Nine\ninstances: [%s]\ntimeline: [%s]\n", strings.Join(names, ", "), strings.Join(calls, ", ")), "at": 30})
	if err != nil {
		t.Fatal(err)
	}
	p.eval(fmt.Sprintf("location.hash = %q", nine))
	p.says("#heading", "Nine")
	p.until("document.querySelectorAll('#stage .flight').length > 20")
	if got := p.text(`[...document.querySelectorAll('#stage .name')].filter(name => {
		const box = name.getBoundingClientRect(), around = name.parentNode.querySelector('.body, rect').getBoundingClientRect();
		const parts = [.2, .35, .5, .65, .8], seen = (x, y) => document.elementFromPoint(around.x + around.width * x, around.y + around.height * y);
		const covered = parts.some(x => parts.some(y => seen(x, y).closest('.flight')));
		return box.width > around.width + 4 || covered;
	}).map(name => name.textContent)`); got != "" || p.text("document.querySelectorAll('#stage .name').length") != "18" {
		t.Errorf("not to be read on the stage: %s", got)
	}
	p.shoot("nine")
	p.clean()
}

// A file that is dropped opens, one with errors opens in the editor, and the picture is
// copied as a file.
func testFiles(t *testing.T, ctx context.Context, base string) {
	p := open(t, ctx, base, "")
	drop := func(text string) {
		p.Helper()
		p.eval(fmt.Sprintf("const data = new DataTransfer(); data.items.add(new File([%q], 'own.yaml')); dispatchEvent(new DragEvent('drop', {dataTransfer: data, cancelable: true}));", text))
	}
	for _, c := range []struct{ event, dropping string }{ // a file is over the page until it leaves it, not what is within it
		{"'dragleave'", "false"}, {"'dragover', {cancelable: true}", "true"}, {"'dragleave', {relatedTarget: document.body}", "true"}, {"'dragleave'", "false"}, {"'dragover'", "true"},
	} {
		p.eval("dispatchEvent(new DragEvent(" + c.event + "))")
		if got := p.text("document.body.classList.contains('dropping')"); got != c.dropping {
			t.Errorf("after %s: dropping %s", c.event, got)
		}
	}
	drop("format: 1\ntitle: My own\ninstances: [x, y, z]\ntimeline: [{at: 0ms, acquire: alice, via: x}]\n")
	p.says("#heading", "My own")
	p.until("!document.body.classList.contains('dropping')")
	p.eval("navigator.clipboard.writeText = async text => { window.copied = text; }; document.querySelector('[data-share=svg]').click()")
	p.until("window.copied?.startsWith('<svg')")
	if err := xml.Unmarshal([]byte(p.text("window.copied")), new(struct{})); err != nil || p.text("window.copied.includes('<style>')") != "true" {
		t.Errorf("the picture is no file of its own: %v", err)
	}
	drop("format: 1\ntitel: Wrong\n")
	p.says("#faults", "titel")
	for range 2 { // the same file once more is a change, too
		p.eval("const data = new DataTransfer(); data.items.add(new File(['format: 1\\ntitle: Chosen\\ninstances: [x, y, z]\\n'], 'chosen.yaml')); const file = document.querySelector('#file'); file.files = data.files; file.dispatchEvent(new Event('change'));")
		p.says("#heading", "Chosen")
		p.until("document.querySelector('#file').value === ''")
	}
	p.clean()
}

// A link that shows nothing says so until another scenario is chosen, one to an event that
// is not there leads to the last, and the reasons of the event are seen whole.
func testLinks(t *testing.T, ctx context.Context, base string) {
	changed, err := link(map[string]any{"scenario": "two-winners", "at": 14, "seed": "12"})
	if err != nil {
		t.Fatal(err)
	}
	changed = changed[:len(changed)-10] + map[bool]string{true: "B", false: "A"}[changed[len(changed)-10] == 'A'] + changed[len(changed)-9:]
	p := open(t, ctx, base, "#two-winners@99999")
	p.says("#caption", "event 30 of 30")
	p.until("location.hash === '#two-winners@30'")
	p.do(chromedp.EmulateViewport(1280, 900))
	p.press("g")
	p.eval("location.hash = '#two-winners@20'")
	p.says("#caption", "event 20 of 30")
	if more := p.text("(c => c.scrollHeight - c.clientHeight)(document.querySelector('#caption'))"); more != "0" {
		t.Errorf("%s px of event 20 are hidden", more)
	}
	for _, link := range []struct{ hash, want string }{
		{"#~xxxxx", "This link is broken."}, {"#~AAAA", "This link is broken."}, {"#%", "This link is broken."},
		{changed, "This link is broken."},
		{"#nonsense@99999", "there is no bundled scenario \"nonsense\""},
	} {
		p.do(chromedp.Navigate("about:blank"), chromedp.Navigate(base+link.hash))
		p.until("document.querySelector('#caption .head') !== null")
		p.settle()
		if got := p.text(content("#caption .head")); got != link.want {
			t.Errorf("%s: it says %q", link.hash, got)
		}
		p.press("?", "x", "+", "-") // there is nothing to be done with keys
		p.click("#caption .primary")
		p.until("document.querySelector('#library').open")
	}
	p.click("#shelves button")
	p.until("document.querySelector('#digest').textContent !== '' && document.querySelector('[inert]') === null")

	// What is copied is the link of what is shown, and that there is no clipboard is said.
	shown := p.text("location.hash")
	p.eval("location.hash = '#~xxxxx'")
	p.says("#said", "This link is broken.")
	p.until(fmt.Sprintf("location.hash === %q", shown))
	p.eval("navigator.clipboard.writeText = () => Promise.reject(); document.querySelector('[data-share=link]').click()")
	p.says("#said", "The link could not be copied")
	p.eval("document.querySelector('#said').textContent += 'x'.repeat(9000)")
	if cut := p.text("(said => said.scrollWidth > said.clientWidth || said.getBoundingClientRect().top < said.parentNode.getBoundingClientRect().top)(document.querySelector('#said'))"); cut != "false" {
		t.Error("a long link is cut off")
	}

	// Links of earlier versions, which had no sum, open; and so does the page where nothing may be kept.
	const deny = "Object.defineProperty(window, 'localStorage', {get() { throw new DOMException('denied', 'SecurityError'); }})"
	if _, err := chromedp.Call(p.ctx, page.AddScriptToEvaluateOnNewDocument, page.AddScriptToEvaluateOnNewDocumentParams{Source: deny}); err != nil {
		t.Fatal(err)
	}
	p.do(chromedp.Navigate("about:blank"), chromedp.Navigate(base+"#~q1YqTk7NSyzKzFeyUlAqKc_XLc_My0stKlbSUVBKLAEKmgMZBTmJmXlAdklRaWotAA"))
	p.says("#caption", "event 7 of 30")
	p.press("+", "-", "K")
	p.until("document.querySelector('#library').open")
	p.clean()
}

func testCompare(t *testing.T, ctx context.Context, base string) {
	p := open(t, ctx, base, "#two-winners@14")
	p.press(kb.ArrowDown, "d")
	p.says("#facts", "branch 1")
	p.click("#tab-branches")
	p.click("[data-key=compare0]")
	p.says("#compare", "They part at event 15")
	p.readable("#compare .same p")
	p.shoot("compare")
	p.press("w")
	p.says("#why", "Why event 15")
	p.shoot("why")
	p.clean()
}
