package protocol

// Rules is a set of switched-on rules.
type Rules uint32

// The rules, in the order in which they are explained. [RuleTable] says what
// each means on and off, and what it is for.
const (
	Majority Rules = 1 << iota
	PromiseOnce
	RefuseStale
	AcceptRaises
	Adopt
	OwnID
	UniqueIDs
	Durable
	SelfRules
	LearnAside
	AckMajority
	AckAccepted
	OwnerRelease
	Yield
	Concurrent
	Timeouts
	EarlyStopPromise
	EarlyStopCommit
	TellPromised
	Backoff

	afterLast
)

// AllRules has every rule on.
const AllRules = afterLast - 1

// Has reports whether all of the given rules are on.
func (r Rules) Has(rules Rules) bool { return r&rules == rules }

// Names is the names of the rules that are on, in the order of the table.
func (r Rules) Names() []string {
	names := []string{}
	for _, row := range RuleTable() {
		if r.Has(row.Rule) {
			names = append(names, row.Name)
		}
	}
	return names
}

// EarlyStop is the rule by which a phase ends as soon as its votes decide it.
func (p Phase) EarlyStop() Rules {
	if p == Committing {
		return EarlyStopCommit
	}
	return EarlyStopPromise
}

// Rule describes one rule.
type Rule struct {
	Rule Rules  // the one bit
	Name string // as in scenario files and flags
	Safe bool   // the lock's safety needs it (alone or in company); else it is about liveness and speed
	On   string // what instances do with the rule
	Off  string // what they do without it
	Why  string // what it is for, and where it comes from
}

var ruleTable = [...]Rule{
	{Majority, "majority", true,
		"a round needs more than half of all instances",
		"half of them, rounded down, is enough",
		"Any two majorities share an instance, and that one carries what the first decided into the second. Two halves need not meet. (Paxos Made Simple, section 2.1)"},
	{PromiseOnce, "promise-once", true,
		"an instance promises only IDs above the one it promised last",
		"it promises an equal ID again",
		"One promise for an ID goes to one proposer, so at most one proposer can win a majority for it. With unique-ids on no two proposers ask for the same ID, so either rule alone is enough."},
	{RefuseStale, "refuse-stale", true,
		"an instance refuses a commit below what it promised",
		"it accepts every commit",
		"This is what a promise promises: a proposer that won a majority knows that nothing older can be accepted by a majority any more. (Paxos Made Simple, P1a)"},
	{AcceptRaises, "accept-raises", true,
		"accepting an ID promises it too",
		"accepting leaves the promise where it was",
		"An instance that accepts 3 without having promised 3 would otherwise still accept 1 afterwards, and an old commit undoes a newer one. (P1a counts an acceptance as a promise)"},
	{Adopt, "adopt", true,
		"a round builds on the highest accepted proposal that phase 1 learned",
		"it ignores what was learned",
		"A value that may have been chosen has to be carried on, otherwise the next round overwrites it. (Paxos Made Simple, P2c)"},
	{OwnID, "own-id", true,
		"a proposer commits only under the ID that its majority promised; if it learned a higher one, it starts a new round above that",
		"it jumps to the learned ID and commits under it",
		"The learned ID belongs to the proposer that won it. Committing another value under it gives one ID two values."},
	{UniqueIDs, "unique-ids", true,
		"the next ID is the smallest above promised that is congruent to the instance's position modulo the cluster's size",
		"the next ID is promised plus the instance's increment",
		"Different increments do not keep IDs apart: 1+1 and 0+2 meet at 2. Residues do. With promise-once on, an ID that two proposers ask for is promised to one of them only, so either rule alone is enough for the lock. (Paxos Made Simple, section 2.2: disjoint sets of numbers)"},
	{Durable, "durable", true,
		"promised, ID and holder are stored before an answer and survive a restart",
		"a restart forgets them",
		"An acceptor that forgets its promise can give it again to somebody else, and one that forgets what it accepted breaks a majority. (Paxos Made Simple, section 2.5)"},
	{SelfRules, "self-rules", true,
		"the proposer's own acceptor obeys the rules like every other",
		"the proposer writes its own state without asking",
		"While its round is under way a proposer may have promised a higher ID to somebody else; its own acceptance counts for the majority like any other."},
	{LearnAside, "learn-aside", true,
		"what phase 1 learns stays with the round",
		"it overwrites what the instance has accepted itself",
		"Having heard of a proposal is not having accepted it. An instance that confuses the two says later that it committed something that it never stored. Either this rule or ack-accepted alone is enough for the lock."},
	{AckMajority, "ack-majority", true,
		"a client is told yes only when a majority accepted; otherwise the outcome is unknown, and the instance says so",
		"the answer is read from the instance's local state",
		"Local state says what one instance believes. The lock is what a majority accepted."},
	{AckAccepted, "ack-accepted", true,
		"committed means that this very commit was accepted",
		"committed means that the IDs are equal",
		"Equal IDs can come from learning, or from another proposer's commit under the same ID, without anything having been accepted now. Either this rule or learn-aside alone is enough for the lock."},
	{OwnerRelease, "owner-release", true,
		"only its holder can release the lock",
		"anyone's release frees it",
		"A release that is late, repeated or simply somebody else's frees the lock under its holder."},
	{Yield, "yield", false,
		"promise, commit and status requests are answered while a round is under way",
		"the instance's mutex is held over whole rounds, and requests wait",
		"Two proposers that wait for each other with their mutexes held cost each other a whole timeout."},
	{Concurrent, "concurrent", false,
		"a proposer asks all peers at once",
		"one after the other, in the order of the configuration",
		"A phase costs one round trip to the slowest needed peer, not the sum of all."},
	{Timeouts, "timeouts", false,
		"a call that is not answered in time counts as failed",
		"it is waited for, for ever",
		"A slow peer and a dead one look the same; waiting for ever lets one of them stop the cluster."},
	{EarlyStopPromise, "early-stop-promise", false,
		"phase 1 ends as soon as yea or nay reaches a majority, and the other calls are cancelled",
		"phase 1 waits for every call",
		"Once the result is certain, waiting for the slowest peer only costs time."},
	{EarlyStopCommit, "early-stop-commit", false,
		"phase 2 ends as soon as yea or nay reaches a majority, and the other calls are cancelled",
		"phase 2 waits for every call",
		"Once the result is certain, waiting for the slowest peer only costs time."},
	{TellPromised, "tell-promised", false,
		"a refusal names the promised ID, and the proposer continues above it",
		"a refusal does not say what was promised",
		"A proposer that is far behind catches up in one step instead of counting up by its increment."},
	{Backoff, "backoff", false,
		"retries wait for a growing, jittered time",
		"retries start at once",
		"Two proposers in step keep refusing each other; a random pause breaks the step."},
}

// RuleTable lists all rules in the order in which they are explained.
func RuleTable() []Rule { return append([]Rule(nil), ruleTable[:]...) }

// RuleByName finds a rule by its name.
func RuleByName(name string) (Rule, bool) {
	for _, r := range ruleTable {
		if r.Name == name {
			return r, true
		}
	}
	return Rule{}, false
}
