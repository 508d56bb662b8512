package main

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"runtime"
	"strings"
	"syscall"

	"github.com/spf13/cobra"

	"skinny/cmd/internal/report"
)

// page is the program that serves the page. It is not part of this one, since a server
// would make it half as big again.
const page = "skinny-web"

func (a *app) webCommand() *cobra.Command {
	var listen, dir string
	var open bool
	c := &cobra.Command{
		Use:   "web [SCENARIO]",
		Short: "the sandbox in a browser",
		Long: "Serves the sandbox's page on this machine and prints its link: the run as a picture and\n" +
			"on a stage, forward and back, with your hand on every message and every rule, and a\n" +
			"link to each moment. --export writes the same page as a static site that needs no\n" +
			"server; the go command builds its simulator.\n\n" +
			"SCENARIO is the name of a bundled scenario, of a lesson or an exercise (majority, mend-1,\n" +
			"learn/two-winners), a file, a trace, or - for standard input.\n" +
			"The page is a program of its own, skinny-web, beside this one or in PATH; where there\n" +
			"is none, it is built by the go command in the folder of the source.",
		Example: "  skinny web\n" +
			"  skinny web two-winners --open\n" +
			"  skinny web majority\n" +
			"  skinny web --export site",
		Args:              arguments(0, 1, "at most one scenario: a name, a file, or -"),
		ValidArgsFunction: once(completeScenarios),
		RunE: func(c *cobra.Command, args []string) error {
			var given []string
			for _, f := range []struct{ name, value string }{{"listen", listen}, {"export", dir}} {
				if c.Flags().Changed(f.name) {
					given = append(given, "--"+f.name+"="+f.value)
				}
			}
			if open {
				given = append(given, "--open")
			}
			return a.web(append(append(given, "--"), args...))
		},
	}
	textValue(&listen, "ADDRESS").add(c, "listen", "serve on ADDRESS instead of 127.0.0.1:7625; one that is not of this machine alone lets others in")
	c.Flags().BoolVar(&open, "open", false, "open the link in the browser")
	textValue(&dir, "DIR").add(c, "export", "write the page as a static site into DIR instead of serving it")
	return c
}

func (a *app) web(args []string) error {
	signals := make(chan os.Signal, 4)
	signal.Notify(signals, os.Interrupt, syscall.SIGTERM)
	defer signal.Stop(signals) // after all else, so that nothing is left behind
	program, done, err := a.findPage()
	if err != nil {
		return err
	}
	defer done()
	c := exec.Command(program, args...)
	c.Stdin, c.Stdout, c.Stderr = os.Stdin, os.Stdout, os.Stderr
	if err := c.Start(); err != nil {
		return report.Usage("skinny web: %s cannot be started: %v", program, report.Cause(err))
	}
	go func() {
		for s := range signals {
			c.Process.Signal(s) // that it has ended meanwhile does not matter
		}
	}()
	err = c.Wait()
	if ended, is := errors.AsType[*exec.ExitError](err); is {
		return &report.Exit{Code: max(ended.ExitCode(), 1)}
	} else if err != nil {
		return fmt.Errorf("skinny web: %w", err)
	}
	return nil
}

// findPage finds the program that serves the page: beside this one, in PATH, or built
// from the source, which takes a while only the first time. Done forgets what was built.
func (a *app) findPage() (program string, done func(), err error) {
	name := page
	if runtime.GOOS == "windows" {
		name += ".exe"
	}
	own, _ := os.Executable()
	own, _ = filepath.EvalSymlinks(own)
	if beside := filepath.Join(filepath.Dir(own), name); own != "" && report.Exists(beside) {
		return beside, func() {}, nil
	}
	if found, err := exec.LookPath(page); err == nil {
		return found, func() {}, nil
	}
	if module, err := exec.Command("go", "list", "-m").Output(); err != nil || strings.TrimSpace(string(module)) != "skinny" {
		return "", nil, report.Usage("skinny web: the page is a program of its own, skinny-web, and it is neither beside this one nor in PATH\n" +
			"  in the folder of the source, `go install ./cmd/skinny ./cmd/skinny-web` builds both;\n" +
			"  `skinny step` shows the same in a terminal")
	}
	dir, err := os.MkdirTemp("", "skinny-web-")
	if err != nil {
		return "", nil, err
	}
	done = func() { os.RemoveAll(dir) }
	build := exec.Command("go", "build", "-o", filepath.Join(dir, name), "skinny/cmd/skinny-web")
	build.Stderr = a.Err
	if err := build.Run(); err != nil {
		done()
		if a.Interrupted.Load() {
			return "", nil, &report.Exit{Code: report.ExitInterrupted}
		}
		return "", nil, report.Usage("skinny web: the page could not be built: %v", err)
	}
	return filepath.Join(dir, name), done, nil
}
