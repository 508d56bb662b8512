package scenarios

import (
	"bytes"
	"fmt"

	"go.yaml.in/yaml/v4"
)

// Encode writes the file as somebody would by hand. Decoding the result gives an
// equal file, places aside.
func (f *File) Encode() []byte {
	var b bytes.Buffer
	dumper, err := yaml.NewDumper(&b,
		yaml.WithIndent(2),
		yaml.WithCompactSeqIndent(false),
		yaml.WithLineWidth(-1),
		yaml.WithUnicode(true),
	)
	if err == nil {
		err = dumper.Dump(fileTable.write(*f))
	}
	if err == nil {
		err = dumper.Close()
	}
	if err != nil {
		panic(fmt.Sprintf("scenarios: a file that cannot be written: %v", err))
	}
	return b.Bytes()
}
