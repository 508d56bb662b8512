package sim

// Player is a program and what files and traces call it: a label, never a command.
type Player struct {
	Name    string
	Program Program `json:"-"`
}

// Players says who plays which instances in place of the built-in protocol, by their
// names. "" stands for all instances that are not named.
type Players map[string]Player

// Play has those instances played that somebody plays, and leaves the others as they are.
func (p Players) Play(instances []Instance) {
	for i := range instances {
		in := &instances[i]
		player, ok := p[in.Name]
		if !ok {
			player, ok = p[""]
		}
		if ok {
			in.Program, in.ProgramName = player.Program, player.Name
		}
	}
}

// Players says who plays the cluster's instances, each by its own name; nil if nobody does.
func (c *Cluster) Players() (p Players) {
	for i := range c.Instances {
		if in := &c.Instances[i]; in.Program != nil {
			if p == nil {
				p = Players{}
			}
			p[in.Name] = Player{in.ProgramName, in.Program}
		}
	}
	return p
}
