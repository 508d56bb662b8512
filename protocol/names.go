package protocol

import "slices"

// The names that scenario files, traces and results use.
var (
	messageNames   = [...]string{"", "promise-request", "promise-response", "commit-request", "commit-response", "failure"}
	operationNames = [...]string{"", "acquire", "release", "status"}
	outcomeNames   = [...]string{"none", "acquired", "refused", "released", "not-released", "unknown", "answered", "failed"}
)

func (k MessageKind) String() string { return messageNames[k] }

func (k OperationKind) String() string { return operationNames[k] }

func (o Outcome) String() string { return outcomeNames[o] }

// MessageKindByName finds a kind of message that instances send, by its name.
func MessageKindByName(name string) (MessageKind, bool) {
	at := slices.Index(messageNames[PromiseRequest:Failure], name)
	return MessageKind(at + 1), at >= 0
}

// OutcomeByName finds an outcome by its name.
func OutcomeByName(name string) (Outcome, bool) {
	at := slices.Index(outcomeNames[:], name)
	return Outcome(max(at, 0)), at >= 0
}
