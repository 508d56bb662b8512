package web

import (
	"strconv"
	"strings"

	"skinny/cmd/internal/session"
	"skinny/sim/check"
	"skinny/sim/render"
)

type drawing struct {
	SVG   string `json:"svg"`
	First int    `json:"first"`
	Last  int    `json:"last"`
}

// picture tells drawings apart.
type picture struct {
	branch      *session.Branch
	first, last int
	end         int // what is known of the run
}

// mostOfPicture is how many events a picture to be copied has at most.
const mostOfPicture = 2_000

// upTo is a run as far as it is seen.
type upTo struct {
	*session.Branch
	end int
}

func (u upTo) Len() int { return u.end }

// picture draws the events in sight. It does not say where one is, so that it stays the
// same from one event to the next.
func (p *place) picture(first, last int) *drawing {
	b := p.Branch()
	end := p.Limit()
	text := p.run.text(picture{b, first, last, end}, func() string {
		return written(&render.Sheet{Scene: p.scene(first, last, end), Bare: true, About: "Space-time picture: a lane for each instance and client, time growing downwards."})
	})
	return &drawing{text, first, last}
}

// scene lays out some events of a run that is known up to an end.
func (p *place) scene(first, last, end int) *render.Scene {
	b := p.Branch()
	d := render.Diagram{
		Header: b.Header(), Actors: render.ActorsOf(b.Header(), b), Events: upTo{b, end},
	}
	switch end {
	case b.Len():
		d.Open = b.Open()
	case p.At():
		d.Open = p.Now().Open(end)
	default:
		d.Open = b.Moment(end).Open(end)
	}
	return d.Lay(render.Window{First: first, Rows: last - first + 1, Before: b.Standing(first - 1)})
}

func written(s *render.Sheet) string {
	var b strings.Builder
	if err := s.WriteSVG(&b); err != nil {
		panic(err) // nothing can go wrong in memory
	}
	return b.String()
}

func (p *place) wholePicture() string {
	b, s := p.Branch(), p.Branch().Scenario()
	end := min(p.Limit(), mostOfPicture)
	sheet := render.Sheet{
		Scene: p.scene(1, end, p.Limit()), Title: s.Title, At: p.At(),
		Subtitle: "edition " + s.Setting() + " · " + strconv.Itoa(len(s.Cluster.Instances)) + " instances · seed " + strconv.FormatUint(s.Seed, 10),
		About:    "A space-time diagram: a lane for each instance and client, time growing downwards, messages as arrows.",
		Notes: func(event int) (list []render.Note) {
			for _, v := range check.BrokenBy(event, b.Judge()) {
				list = append(list, render.Note{Head: v.Property, Text: v.Why.String()})
			}
			return list
		},
	}
	return written(&sheet)
}
