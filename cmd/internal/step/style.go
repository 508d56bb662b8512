package step

import (
	"fmt"

	"skinny/cmd/internal/session"
	"skinny/sim/render"
)

// style is what a cell looks like. Which colours that is on a terminal depends on its
// ground. Nothing is told by colour alone.
type style struct {
	hue  int8 // of hues, from 1; 0 is the terminal's own
	bold bool
	dim  bool
}

// hues are the colours of cells: first those of instances.
var hues = func() (list [render.Colors + 2]render.Hue) {
	for i := range render.Colors {
		list[i] = render.Color(int8(i))
	}
	list[render.Colors], list[render.Colors+1] = render.Alarm, render.Reached
	return list
}()

var (
	plain = style{}
	bold  = style{bold: true}
	faint = style{dim: true}
	bad   = style{hue: int8(render.Colors) + 1, bold: true}
	good  = style{hue: int8(render.Colors) + 2}
	keyed = laneStyle(0).strong()
	news  = laneStyle(1).strong() // what has just changed

	looks = [...]style{
		session.Plain: plain, session.Strong: bold, session.Faint: faint, session.Good: good, session.Bad: bad, session.Key: keyed,
	}
)

// strong is the style in bold.
func (s style) strong() style {
	s.bold = true
	return s
}

// reset ends what escape begins.
const reset = "\x1b[m"

// escape is what a terminal with a ground is told.
func (s style) escape(ground render.Ground) string {
	i := int(s.hue) << 2
	if s.bold {
		i |= 1
	}
	if s.dim {
		i |= 2
	}
	return escapes[ground][i]
}

// escapes are all escapes, by ground and style.
var escapes = func() (list [render.DarkGround + 1][(len(hues) + 1) << 2]string) {
	for ground := range list {
		for i := range list[ground] {
			list[ground][i] = style{int8(i >> 2), i&1 != 0, i&2 != 0}.newEscape(render.Ground(ground))
		}
	}
	return list
}()

// newEscape makes an escape. Where the ground is known, faint text is a grey that can be
// read on it.
func (s style) newEscape(ground render.Ground) (text string) {
	if s.bold {
		text += "\x1b[1m"
	}
	switch {
	case s.hue > 0:
		text += colored(hues[s.hue-1], ground)
	case s.dim && ground == render.AnyGround:
		text += "\x1b[2m"
	case s.dim:
		text += colored(render.Muted, ground)
	}
	return text
}

func colored(h render.Hue, ground render.Ground) string {
	red, green, blue := render.RGB(h.On(ground))
	return fmt.Sprintf("\x1b[38;2;%d;%d;%dm", red, green, blue)
}

// laneStyle is the style of an instance, or of a client if it is negative.
func laneStyle(position int8) style {
	if position < 0 {
		return plain
	}
	return style{hue: int8(int(position)%render.Colors) + 1}
}

// styleOf is what a look is on a terminal.
func styleOf(look session.Look) style {
	if look < session.OfInstance {
		return looks[look]
	}
	return laneStyle(int8(look - session.OfInstance)).strong()
}
