package explore

import (
	"bytes"
	"crypto/sha256"
	"math/rand/v2"
	"testing"

	"skinny/sim/explore/search"
)

// A saved search whose states are no states of the model is refused.
func TestNonsenseIsRefused(t *testing.T) {
	m, err := New(within(newConfig("sound", 3, 2), Limits{Timeouts: 1, Crashes: 1, Restarts: 1}))
	if err != nil {
		t.Fatal(err)
	}
	asked := 0
	s := search.New(m, search.Options{Workers: 1, Depth: 7, Stop: func() bool { asked++; return asked > 5 }})
	if r, err := s.Run(); err != nil || r.Ending != search.Interrupted {
		t.Fatal(err, r)
	}
	var file bytes.Buffer
	if err := s.Save(&file); err != nil {
		t.Fatal(err)
	}
	whole := file.Bytes()[:file.Len()-sha256.Size]
	refused := 0
	random := rand.New(rand.NewPCG(3, 4))
	for range 300 {
		forged := bytes.Clone(whole)
		at := len(forged)*3/4 + random.IntN(len(forged)/4) // where the states are
		forged[at] ^= 1 << random.IntN(8)
		sum := sha256.Sum256(forged)
		again, err := search.Resume(m, search.Options{Workers: 1, Depth: 7}, bytes.NewReader(append(forged, sum[:]...)))
		if err != nil {
			refused++
		} else if _, err := again.Run(); err != nil {
			t.Log(err)
		}
	}
	if refused < 200 {
		t.Errorf("only %d of 300 are refused", refused)
	}
}
