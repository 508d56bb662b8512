package session

import "skinny/scenarios"

// small is limits of which every one is met by a short run.
var small = limits{first: 9, most: 1 << 20, act: 5, more: 3, every: 2, checkpoints: 3, marks: 4}

// NewSmall is New with small limits.
func NewSmall(s *scenarios.Scenario) *Tree { return newTree(s, small) }

// NewBounded is New, but keeps no more than some events of a run.
func NewBounded(s *scenarios.Scenario, most int) *Tree {
	l := usual
	l.most = most
	return newTree(s, l)
}

// Checkpoints is the number of copies of the scheduler that are kept.
func (b *Branch) Checkpoints() int { return len(b.checkpoints) }

// FileName is the name that is proposed to save under.
func FileName(s *Session) string { return s.fileName() }
