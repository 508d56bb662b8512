// Package step is the stepper in a terminal: two faces of a
// [skinny/cmd/internal/session.Session]. A [Model] shows it full screen, and [Plain]
// says it in lines.
package step
