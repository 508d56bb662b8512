// Command skinny-web serves the sandbox's page on this machine, or writes it as a
// static site. `skinny web` starts it. It is a program of its own since a server weighs
// as much as all the rest.
package main

import (
	"bytes"
	"compress/zlib"
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"runtime"
	"syscall"

	"github.com/spf13/pflag"

	"skinny/cmd/internal/report"
	"skinny/cmd/internal/shell"
	"skinny/cmd/internal/web"
	"skinny/scenarios"
	"skinny/sim/trace"
)

const usage = `Serves the sandbox's page, and prints its link. Everything happens on this machine.

  skinny web [SCENARIO] [flags]

SCENARIO is the name of a bundled scenario, of a lesson or an exercise, a file, a trace, or -
for standard input.

`

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
	flags := pflag.NewFlagSet("skinny web", pflag.ContinueOnError)
	flags.SetOutput(io.Discard)
	address := flags.String("listen", usual, "serve on `ADDRESS`; one that is not of this machine alone lets others in")
	open := flags.Bool("open", false, "open the link in the browser")
	dir := flags.String("export", "", "write the page as a static site into `DIR` instead of serving it")
	if err := flags.Parse(args); errors.Is(err, pflag.ErrHelp) {
		fmt.Fprint(out, usage+flags.FlagUsages())
		return nil
	} else if err != nil {
		return report.Usage("skinny web: %v", err)
	}
	scenario := "two-winners"
	switch flags.NArg() {
	case 0:
	case 1:
		scenario = flags.Arg(0)
	default:
		return report.Usage("skinny web: at most one scenario: a name, a file, or -")
	}
	if *dir != "" {
		if flags.NArg() > 0 || *open || flags.Changed("listen") {
			return report.Usage("skinny web: --export writes the page with all bundled scenarios; a scenario, --listen and --open have no part in it")
		}
		return export(ctx, *dir, out)
	}
	link, err := linkTo(scenario)
	if err != nil {
		return report.Usage("%v", err)
	}
	return serve(ctx, *address, link, *open, out)
}

func serve(ctx context.Context, on, link string, open bool, out io.Writer) error {
	listener, err := listen(on)
	if err != nil {
		return report.Usage("skinny web: %v\n  --listen 127.0.0.1:0 takes any free port", err)
	}
	address := listener.Addr().(*net.TCPAddr)
	s := newServer(on, web.New())
	page := "http://" + s.name(address) + "/" + link
	if !address.IP.IsLoopback() {
		fmt.Fprintln(out, "Whoever reaches this machine can use this page.")
	}
	fmt.Fprintf(out, "The sandbox is at\n  %s\nCtrl-C ends it.\n", page)
	if open {
		if err := browse(page); err != nil {
			fmt.Fprintf(out, "No browser could be opened: %v\n", err)
		}
	}
	return s.serve(ctx, listener)
}

// linkTo is the part of the page's address after the host that shows a scenario: a
// bundled one by its name, a lesson or an exercise as such, any other with its text.
func linkTo(name string) (string, error) {
	if e, err := scenarios.Find(name); err == nil {
		if name != e.Name {
			name = e.Taught()
		}
		return "#" + name, nil
	}
	text, err := read(name)
	if err != nil {
		return "", err
	}
	parts := map[string]any{"text": string(text)}
	if name != scenarios.StandardInput {
		parts["scenario"] = filepath.Base(name) // which is the title of what has no other
	}
	return link(parts)
}

// link is a query as the page's links hold it.
func link(parts map[string]any) (string, error) {
	query, err := json.Marshal(parts)
	if err != nil {
		return "", err
	}
	var packed bytes.Buffer
	w, _ := zlib.NewWriterLevel(&packed, zlib.BestCompression) // the level exists
	w.Write(query)
	w.Close()
	return "#~" + base64.RawURLEncoding.EncodeToString(packed.Bytes()), nil
}

// read is the text of a scenario that somebody names, if it has no errors.
func read(name string) ([]byte, error) {
	var text []byte
	var err error
	if name == scenarios.StandardInput {
		text, err = io.ReadAll(io.LimitReader(os.Stdin, web.MaxText+1))
	} else if text, err = os.ReadFile(name); errors.Is(err, os.ErrNotExist) {
		_, err = scenarios.Open(name) // says what there is instead
	}
	if err != nil {
		return nil, err
	}
	if trace.Is(text) {
		file, err := scenarios.FromTrace(name, text, nil)
		if t, wrong := trace.Read(text); err != nil && wrong == nil && t.Header.Played() != 0 {
			return nil, fmt.Errorf("skinny web: programs played in the run of %s, and a page starts none\n  `skinny step %s --program 'COMMAND'` shows it in a terminal", name, shell.File(name))
		}
		if err != nil {
			return nil, err
		}
		text = file.Encode()
	}
	if len(text) > web.MaxText {
		return nil, fmt.Errorf("skinny web: %s has more than %d KiB, which is too much for a link", name, web.MaxText>>10)
	}
	_, err = scenarios.Decode(name, text)
	return text, err
}

func browse(address string) error {
	command := exec.Command("xdg-open", address)
	switch runtime.GOOS {
	case "darwin":
		command = exec.Command("open", address)
	case "windows":
		command = exec.Command("rundll32", "url.dll,FileProtocolHandler", address)
	}
	if err := command.Start(); err != nil {
		return err
	}
	go command.Wait() // or it stays as a zombie
	return nil
}
