// Command skinny-web serves the sandbox's page on this machine, or writes it as a
// static site. `skinny web` starts it. It is a program of its own since a server weighs
// as much as all the rest.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"os/signal"
	"syscall"

	"github.com/spf13/pflag"

	"skinny/cmd/internal/report"
	"skinny/cmd/internal/web"
)

const usage = `Serves the sandbox's page, and prints its link. Everything happens on this machine.

  skinny web [SCENARIO] [flags]

SCENARIO is the name of a bundled scenario, of a lesson or an exercise, a file, a trace, or -
for standard input.

`

// options are what the command line says.
type options struct {
	listen   string
	open     bool
	export   string
	scenario string
}

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	err := run(ctx, os.Args[1:], os.Stdout)
	stop()
	var e *report.Exit
	switch {
	case errors.As(err, &e):
		if e.Message != "" {
			fmt.Fprintln(os.Stderr, e.Message)
		}
		os.Exit(e.Code)
	case err != nil:
		fmt.Fprintf(os.Stderr, "skinny web: %v\n", err)
		os.Exit(report.ExitUsage)
	}
}

func run(ctx context.Context, args []string, out io.Writer) error {
	o := options{scenario: "two-winners"}
	flags := pflag.NewFlagSet("skinny web", pflag.ContinueOnError)
	flags.SetOutput(io.Discard)
	flags.StringVar(&o.listen, "listen", usual, "serve on `ADDRESS`; one that is not of this machine alone lets others in")
	flags.BoolVar(&o.open, "open", false, "open the link in the browser")
	flags.StringVar(&o.export, "export", "", "write the page as a static site into `DIR` instead of serving it")
	if err := flags.Parse(args); errors.Is(err, pflag.ErrHelp) {
		fmt.Fprint(out, usage+flags.FlagUsages())
		return nil
	} else if err != nil {
		return report.Usage("skinny web: %v", err)
	}
	switch flags.NArg() {
	case 0:
	case 1:
		o.scenario = flags.Arg(0)
	default:
		return report.Usage("skinny web: at most one scenario: a name, a file, or -")
	}
	if o.export != "" {
		if flags.NArg() > 0 || o.open || flags.Changed("listen") {
			return report.Usage("skinny web: --export writes the page with all bundled scenarios; a scenario, --listen and --open have no part in it")
		}
		return export(ctx, o.export, out)
	}
	link, err := linkTo(o.scenario)
	if err != nil {
		return report.Usage("%v", err)
	}
	return o.serve(ctx, link, out)
}

// serve serves the page until the context ends.
func (o *options) serve(ctx context.Context, link string, out io.Writer) error {
	listener, err := listen(o.listen)
	if err != nil {
		return report.Usage("skinny web: %v\n  --listen 127.0.0.1:0 takes any free port", err)
	}
	address := listener.Addr().(*net.TCPAddr)
	s := newServer(o.listen, web.New())
	page := "http://" + s.name(address) + "/" + link
	if !address.IP.IsLoopback() {
		fmt.Fprintln(out, "Whoever reaches this machine can use this page.")
	}
	fmt.Fprintf(out, "The sandbox is at\n  %s\nCtrl-C ends it.\n", page)
	if o.open {
		if err := browse(page); err != nil {
			fmt.Fprintf(out, "No browser could be opened: %v\n", err)
		}
	}
	return s.serve(ctx, listener)
}
