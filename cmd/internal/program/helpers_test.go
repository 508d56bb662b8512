//go:build unix

package program

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"testing/iotest"
	"time"

	"skinny/protocol"
	"skinny/sim"
)

// The test binary is a program that plays instances, too: its arguments say how.
func TestMain(m *testing.M) {
	if len(os.Args) > 2 && os.Args[1] == "play" {
		play(os.Args[2], os.Args[3:])
		os.Exit(0)
	}
	os.Exit(m.Run())
}

// nothing is an answer by which nothing happens.
const nothing = `{"memory":null,"disk":null}`

// play answers questions in some way.
func play(how string, args []string) {
	switch how {
	case "sleeps":
		time.Sleep(time.Hour)
	case "foresees":
		time.Sleep(100 * time.Millisecond)
		fmt.Println(nothing)
		time.Sleep(time.Hour)
	case "decodes": // up to the end of a question, and no further
		for in := json.NewDecoder(iotest.OneByteReader(os.Stdin)); ; fmt.Println(nothing) {
			if err := in.Decode(new(any)); err != nil {
				return
			}
		}
	case "built-in":
		rules, _ := strconv.ParseUint(args[0], 10, 32)
		builtIn(protocol.Rules(rules))
		return
	}
	in := bufio.NewReaderSize(os.Stdin, 1<<16)
	for n := 1; ; n++ {
		question, err := in.ReadString('\n')
		if err != nil {
			if how == "says-goodbye" {
				time.Sleep(10 * time.Millisecond)
				os.WriteFile(args[0], nil, 0o666)
			}
			return
		}
		if how != "nothing" {
			fmt.Fprintf(os.Stderr, "question %d\n", n)
		}
		late := n > 1 // some begin well
		switch {
		case how == "says":
			fmt.Println(args[0])
		case how == "debug":
			fmt.Println("got a question\n" + nothing)
		case how == "twice" && late:
			fmt.Print(nothing + "\n" + nothing + "\n")
		case how == "twice-apart":
			fmt.Println(nothing)
			fmt.Println(nothing)
		case how == "exits" && late:
			fmt.Fprintln(os.Stderr, "Traceback: \x1b[31mI am done\x1b[0m")
			os.Exit(3)
		case how == "dies" && late:
			syscall.Kill(os.Getpid(), syscall.SIGKILL)
		case how == "hangs" && late:
			time.Sleep(time.Hour)
		case how == "stops-reading":
			time.Sleep(time.Hour)
		case how == "leaves" && late:
			fmt.Println(nothing)
			os.Exit(4)
		case how == "shuts" && late:
			fmt.Println(nothing)
			os.Stdout.Close()
			time.Sleep(time.Hour)
		case how == "hoards" && late:
			hoard = make([]byte, 1<<30)
			fmt.Println(nothing)
		case how == "turns-away":
			fmt.Println(nothing)
			time.Sleep(time.Hour)
		case how == "late-at-first" && !late:
			time.Sleep(300 * time.Millisecond)
			fmt.Println(nothing)
		case how == "spaced":
			fmt.Println(strings.Repeat(" ", n) + nothing)
		case how == "gibberish" && late:
			fmt.Println("gibberish")
		case how == "closes" && late:
			os.Stdout.Close()
			time.Sleep(time.Hour)
		case how == "counts":
			fmt.Printf("{\"memory\":%d,\"disk\":null}\n", n)
		case how == "clock":
			fmt.Printf("{\"memory\":%d,\"disk\":null}\n", time.Now().UnixNano())
		case how == "remembers":
			// The first word of each kind is kept on the side.
			fmt.Printf("{\"memory\":%d,\"disk\":null}\n", len(seen))
			seen[question] = true
		case how == "large":
			fmt.Printf("{\"memory\":\"%s\",\"disk\":null}\n", strings.Repeat("x", 900_000+n))
		case how == "others":
			// It counts the questions besides this one: asked again at once it says the same.
			seen[question] = true
			fmt.Printf("{\"memory\":%d,\"disk\":null}\n", len(seen)-1)
		case how == "prints":
			fmt.Fprint(os.Stderr, strings.Repeat("no\n", 30)+"\x1b[31mred\n\n"+nothing+"\n")
			fmt.Println(nothing)
		case how == "ahead": // it says how much more there is to read
			time.Sleep(time.Millisecond)
			fmt.Printf("{\"memory\":%d,\"disk\":null}\n", in.Buffered())
		case how == "seventh" && strings.Contains(question, `"id":7}`):
			fmt.Println(nothing + "\n" + nothing)
		case how == "afterthought":
			fmt.Println(nothing)
			time.Sleep(50 * time.Millisecond)
			fmt.Println(nothing)
		case how == "huge":
			os.Stdout.WriteString(strings.Repeat("x", 3<<20) + "\n")
		case how == "flood":
			for {
				os.Stdout.WriteString(strings.Repeat("x", 1<<16))
			}
		case how == "no-newline" && late:
			fmt.Print(nothing)
			os.Stdout.Sync()
			time.Sleep(time.Hour)
		case how == "late" && late:
			time.Sleep(time.Second)
			fmt.Println(nothing)
		case how == "forks":
			c := exec.Command(os.Args[0], "play", "sleeps")
			c.Stdin, c.Stdout, c.Stderr = os.Stdin, os.Stdout, os.Stderr
			if err := c.Start(); err != nil {
				panic(err)
			}
			fmt.Printf("{\"memory\":%d,\"disk\":null}\n", c.Process.Pid)
			if late {
				os.Exit(0)
			}
		case how == "environment":
			data, _ := json.Marshal(os.Environ())
			fmt.Printf("{\"memory\":%s,\"disk\":null}\n", data)
		case how == "stderr":
			os.Stderr.WriteString(strings.Repeat("noise ", 1<<18) + "the end\n")
			fmt.Println("rubbish")
		default:
			fmt.Println(nothing)
		}
	}
}

var (
	seen  = map[string]bool{}
	hoard []byte
)

// self is the command that plays in some way.
func self(t testing.TB, how string, args ...string) []string {
	t.Helper()
	name, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	return append([]string{name, "play", how}, args...)
}

// opened is a program that plays in some way, and is ended with the test.
func opened(t testing.TB, o Options, how string, args ...string) *Process {
	t.Helper()
	p, err := Open(self(t, how, args...), o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(p.Close)
	return p
}

// cluster has three instances and two clients.
func cluster() *sim.Cluster {
	return &sim.Cluster{
		Instances: []sim.Instance{{Name: "a", Increment: 1}, {Name: "b", Increment: 2}, {Name: "c", Increment: 3}},
		Holders:   []string{"alice", "bob"},
	}
}

// question is the nth question of many different ones: a peer asks for a promise.
func question(n int) *sim.Question {
	return &sim.Question{
		Kind: sim.AskMessage, Cluster: cluster(), Self: 2, Memory: []byte(`{"promised":7}`),
		Message: protocol.Message{Kind: protocol.PromiseRequest, From: 0, To: 2, ID: protocol.ID(n)},
	}
}

// isGone waits until there is no process in a group.
func isGone(t testing.TB, group int) {
	t.Helper()
	for end := time.Now().Add(5 * time.Second); time.Now().Before(end); time.Sleep(time.Millisecond) {
		if syscall.Kill(-group, 0) == syscall.ESRCH || isDead(group) {
			return
		}
	}
	t.Errorf("a process is left in the group %d", group)
}

// isDead reports whether whatever is in a group only waits for somebody to note its end.
// Where the system does not say so, it is false.
func isDead(group int) bool {
	stats, _ := filepath.Glob("/proc/[0-9]*/stat")
	for _, name := range stats {
		text, err := os.ReadFile(name)
		if err != nil {
			continue
		}
		var state string
		var parent, of int
		fmt.Sscan(string(text[bytes.LastIndexByte(text, ')')+1:]), &state, &parent, &of)
		if of == group && state != "Z" && state != "X" {
			return false
		}
	}
	return len(stats) > 0
}

// groups are the process groups of a program.
func groups(p *Process) (list []int) {
	p.mutex.Lock()
	defer p.mutex.Unlock()
	for c := range p.running {
		list = append(list, c.command.Process.Pid)
	}
	return list
}
