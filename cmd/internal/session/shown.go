package session

import (
	"fmt"
	"math/bits"
	"strings"

	"skinny/protocol"
	"skinny/scenarios"
)

// shown says, at the head of a lesson, which program it shows, what that means, and which
// ID an instance takes next, since what can be foreseen follows from it.
func shown(sc *scenarios.Scenario) string {
	text := "The program: " + sc.Setting()
	edition, _ := protocol.EditionByName(sc.Edition)
	switch edition.Name {
	case "sound":
		text += " (sound has every rule on; a rule is one thing that Skinny does or leaves out). "
	case "published":
		text += fmt.Sprintf(" (published is Skinny as its author wrote it; the edition sound has %d more rules on). ", bits.OnesCount64(uint64(protocol.AllRules&^edition.Rules)))
	default:
		text += " (" + edition.Name + " " + edition.About + "). "
	}
	h := sc.Header()
	var ids []string
	for i, name := range h.Instances[:min(len(h.Instances), 2)] {
		if first, size := i+1, len(h.Instances); h.Rules.Has(protocol.UniqueIDs) {
			ids = append(ids, fmt.Sprintf("%s %d, %d, %d …", name, first, first+size, first+2*size))
		} else {
			ids = append(ids, fmt.Sprintf("%d at %s", h.Settings[i].Increment, name))
		}
	}
	if h.Rules.Has(protocol.UniqueIDs) {
		return text + "Instances have their own IDs, and take the next above what they promised: " + strings.Join(ids, ", ")
	}
	return text + "An instance's next ID is what it promised plus its increment: " + strings.Join(ids, ", ") + " …"
}
