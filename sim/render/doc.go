// Package render draws runs as space-time diagrams: one lane for each instance and
// client, time growing downwards, a row for each event, and messages as arrows that
// take their time.
//
//	 ms  #   a     b     c
//	0.0  1   ◀─────┼─────┼──●      a client calls a
//	     2   P╮    │     │         a proposes, and asks b and c
//	5.0  3   ┃├───▶●     │         b promises
//	     4   ┃╰─────────▶○         c does not
//
// A [Diagram] lays a window of a run out as a [Scene], which is plain data and knows
// no distances. Painters turn it into cells of text ([Diagram.Draw]) and other forms.
//
// It reads nothing but events. What is painted in cells knows no colours: every cell
// has a class, and whoever shows it decides what that looks like. Each class has runes
// of its own too, so that nothing depends on colour.
package render
