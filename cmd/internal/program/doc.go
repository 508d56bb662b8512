// Package program lets a program in any language play an instance: a line of JSON asks
// what an instance does about one thing that happens to it, a line of JSON answers.
//
// Two tables say what questions and answers are made of ([questionFields],
// [answerFields] and what is below them). Writer, reader and JSON Schema follow from
// them. A [Process] asks: it keeps processes of one command running, remembers what they
// answered, and asks some questions twice. It is started by whoever calls [Open], and
// only a command line does. Where there are no process groups, as in a browser, Open
// says so.
package program
