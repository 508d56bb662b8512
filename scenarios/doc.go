// Package scenarios is the file format of scenarios: what a cluster is made of,
// what happens to it, and what the scenario claims about the end.
//
// [Decode] reads a [File], which says the same as the YAML text with names and
// positions as they stand there, and [File.Compile] makes of it a [Scenario]: a
// cluster and a timetable or a schedule, ready to be run. [File.Encode] writes a
// file back, and [FromDecisions] makes one of a run that has happened.
//
// What may stand in a file is described once, in the forms of [form]. Everything that can
// be wrong with a file is reported at once, as [Diagnostics].
package scenarios
