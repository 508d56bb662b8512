package scenarios

// checkAlone reports what does not go with a schedule, which decides everything.
func (c *compiler) checkAlone() {
	f, n := c.file, &c.file.Network
	type part struct {
		name  string
		given bool
		place Place
	}
	parts := []part{
		{"network: latency", n.Latency.Given, n.Latency.Place},
		{"network: loss", n.Loss.Given, n.Loss.Place},
		{"network: request-loss", n.RequestLoss.Given, n.RequestLoss.Place},
		{"network: response-loss", n.ResponseLoss.Given, n.ResponseLoss.Place},
		{"network: duplication", n.Duplication.Given, n.Duplication.Place},
		{"network: tail", n.Tail.Given, n.Tail.Place},
		{"network: calm-from", n.CalmFrom.Given, n.CalmFrom.Place},
		{"until", f.Until.Given, f.Until.Place},
	}
	if at, given := f.Faults.place(); given {
		parts = append(parts, part{"faults", true, at})
	}
	if list := n.Clogs; len(list) > 0 {
		parts = append(parts, part{"network: clogs", true, list[0].Place})
	}
	if list := n.Links; len(list) > 0 {
		parts = append(parts, part{"network: links", true, list[0].Place})
	}
	if list := f.Timeline; len(list) > 0 {
		parts = append(parts, part{"timeline", true, list[0].Place})
	}
	if list := f.Messages; len(list) > 0 {
		parts = append(parts, part{"messages", true, list[0].Place})
	}
	for _, p := range parts {
		if p.given {
			c.Report(p.place, "a schedule decides everything itself; of the network it only takes client-latency, which makes clients' calls and answers decisions too",
				"`%s` does not go with a schedule", p.name)
		}
	}
	if f.Progress.Given {
		c.Report(f.Progress.Place, "leave it out, or give a timeline in place of the schedule", "progress has a bound in time, and a schedule has no time of its own")
	}
}

// place is where the first of the values stands, if one is given.
func (f *Faults) place() (at Place, given bool) {
	if f.Profile.Given {
		return f.Profile.Place, true
	}
	for _, k := range f.Knobs {
		if k.Given {
			return k.Place, true
		}
	}
	return Place{}, false
}
