package scenarios

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"

	"go.yaml.in/yaml/v4"

	"skinny/protocol"
	"skinny/scenarios/form"
	"skinny/sim"
	"skinny/sim/prose"
)

// Played says that a program plays an instance in place of the built-in protocol, and
// what that is called. How to start it, no file says.
type Played struct {
	Instance Opt[string]
	Program  string // as checkLabel wants it
}

// What a program may be called.
const (
	labelPattern = `[A-Za-z0-9_][A-Za-z0-9_.-]{0,31}`
	maxLabel     = 32
)

// checkLabel says what is wrong with what a program is called.
func checkLabel(name string) *mistake {
	const hint = "it is only called something, such as mine or mine.py: letters, digits, _ . and -, at most 32 of them"
	if len(name) > maxLabel {
		return &mistake{What: fmt.Sprintf("%s is too long for what a program is called", form.Quoted(name)), Hint: hint}
	}
	for i, c := range name {
		if !labelRune(c) || i == 0 && strings.ContainsRune("-.", c) {
			return &mistake{What: fmt.Sprintf("what a program is called cannot contain %q here", c), Hint: hint, At: i}
		}
	}
	return nil
}

func labelRune(c rune) bool {
	return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || strings.ContainsRune("_.-", c)
}

// Label is what files call a program that is started by a command, of which it is the
// last word that is no flag, without its folder.
func Label(command ...string) string {
	label := ""
	for _, word := range command {
		if !strings.HasPrefix(word, "-") {
			label = word
		}
	}
	label = label[strings.LastIndexAny(label, `/\`)+1:]
	label = strings.TrimLeft(strings.Map(func(c rune) rune {
		if labelRune(c) {
			return c
		}
		return -1
	}, label), "-.")
	return cmp.Or(label[:min(len(label), maxLabel)], "program")
}

var (
	label = form.Name("what the program is called", labelPattern, checkLabel)

	// played is a mapping from instances to what their programs are called.
	played = form.Value[[]Played]{
		Read: func(r *form.Reader, n *yaml.Node) (list []Played, ok bool) {
			if !r.IsKind(n, yaml.MappingNode, "a mapping from instances to what their programs are called", "program: {c: mine}") {
				return nil, false
			}
			for i := 0; i < len(n.Content); i += 2 {
				name, ok := instanceRef.Read(r, n.Content[i])
				at := form.PlaceOf(n.Content[i])
				switch called, fits := label.Read(r, n.Content[i+1]); {
				case !ok || !fits:
				case slices.ContainsFunc(list, func(p Played) bool { return p.Instance.Value == name }):
					r.Report(at, "keep one of them", "the key %q stands here twice", name)
				default:
					list = append(list, Played{Opt[string]{Value: name, Given: true, Place: at}, called})
				}
			}
			return list, true
		},
		Write: func(list []Played) *yaml.Node {
			n := &yaml.Node{Kind: yaml.MappingNode, Style: yaml.FlowStyle}
			for _, p := range list {
				n.Content = append(n.Content, instanceRef.Write(p.Instance.Value), label.Write(p.Program))
			}
			return n
		},
		Schema: func() form.Object {
			return form.Object{{Name: "type", Value: "object"}, {Name: "additionalProperties", Value: label.Schema()}}
		},
	}
)

// play lets programs play the instances of a cluster that they are given for. An instance
// that the file says is played, and is not, is reported, unless the scenario is only to be
// looked at.
func (c *compiler) play(cluster []sim.Instance, o Overrides) {
	for _, name := range slices.Sorted(maps.Keys(o.Players)) {
		if name != "" && !slices.Contains(c.instances, name) {
			c.reportAt(Place{}, Suggest(name, "instances", c.instances), "a program is to play %s, and no instance is called that", form.Quoted(name))
		}
	}
	o.Players.Play(cluster)
	for _, p := range c.file.Program {
		at, ok := c.position(p.Instance)
		if ok && cluster[at].Program == nil && !o.Unplayed {
			c.Report(p.Instance.Place, fmt.Sprintf("add --program %s='COMMAND', the command that starts it, or --program 'COMMAND' for all instances", p.Instance.Value),
				"%s is played by a program called %s, and no program is given", p.Instance.Value, p.Program)
		}
	}
}

// othersPlay says, in a line, which instances of the scenario programs play although its
// file does not say so: what was decided with others is perhaps impossible. It is "" if there
// are none.
func (s *Scenario) othersPlay() string {
	in := s.Cluster.Instances
	played := s.having(func(at protocol.Position) bool {
		return slices.ContainsFunc(s.file.Program, func(p Played) bool { return p.Instance.Value == in[at].Name })
	})
	others := s.having(func(at protocol.Position) bool { return in[at].Program != nil && !played.Has(at) })
	command := ""
	for _, name := range namesIn(s.Cluster, played) {
		command += " --program " + name.Value + "='COMMAND'"
	}
	names := prose.NamesOf(s.Header())
	switch {
	case others == 0:
		return ""
	case played == 0:
		return prose.Of("it was written with no program, and now one plays ", names.Set(others), "\n  ").String()
	}
	return prose.Of("it was written with a program that plays ", names.Set(played), ", and now one plays ", names.Set(others), ", too; give").String() + command + "\n  "
}

// playedOf is what a file says of the programs of a cluster.
func playedOf(c *sim.Cluster) (list []Played) {
	for p := range c.Instances {
		if in := &c.Instances[p]; in.Program != nil || in.ProgramName != "" {
			list = append(list, Played{Some(in.Name), Label(in.ProgramName)})
		}
	}
	return list
}

// PlayedBy says who plays which instances: "b and c played by mine".
func (s *Scenario) PlayedBy() (list []string) {
	h := s.Header()
	names := prose.NamesOf(h)
	for left := h.Played(); left != 0; {
		program := h.Settings[left.First()].Program
		same := s.having(func(at protocol.Position) bool { return h.Settings[at].Program == program })
		left &^= same
		list = append(list, prose.Of(names.Set(same), " played by ", program).String())
	}
	return list
}

// PlayedBy says who plays which instances of clusters whose instances are not known yet:
// "c played by mine", "all others played by theirs".
func PlayedBy(players sim.Players) (list []string) {
	for _, name := range slices.Sorted(maps.Keys(players)) {
		if name != "" {
			list = append(list, name+" played by "+players[name].Name)
		}
	}
	switch others, given := players[""]; {
	case given && len(players) == 1:
		list = append(list, "all played by "+others.Name)
	case given:
		list = append(list, "all others played by "+others.Name)
	}
	return list
}
