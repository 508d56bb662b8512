package protocol

// Edition is a named set of rules: one step of the teaching ladder.
type Edition struct {
	Name  string
	Rules Rules
	About string // the step in one sentence
}

// first is what even the simplest Skinny does: it is Paxos-like from the start.
const first = Majority | PromiseOnce | RefuseStale | Adopt | Backoff

// steps are the rules that the ladder adds, one an edition, each named after its
// rule unless a name is given. The first part follows the talk up to the program
// that was published; the second mends the defects of that program, in the order
// in which they are met.
var steps = [...]struct {
	rule  Rules
	name  string
	about string
}{
	{0, "sequential", "asks its peers one after the other and waits for each, for ever"},
	{Timeouts, "", "gives up on a peer that does not answer in time"},
	{Concurrent, "", "asks all peers at once and waits for all of them"},
	{EarlyStopPromise, "published", "the published program: phase 1 stops as soon as a majority is certain"},
	{AckMajority, "", "tells a client yes only when a majority accepted, so two clients that ask at once no longer both win"},
	{OwnerRelease, "", "lets only the holder release, so a late or foreign release no longer frees the lock"},
	{Durable, "", "keeps promises and commits over a restart"},
	{AcceptRaises, "", "lets an accepted commit promise its ID, so an older one can no longer undo it"},
	{UniqueIDs, "", "gives every instance IDs of its own, which never collide"},
	{OwnID, "", "commits only under an ID that was promised to it, no more jumping"},
	{LearnAside, "", "keeps what was learned apart from what was accepted"},
	{AckAccepted, "", "says committed only of the very commit that was accepted"},
	{TellPromised, "", "says in a refusal what was promised, so one that is behind catches up at once"},
	{EarlyStopCommit, "", "stops waiting in phase 2 too, as soon as a majority is certain"},
	{SelfRules, "", "makes the proposer's own acceptor obey the rules, which the next step needs"},
	{Yield, "", "answers promises and commits while a round is under way, so proposers no longer block each other"},
	{0, "sound", "the top of the ladder: every rule is on, and the lock holds"},
}

// Editions lists the ladder from its first step to the top.
func Editions() []Edition {
	editions := make([]Edition, 0, len(steps))
	rules := first
	for _, s := range steps {
		rules |= s.rule
		name := s.name
		if name == "" {
			name = s.rule.Names()[0]
		}
		editions = append(editions, Edition{name, rules, s.about})
	}
	return editions
}

// EditionByName finds an edition by its name.
func EditionByName(name string) (Edition, bool) {
	for _, e := range Editions() {
		if e.Name == name {
			return e, true
		}
	}
	return Edition{}, false
}
