package main

import (
	"bytes"
	"cmp"
	"fmt"
	"io"
	"math"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"skinny/cmd/internal/draw"
	"skinny/cmd/internal/program"
	"skinny/cmd/internal/report"
	"skinny/cmd/internal/shell"
)

type drawFlags struct {
	scenarioFlags
	draw.Options
	only   string
	file   string
	format string
}

func (a *app) drawCommand() *cobra.Command {
	var f drawFlags
	about := "Draws a run: a lane for each instance and client, time growing downwards, a row for\n" +
		"each event, messages as arrows. Where two clients hold the lock at once, it is seen.\n\n" +
		"The formats, and the endings of --output that ask for them:\n\n"
	var names []string
	for _, format := range draw.Formats() {
		about += fmt.Sprintf("  %-8s %-40s %s\n", format.Name, format.About, strings.Join(format.Endings, " "))
		names = append(names, format.Name)
	}
	c := &cobra.Command{
		Use:   "draw SCENARIO",
		Short: "a picture of a run, or a page to send",
		Long:  strings.TrimSuffix(about, "\n"),
		Example: "  skinny draw two-winners -o picture.svg\n" +
			"  skinny draw two-winners -o page.html\n" +
			"  skinny draw two-winners --rule ack-majority=on --reasons -o picture.svg\n" +
			"  skinny draw typical --blank -o hand-out.svg\n" +
			"  skinny draw two-winners --from 10 --to 24 --format mermaid",
		RunE: func(c *cobra.Command, args []string) error { return a.draw(args[0], &f) },
	}
	f.scenarioFlags.add(c)
	f.addSeed(c, "take this SEED instead of the scenario's")
	c.Flags().VarP(fileValue(&f.file), "output", "o", "write to FILE instead of standard output")
	choiceValue(&f.format, "FORMAT", names...).add(c, "format", "draw as FORMAT, whatever the file's ending: "+strings.Join(names, ", "))
	textValue(&f.only, "INSTANCE").add(c, "only", "follow one INSTANCE")
	numberValue(&f.From, "N", 1, math.MaxInt32).add(c, "from", "begin with event N")
	numberValue(&f.To, "N", 1, math.MaxInt32).add(c, "to", "end with event N")
	numberValue(&f.At, "N", 1, math.MaxInt32).add(c, "at", "mark event N; a page begins there")
	c.Flags().BoolVar(&f.Reasons, "reasons", false, "say in a column why each event happened")
	c.Flags().BoolVar(&f.Blank, "blank", false, "a hand-out: requests are drawn, answers, marks and reasons are to be filled in")
	c.RegisterFlagCompletionFunc("only", completeInstances)
	return c
}

// mostShown is how many rows a browser shows without delay.
const mostShown = 5_000

func (a *app) draw(name string, f *drawFlags) error {
	format, err := f.choose()
	if err != nil {
		return err
	}
	if f.file == "" && format.Marks && a.Terminal {
		return report.Usage("skinny draw: %s is not for reading on a terminal\n  -o picture.%[1]s writes it to a file; > or | passes it on", format.Name)
	}
	s, err := a.open(&f.scenarioFlags, name, 1)
	if err != nil {
		return err
	}
	if f.Only, err = followed(s, "draw", f.only); err != nil {
		return err
	}
	run, err := draw.New(s, a.Interrupted.Load)
	switch {
	case err != nil:
		return report.Usage("%v", err)
	case a.Interrupted.Load():
		return &report.Exit{Code: report.ExitInterrupted, Message: "skinny: interrupted; nothing is drawn"}
	}
	run.Again = "skinny run " + shell.File(name) + f.arguments(s.Seed)
	var b bytes.Buffer
	if err := run.Write(&b, format, f.Options); err != nil {
		return report.Usage("skinny draw: %v", err)
	}
	if events := run.Len() - max(f.From, 1) + 1; f.To == 0 && format.Marks && events > mostShown {
		fmt.Fprintf(a.Err, "skinny: %s are more than a browser likes to show; --from and --to choose some\n", report.Count(events, "event"))
	}
	if f.file == "" {
		err = a.Print(b.String())
	} else {
		err = f.save(&b, format)
	}
	return cmp.Or(err, program.Exit("skinny draw", run.Outcome.World.Failure())) // what had happened is drawn
}

// choose is the format that the flags ask for.
func (f *drawFlags) choose() (*draw.Format, error) {
	formats := draw.Formats()
	at := slices.IndexFunc(formats, func(known draw.Format) bool {
		if f.format != "" || f.file == "" {
			return f.format == "" || known.Name == f.format
		}
		return slices.ContainsFunc(known.Endings, func(ending string) bool { return strings.HasSuffix(strings.ToLower(f.file), ending) })
	})
	if at < 0 {
		return nil, report.Usage("skinny draw: the ending of %s says nothing about the format; add --format", f.file)
	}
	format := &formats[at]
	switch {
	case (f.Reasons || f.Blank) && format.Name != "svg":
		return nil, report.Usage("skinny draw: --reasons and --blank are for pictures (svg)")
	case f.Blank && (f.Reasons || f.At > 0):
		return nil, report.Usage("skinny draw: --blank leaves reasons and marks to be filled in; --reasons and --at have no part in it")
	case f.At > 0 && !format.Marks:
		return nil, report.Usage("skinny draw: --at is for pictures and pages (svg, html)")
	}
	return format, nil
}

// save writes a file, unless that would destroy something else than a drawing.
func (f *drawFlags) save(b *bytes.Buffer, format *draw.Format) error {
	if !report.Begins(f.file, format.Starts) {
		return report.Usage("skinny draw: %s is something else and is left as it is; choose another name for --output", f.file)
	}
	err := report.Replace(f.file, func(out io.Writer) error {
		_, err := b.WriteTo(out)
		return err
	})
	if err != nil {
		return report.Usage("skinny draw: %s cannot be written: %v", f.file, err)
	}
	return nil
}
