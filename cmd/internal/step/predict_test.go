//go:build !js && !wasip1

package step

import (
	"bytes"
	"path/filepath"
	"strings"
	"testing"
)

// A prediction in lines tells all that happens, asks, and keeps the score to the end.
func TestPlainPredicts(t *testing.T) {
	var printed bytes.Buffer
	s := plainSession(t)
	s.Predict()
	in := "end\nviolation\n1\nend\n1\nback\nend\n3\nend\nanswer 1\n" + strings.Repeat("end\n1\n", 15) + "end\n"
	p := Plain{Session: s, In: strings.NewReader(in), Out: &printed, Width: 80}
	if err := p.Run(nil); err != nil {
		t.Fatal(err)
	}
	golden(t, filepath.Join("testdata", "lines", "predict.txt"), printed.String())
}
