// Package step is the stepper: a run on the screen, forward, back, and with one's
// hand on every message. A [Session] does it, a [Model] shows it on a terminal, and
// [Plain] says it in lines.
package step
