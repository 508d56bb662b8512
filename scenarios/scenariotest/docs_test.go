package scenariotest

import (
	"os"
	"strings"
	"testing"
)

// The example of docs/TESTING.md, and that of the package's documentation, are the
// tests of example_test.go.
func TestDocs(t *testing.T) {
	read := func(name string) string {
		text, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		return string(text)
	}
	example := read("example_test.go")
	if _, after, _ := strings.Cut(read("../../docs/TESTING.md"), "```go\n"); !strings.HasPrefix(after, example+"```\n") {
		t.Error("docs/TESTING.md shows another example than example_test.go")
	}
	_, instance, _ := strings.Cut(read("instance_test.go"), "// primary is")
	instance, _, _ = strings.Cut(instance, "\n\n// report is")
	if !strings.Contains(read("../../docs/TESTING.md"), "```go\n// primary is"+instance+"\n```\n") {
		t.Error("docs/TESTING.md shows another instance than instance_test.go")
	}
	_, first, _ := strings.Cut(example, "// Whatever crashes")
	first, _, _ = strings.Cut("// Whatever crashes"+first, "\n\n")
	indented := "//\t" + strings.ReplaceAll(first, "\n", "\n//\t") + "\n"
	if !strings.Contains(read("doc.go"), indented) {
		t.Errorf("doc.go does not show\n%s", indented)
	}
}
