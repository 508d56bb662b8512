// Package render draws runs. A [Diagram] is a space-time diagram in text: one lane
// for each instance and client, time growing downwards, a row for each event, and
// messages as arrows that take their time.
//
//	 ms  #   a     b     c
//	0.0  1   ◀─────┼─────┼──●      a client calls a
//	     2   P╮    │     │         a proposes, and asks b and c
//	5.0  3   ┃├───▶●     │         b promises
//	     4   ┃╰─────────▶○         c does not
//
// It reads nothing but events, and knows no colours: every cell has a class, and
// whoever shows it decides what that looks like. Each class has runes of its own
// too, so that nothing depends on colour.
package render
