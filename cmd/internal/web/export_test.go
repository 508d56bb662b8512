package web

import "time"

func init() { viewTime = 10 * time.Minute }

// Runs is the number of runs that are remembered.
func (d *Door) Runs() int { return len(d.runs) }
