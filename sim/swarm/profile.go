package swarm

import "skinny/sim/trace"

// Profile is a named setting of all knobs.
type Profile struct {
	Name  string
	About string // what it is for, in one sentence without a full stop
	Knobs Knobs
}

const (
	percent = 10_000 // in millionths
	us      = uint64(trace.Microsecond)
	ms      = uint64(trace.Millisecond)
	s       = uint64(trace.Second)
)

// timing is what all profiles vary.
var timing = Knobs{
	Instances:  {3, 7},
	Increments: {1, 9},
	Latency:    {100 * us, 80 * ms},
	Stragglers: {0, 1},
	Clients:    {1, 4},
	Operations: {4, 20},
	Think:      {100 * us, 200 * ms},
	Hold:       {100 * us, 200 * ms},
	Patience:   {5 * s, 5 * s},
	Roam:       {0, whole},
}

var networkFaults = Knobs{
	Tail:         {0, 10 * percent},
	TailLatency:  {50 * ms, 1 * s},
	Loss:         {0, 15 * percent},
	RequestLoss:  {0, 15 * percent},
	ResponseLoss: {0, 15 * percent},
	Duplication:  {0, 20 * percent},
	Clogs:        {0, 3},
	Cuts:         {0, 3},
	Partitions:   {0, 2},
	Isolations:   {0, 2},
	Patience:     {50 * ms, 5 * s},
}

var crashFaults = Knobs{
	Crashes:  {0, 4},
	Pauses:   {0, 3},
	Patience: {50 * ms, 5 * s},
}

var profiles = [...]Profile{
	{"all", "everything that can go wrong", with(timing, networkFaults, crashFaults)},
	{"none", "timing only: nothing is lost and nobody is down", timing},
	{"network", "loss, duplication, late messages, cuts and partitions", with(timing, networkFaults)},
	{"crash", "crashes, restarts and pauses", with(timing, crashFaults)},
	{"calm", "few faults in long runs", with(timing, Knobs{
		Operations: {50, 200},
		Loss:       {0, 1 * percent},
		Tail:       {0, 1 * percent}, TailLatency: {50 * ms, 1 * s},
		Crashes:    {0, 1},
		Isolations: {0, 1},
	})},
	{"late", "few busy clients and messages that come very late: for what is rare", with(timing, Knobs{
		Instances:   {3, 3},
		Latency:     {1 * ms, 20 * ms},
		Clients:     {3, 4},
		Operations:  {8, 16},
		Think:       {1 * ms, 1 * ms},
		Hold:        {1 * ms, 1 * ms},
		Roam:        {whole, whole},
		Tail:        {20 * percent, 20 * percent},
		TailLatency: {10 * ms, 100 * ms},
		RequestLoss: {0, 30 * percent},
	})},
}

// with lays knobs over others: those that are set win.
func with(base Knobs, more ...Knobs) Knobs {
	for _, m := range more {
		for k, span := range m {
			if span.Is() {
				base[k] = span
			}
		}
	}
	return base
}

// Profiles lists all profiles; the first is the usual one.
func Profiles() []Profile { return append([]Profile(nil), profiles[:]...) }

// ProfileByName finds a profile by its name.
func ProfileByName(name string) (Profile, bool) {
	for _, p := range profiles {
		if p.Name == name {
			return p, true
		}
	}
	return Profile{}, false
}
