//go:build !js && !wasip1

package main

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"skinny/scenarios"
	"skinny/scenarios/exercise"
)

// A lesson is taken by keys alone to its end, with one wrong answer; what comes is nowhere
// to be seen, and links, reload and back keep what was answered.
func testLesson(t *testing.T, ctx context.Context, base string) {
	p := open(t, ctx, base, "#learn/majority")
	p.eval("localStorage.clear()")
	p.calm()
	p.says("#aside h2", "lesson, stop 1 of 8")
	p.says("#lock", "what comes is hidden")
	p.shoot("begins")
	p.press(kb.Enter)
	p.says("#caption", "event 2 of …")
	p.says("#aside", "alice asks a for the lock")
	p.press(kb.Enter)
	p.says("#aside", "two of four")
	for _, hidden := range []string{"!!document.querySelector('#e5')", "!document.querySelector('#tab-edit').hidden", "document.querySelectorAll('#lines .line').length > 4"} {
		if p.text(hidden) != "false" {
			t.Errorf("what comes is told: %s", hidden)
		}
	}
	p.press(kb.ArrowRight)
	p.says("#said", "answer first")
	p.shoot("asks")
	p.press("1")
	p.says("#aside .bad", "✗")
	p.says("#aside", "without majority")
	p.shoot("wrong")
	address := p.text("location.href")
	p.press(kb.Enter)
	p.says("#aside", "d has not been heard")
	p.eval("history.back()")
	p.says("#aside", "without majority")
	p.eval("history.forward()")
	p.says("#aside", "d has not been heard")
	p.do(chromedp.Reload())
	p.says("#aside", "d has not been heard")
	other := open(t, ctx, base, address[strings.Index(address, "#"):])
	other.says("#aside", "without majority")
	for range 40 {
		if p.text("document.querySelector('#aside h2').textContent.startsWith('the point')") == "true" {
			break
		}
		right := rightChoice(p)
		p.press(right)
	}
	p.says("#aside", "any two majorities share an instance")
	p.says("#aside", "4 of 5 answers right.")
	p.shoot("ends")
	p.do(chromedp.EmulateViewport(360, 740, chromedp.EmulateMobile))
	p.fits("at the end")
	p.shoot("phone")
	p.press("K")
	p.until("document.activeElement.dataset.name === 'learn/typical'")
	p.says("#shelves [data-name='learn/majority']", "✓ 4/5")
	p.says("#shelves [data-name='learn/typical']", "▸ next")
	p.fits("the course")
	p.shoot("course")
	p.eval("window.confirm = text => { window.asked = text; return false; }")
	p.click("#forget")
	p.says("#shelves [data-name='learn/majority']", "✓ 4/5")
	p.eval("window.confirm = () => true")
	p.click("#forget")
	p.until("window.asked.includes('Forget') && !document.querySelector('#shelves').textContent.includes('✓')")
	p.press(kb.Escape)
	p.do(chromedp.EmulateViewport(1280, 800))
	p.click("#aside [data-key='actlearn/typical']")
	p.says("#aside h2", "lesson, stop 1 of")
	p.until("location.hash === '#learn/typical'")
	p.clean()
	other.clean()
}

// rightChoice is the key of what goes on: of the right choice, which is the one that the
// link's run tells, or Enter where nothing is asked.
func rightChoice(p *tab) string {
	p.Helper()
	if p.text("!!document.querySelector('#aside .choose')") == "false" {
		return kb.Enter
	}
	address := p.text("location.href")
	for n := 1; ; n++ {
		q := open(p.T, p.ctx, p.base, address[strings.Index(address, "#"):])
		q.press(fmt.Sprint(n))
		q.until("!document.querySelector('#aside .choose')")
		if q.text("!!document.querySelector('#aside .good')") == "true" {
			return fmt.Sprint(n)
		}
	}
}

// fits complains if a phone would have to scroll sideways.
func (p *tab) fits(what string) {
	p.Helper()
	p.settle()
	if wide := p.text("document.documentElement.scrollWidth"); wide != "360" {
		p.Errorf("%s: on a phone the page is %s px wide", what, wide)
	}
}

// calm says that whoever looks prefers reduced motion.
func (p *tab) calm() {
	p.Helper()
	p.media(emulation.SetEmulatedMediaParams{Features: []*emulation.MediaFeature{{Name: "prefers-reduced-motion", Value: "reduce"}}})
}

// A prediction asks, keeps its score, and ends; presenting is larger, for a clicker.
func testPrediction(t *testing.T, ctx context.Context, base string) {
	p := open(t, ctx, base, "#two-winners")
	p.press("o")
	p.says("#aside h2", "predict: nothing was asked")
	p.until("document.querySelector('#predict').getAttribute('aria-pressed') === 'true'")
	p.press(kb.End)
	p.says("#aside h2", "predict, question 1")
	p.until("document.querySelectorAll('#aside .choose').length > 1")
	p.shoot("asks")
	p.click("#aside .choose")
	p.until("/[01] of 1 right/.test(document.querySelector('#aside h2').textContent)")
	p.press(kb.End, "2")
	p.says("#aside h2", " of 2 right")
	p.do(chromedp.EmulateViewport(360, 740, chromedp.EmulateMobile))
	p.press(kb.End)
	p.fits("a question")
	p.shoot("phone")
	p.do(chromedp.EmulateViewport(1280, 800))
	p.do(chromedp.Reload())
	p.says("#aside h2", " of 2 right")
	p.press("o")
	p.says("#said", " of 2 right")
	p.until("document.querySelector('#aside').hidden")

	p.eval("location.hash = '#two-winners@14'")
	p.says("#caption", "event 14 of 30")
	before := p.text("getComputedStyle(document.documentElement).fontSize")
	p.press("V")
	p.says("#caption", "event 14 of …")
	p.until(fmt.Sprintf("parseFloat(getComputedStyle(document.documentElement).fontSize) > parseFloat(%q)", before))
	p.press(kb.PageDown)
	p.says("#caption", "event 15 of …")
	p.press(kb.PageUp)
	p.says("#caption", "event 14 of …")
	if p.text("!!document.querySelector('#e15')") != "false" {
		t.Error("the audience sees what comes")
	}
	p.shoot("presented")
	p.press("h")
	p.says("#caption", "event 14 of 30")
	p.until(fmt.Sprintf("getComputedStyle(document.documentElement).fontSize === %q", before))
	p.clean()
}

// An exercise is solved by hand, and what is downloaded is a solution.
func testExercise(t *testing.T, ctx context.Context, base string) {
	p := open(t, ctx, base, "#exercises/network-1")
	p.eval("localStorage.clear()")
	p.says("#aside h2", "exercise: 0 moves · par 6")
	p.shoot("task")
	p.press("T", "T")
	p.says("#aside", "hint 2 of 3")
	for _, words := range []string{"deliver promise-request a -> c", "deliver promise-request b -> c", "deliver promise-response c -> a", "deliver promise-response c -> b", "timeout a", "timeout b"} {
		p.click(fmt.Sprintf("#pending [data-key^=%q]", words))
		if words == "deliver promise-request a -> c" {
			p.until("document.querySelectorAll('#pending .chosen .act').length === 1")
			p.shoot("chosen")
		}
		p.press(kb.Enter)
	}
	p.says("#aside h2", "✓ solved")
	p.says("#said", "solved in 6 moves, and none is shorter")
	p.shoot("solved")
	p.eval("const make = URL.createObjectURL; URL.createObjectURL = blob => { blob.text().then(text => { window.savedText = text; }); return make(blob); };")
	p.click("#aside [data-key=actsave]")
	p.until("window.savedText")
	p.says("#said", "skinny grade exercises/network-1 network-1-by-hand.yaml")
	x, err := exercise.Load("network-1")
	if err != nil {
		t.Fatal(err)
	}
	f, err := scenarios.Decode("network-1-by-hand.yaml", []byte(p.text("window.savedText")))
	if err != nil || !x.Judge(f, exercise.Usual()).Solved {
		t.Errorf("%v; this is no solution:\n%s", err, p.text("window.savedText"))
	}
	p.do(chromedp.EmulateViewport(360, 740, chromedp.EmulateMobile))
	p.fits("an exercise")
	p.press("K")
	p.says("#shelves [data-name='exercises/network-1']", "✓ 6/6")
	p.press(kb.Escape)
	p.do(chromedp.EmulateViewport(1280, 800))

	p.eval("location.hash = '#exercises/mystery-1'")
	p.says("#aside", "Which rule is off?")
	p.press("t")
	p.says("#rules", "but for what is to be found out")
	p.shoot("mystery")
	p.click("#rule-durable button")
	p.says("#said", "no, it is not durable")
	p.click("#rule-adopt button")
	p.says("#said", "adopt it is")
	p.until("document.querySelector('#rule-adopt input') !== null")

	p.eval("location.hash = '#exercises/predict-1'")
	p.says("#aside", "0 of 2 demands met")
	p.press("E")
	p.until("document.querySelector('#line').value.startsWith('claim ')")
	p.eval("document.querySelector('#line').value = 'claim operation 2 outcome refused holder alice'")
	p.do(chromedp.KeyEvent(kb.Enter))
	p.says("#said", "1 of 2 are right")
	p.shoot("claimed")
	p.clean()
}
