package render

import (
	"fmt"
	"slices"
)

// Hue is one of a few colours that people who see colours differently tell apart
// (Okabe and Ito, "Color Universal Design", 2008), and what stands for it where it
// has to be read: on white and on dark with a contrast of at least 4.5:1.
type Hue struct {
	Name  string
	Pure  string // as published
	Light string // on white
	Dark  string // on dark
	Both  string // on white and on black, where the ground is not known
	ANSI  int    // the colour of a terminal that has few, and shows it as its user likes
}

// Ground is what colours stand on.
type Ground uint8

// The grounds.
const (
	AnyGround Ground = iota // it is not known
	LightGround
	DarkGround
)

// On is the hue on a ground, as "#RRGGBB".
func (h Hue) On(g Ground) string {
	return [...]string{AnyGround: h.Both, LightGround: h.Light, DarkGround: h.Dark}[g]
}

// RGB takes a colour as "#RRGGBB" apart.
func RGB(color string) (red, green, blue int) {
	fmt.Sscanf(color, "#%02x%02x%02x", &red, &green, &blue)
	return red, green, blue
}

// Backgrounds of pictures, and the colours of text on them.
var (
	Paper   = Hue{Name: "paper", Pure: "#ffffff", Light: "#ffffff", Dark: "#15181d"}
	Ink     = Hue{Name: "ink", Pure: "#000000", Light: "#1c2128", Dark: "#e8eaed"}
	Muted   = Hue{Name: "muted", Pure: "#000000", Light: "#5d6570", Dark: "#a3abb5", Both: "#6d7683"}
	Rule    = Hue{Name: "rule", Pure: "#000000", Light: "#dde1e6", Dark: "#30363e"}
	Alarm   = Hue{"vermillion", "#D55E00", "#b84700", "#ff7f3f", "#c94e00", 1}
	Reached = Hue{"bluish green", "#009E73", "#00785a", "#2fc79b", "#008664", 2}
)

// palette are the colours of instances. Vermillion is kept for what is wrong.
var palette = [...]Hue{
	{"sky blue", "#56B4E9", "#0b78b3", "#56b4e9", "#0b7cb9", 6},
	{"orange", "#E69F00", "#946200", "#e69f00", "#a16a00", 3},
	Reached,
	{"reddish purple", "#CC79A7", "#ab3f7c", "#dd8fba", "#bd4c8c", 5},
	{"blue", "#0072B2", "#2b3f9e", "#8fa6ff", "#596ed2", 4},
}

// Color is the colour of an instance, by position: the same in every medium.
func Color(position int8) Hue { return palette[int(position)%len(palette)] }

// Colors is the number of colours; then they begin again.
const Colors = len(palette)

// css writes rules for each colour: fills f0, f1, … and strokes s0, s1, …, and the
// same of ink (i), muted (m), alarm (x), paper (b) and rules (r).
func css(dark bool) string {
	text := ""
	for i, h := range slices.Concat(palette[:], []Hue{Ink, Muted, Alarm, Paper, Rule}) {
		c, name := verdict(dark, h.Dark, h.Light), number(i)
		if i >= Colors {
			name = "imxbr"[i-Colors : i-Colors+1]
		}
		text += fmt.Sprintf(".f%s{fill:%s}.s%s{stroke:%s}", name, c, name, c)
	}
	return text + fmt.Sprintf(".l{stroke:%s}", verdict(dark, Paper.Dark, Paper.Light))
}

// NameStyle is a style sheet for text in the colours of instances, c0, c1, ….
func NameStyle() string {
	light, dark := "", ""
	for i, h := range palette {
		light += fmt.Sprintf(".c%d{color:%s}", i, h.Light)
		dark += fmt.Sprintf(".c%d{color:%s}", i, h.Dark)
	}
	return light + "@media screen and (prefers-color-scheme:dark){" + dark + "}"
}
