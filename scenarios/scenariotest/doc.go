// Package scenariotest checks Skinny, or a variation of it, in Go tests, with
// pgregory.net/rapid: generators draw clusters, clients and faults, with the knobs and
// profiles of `skinny check`, and [Check] runs a scenario with all judges. When a
// property breaks, the run is shrunk to a minimal scenario and written to a file,
// which `skinny run` replays and explains.
//
//	// Whatever crashes, the lock holds.
//	func TestLock(t *testing.T) {
//		rapid.Check(t, func(t *rapid.T) {
//			s := scenariotest.Scenarios(scenariotest.Options{Profile: "crash"}).Draw(t, "scenario")
//			scenariotest.Check(t, s)
//		})
//	}
//
// After a failure rapid looks for smaller choices that fail, too, with any property;
// every such run is shrunk and takes the place of the one before it. Even the smallest
// is a run of many events: the file is what to read.
package scenariotest
