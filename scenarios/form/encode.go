package form

import (
	"fmt"

	"go.yaml.in/yaml/v4"
)

// Encode writes a value as somebody would by hand. Reading the result gives an
// equal value, places aside.
func Encode[T any](v Value[T], value T) []byte {
	data, err := yaml.Dump(v.Write(value),
		yaml.WithIndent(2),
		yaml.WithCompactSeqIndent(false),
		yaml.WithLineWidth(-1),
		yaml.WithUnicode(true),
	)
	if err != nil {
		panic(fmt.Sprintf("form: a value that cannot be written: %v", err))
	}
	return data
}
