package report

import (
	"fmt"
	"runtime"
	"runtime/debug"
)

// Version is a line that says which build this is.
func Version() string {
	version, revision := "(devel)", ""
	if info, ok := debug.ReadBuildInfo(); ok {
		if info.Main.Version != "" {
			version = info.Main.Version
		}
		for _, s := range info.Settings {
			if s.Key == "vcs.revision" {
				revision = " " + s.Value
			}
		}
	}
	return fmt.Sprintf("skinny %s%s, scenario format 1, result format 1, %s %s/%s\n",
		version, revision, runtime.Version(), runtime.GOOS, runtime.GOARCH)
}
