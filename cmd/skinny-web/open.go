package main

import (
	"bytes"
	"compress/flate"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"

	"skinny/cmd/internal/shell"
	"skinny/cmd/internal/web"
	"skinny/scenarios"
	"skinny/sim/trace"
)

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
	w, _ := flate.NewWriter(&packed, flate.BestCompression) // the level exists
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

// browse opens an address in the browser.
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
