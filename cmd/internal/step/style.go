package step

import (
	"strings"
	"sync"

	"charm.land/lipgloss/v2"

	"skinny/cmd/internal/session"
)

// style is what a cell looks like. Nothing is told by colour alone.
type style struct {
	color       color
	bold, faint bool
}

// color is one of a few that people who see colours differently tell apart (Okabe
// and Ito, "Color Universal Design", 2008).
type color uint8

const (
	noColor color = iota
	skyBlue
	orange
	green
	purple
	blue
	vermillion
	colors
)

var codes = [colors]string{
	skyBlue:    "#56B4E9",
	orange:     "#E69F00",
	green:      "#009E73",
	purple:     "#CC79A7",
	blue:       "#0072B2",
	vermillion: "#D55E00",
}

// lanes are the colours of instances, by position, then again from the first.
// Vermillion is kept for what is wrong.
var laneColors = [...]color{skyBlue, orange, green, purple, blue}

var (
	plain = style{}
	bold  = style{bold: true}
	faint = style{faint: true}
	good  = style{color: green}
	bad   = style{color: vermillion, bold: true}
	keyed = style{color: skyBlue, bold: true}
)

// laneStyle is the style of an instance, or of a client if it is negative.
func laneStyle(position int8) style {
	if position < 0 {
		return plain
	}
	return style{color: laneColors[int(position)%len(laneColors)]}
}

// styleOf is what a look is on a terminal.
func styleOf(look session.Look) style {
	switch look {
	case session.Plain:
		return plain
	case session.Strong:
		return bold
	case session.Faint:
		return faint
	case session.Good:
		return good
	case session.Bad:
		return bad
	case session.Key:
		return keyed
	}
	s := laneStyle(int8(look - session.OfInstance))
	s.bold = true
	return s
}

// sequences are what goes before and after text of a style.
var sequences sync.Map // of style to [2]string

func (s style) sequence() [2]string {
	if s == plain {
		return [2]string{}
	}
	if known, ok := sequences.Load(s); ok {
		return known.([2]string)
	}
	before, after, _ := strings.Cut(s.lipgloss().Render("x"), "x")
	sequences.Store(s, [2]string{before, after})
	return [2]string{before, after}
}

func (s style) lipgloss() lipgloss.Style {
	look := lipgloss.NewStyle().Bold(s.bold).Faint(s.faint)
	if s.color != noColor {
		look = look.Foreground(lipgloss.Color(codes[s.color]))
	}
	return look
}

func (s style) before() string { return s.sequence()[0] }

func (s style) after() string { return s.sequence()[1] }
