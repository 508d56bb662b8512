package form

import (
	"bytes"
	"fmt"

	"go.yaml.in/yaml/v4"
)

// Encode writes a value as somebody would by hand. Reading the result gives an
// equal value, places aside.
func Encode[T any](v Value[T], value T) []byte {
	var b bytes.Buffer
	dumper, err := yaml.NewDumper(&b,
		yaml.WithIndent(2),
		yaml.WithCompactSeqIndent(false),
		yaml.WithLineWidth(-1),
		yaml.WithUnicode(true),
	)
	if err == nil {
		err = dumper.Dump(v.Write(value))
	}
	if err == nil {
		err = dumper.Close()
	}
	if err != nil {
		panic(fmt.Sprintf("form: a value that cannot be written: %v", err))
	}
	return b.Bytes()
}
