package program

import (
	"strings"

	"skinny/cmd/internal/shell"
	"skinny/sim"
)

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
