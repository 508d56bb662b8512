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
		same = same && in.Program == c.Instances[0].Program
		if p, ok := in.Program.(*Process); ok {
			b.WriteString(" --program " + shell.Word(in.Name+"="+p.String()))
		}
	}
	if p, ok := c.Instances[0].Program.(*Process); ok && same {
		return " --program " + shell.Word(p.String())
	}
	return b.String()
}
