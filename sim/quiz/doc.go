// Package quiz makes questions about a run, and grades them by it: what an acceptor
// will say, whether that is a majority now, whose name is committed, what a client is
// told, what an instance knows afterwards, which property breaks, which rule is missing.
//
// A question is about one event, before which everything may be seen and after which
// nothing. The run itself gives the right choice. What a wrong choice is worth comes from
// letting the same instance take the same step under every single rule changed, and before
// the event that decided it: a choice that would be right then says so.
//
// A question depends on the events up to its own and on nothing else. It knows no screen
// and no session.
package quiz
