package main

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"strconv"
	"time"
)

// player is a program that plays an instance, well or not: its first argument says how. It
// accepts whatever it is asked, and leads no round.
func player() {
	how := os.Args[1]
	in := bufio.NewReader(os.Stdin)
	for n := 1; ; n++ {
		line, err := in.ReadBytes('\n')
		if err != nil {
			return
		}
		var q struct {
			Memory, Disk json.RawMessage
			Event        struct {
				Type, From, Holder string
				ID                 int
			}
		}
		if err := json.Unmarshal(line, &q); err != nil {
			panic(err)
		}
		answer := map[string]any{"memory": q.Memory, "disk": q.Disk}
		switch e := q.Event; e.Type {
		case "promise", "commit":
			kind := map[string]string{"promise": "promised", "commit": "committed"}[e.Type]
			answer["state"] = map[string]any{"promised": e.ID, "id": 0, "holder": e.Holder}
			answer["send"] = []any{map[string]any{"type": kind, "to": e.From, "id": e.ID, "yes": true}}
		case "acquire", "release":
			answer["answer"] = map[string]any{"outcome": "unknown"}
			answer["log"] = "nobody asks me for " + e.Holder
		}
		if e := q.Event; (how == "keeps" || how == "promises") && e.Type == "promise" { // the other one up to ID 12
			promised := 0
			json.Unmarshal(q.Memory, &promised)
			answer["send"].([]any)[0].(map[string]any)["yes"] = e.ID > promised || how == "promises" && e.ID > 12
			answer["memory"], answer["state"] = max(e.ID, promised), map[string]any{"promised": max(e.ID, promised), "id": 0, "holder": ""}
		}
		switch {
		case how == "rubbish":
			fmt.Println("a promise for \x1b[31myou\x1b[0m")
			continue
		case how == "exits":
			fmt.Fprintln(os.Stderr, "Traceback: \x1b[31mno such key\x1b[0m")
			os.Exit(3)
		case how == "counts", how == "counts-later" && n > 4:
			answer["memory"] = n
		case how == "swells":
			swollen = bytes.Repeat([]byte{1}, 64<<20)
		case how == "hangs", how == "hangs-later" && q.Event.Type == "restart":
			noteSelf()
			time.Sleep(time.Hour)
		case how == "noted" && n == 1:
			noteSelf()
		}
		json.NewEncoder(os.Stdout).Encode(answer)
	}
}

// swollen is more than a small bound of memory lets a process have.
var swollen []byte

// noteSelf writes which process this is into the file of the second argument.
func noteSelf() {
	os.WriteFile(os.Args[2]+"~", []byte(strconv.Itoa(os.Getpid())), 0o666)
	os.Rename(os.Args[2]+"~", os.Args[2])
}
