// Package form reads and writes YAML strictly: every mapping is a [Form], a table of
// its keys, and whatever is not in it is an error with a place and, where there is
// one, a suggestion. Everything that is wrong with a text is reported at once, as
// [Diagnostics].
//
// A form is bound to a value: each of its fields knows its key, what may stand there
// and the variable that holds it. The same table is read, written and described for
// editors (JSON Schema), so the three cannot disagree.
package form
