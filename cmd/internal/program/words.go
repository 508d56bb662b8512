package program

import (
	"errors"
	"strings"

	"skinny/cmd/internal/shell"
	"skinny/sim"
)

// Words splits a command into its words, as a shell does where nothing but quotes means
// anything: words are apart by spaces and tabs; between '…' everything stands for itself;
// between "…" everything but \" and \\; outside of quotes \ takes its meaning from
// the next character. There are no variables, no ~ and no patterns. The error says what
// is missing.
func Words(command string) ([]string, error) {
	var words []string
	var word strings.Builder
	begun, quoted := false, byte(0)
	if strings.IndexByte(command, 0) >= 0 {
		return nil, errors.New("it has a character 0 in it")
	}
	text := command + " " // which ends the last word
	for i := 0; i < len(text); i++ {
		switch c := text[i]; {
		case c == quoted:
			quoted = 0
		case c == '\\' && quoted != '\'':
			switch next := text[i+1]; {
			case quoted == 0 && i+1 == len(command):
				return nil, errors.New(`it ends with a \ that stands before nothing`)
			case quoted == 0 || next == '"' || next == '\\':
				c = next
				i++
			}
			word.WriteByte(c)
			begun = true
		case quoted == 0 && (c == '\'' || c == '"'):
			quoted, begun = c, true
		case quoted == 0 && (c == ' ' || c == '\t' || c == '\n'):
			if begun {
				words = append(words, word.String())
			}
			word.Reset()
			begun = false
		default:
			word.WriteByte(c)
			begun = true
		}
	}
	if quoted != 0 {
		return nil, errors.New("its last " + string(quoted) + " is not closed")
	}
	if len(words) == 0 || words[0] == "" {
		return nil, errors.New("it names no program")
	}
	return words, nil
}

// Arguments is the flags that let the same commands play the instances of a cluster, ""
// if none does.
func Arguments(c *sim.Cluster) string {
	var b strings.Builder
	same := true
	for i := range c.Instances {
		in := &c.Instances[i]
		same = same && processOf(in.Program) == processOf(c.Instances[0].Program)
		if p := processOf(in.Program); p != nil {
			b.WriteString(" --program " + shell.Word(in.Name+"="+p.String()))
		}
	}
	if p := processOf(c.Instances[0].Program); p != nil && same {
		return " --program " + shell.Word(p.String())
	}
	return b.String()
}
