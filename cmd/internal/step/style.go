package step

import (
	"fmt"

	"skinny/cmd/internal/session"
	"skinny/sim/render"
)

// style is what a cell looks like, as what a terminal is told. Nothing is told by
// colour alone.
type style string

const (
	plain style = ""
	bold  style = "\x1b[1m"
	faint style = "\x1b[2m"
	reset       = "\x1b[m"
)

var (
	good  = colored(render.Reached)
	bad   = colored(render.Alarm) + bold
	keyed = laneStyle(0) + bold
	news  = laneStyle(1) + bold // what has just changed

	looks = [...]style{
		session.Plain: plain, session.Strong: bold, session.Faint: faint, session.Good: good, session.Bad: bad, session.Key: keyed,
	}
	lanes = func() (list [render.Colors]style) {
		for i := range list {
			list[i] = colored(render.Color(int8(i)))
		}
		return list
	}()
)

func colored(h render.Hue) style {
	var red, green, blue int
	fmt.Sscanf(h.Pure, "#%02X%02X%02X", &red, &green, &blue)
	return style(fmt.Sprintf("\x1b[38;2;%d;%d;%dm", red, green, blue))
}

// laneStyle is the style of an instance, or of a client if it is negative.
func laneStyle(position int8) style {
	if position < 0 {
		return plain
	}
	return lanes[int(position)%len(lanes)]
}

// styleOf is what a look is on a terminal.
func styleOf(look session.Look) style {
	if look < session.OfInstance {
		return looks[look]
	}
	return laneStyle(int8(look-session.OfInstance)) + bold
}
