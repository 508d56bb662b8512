package sweep

import (
	"os"
	"strconv"
	"strings"

	"skinny/cmd/internal/report"
)

// Shard is one of several parts of a check, which run on different machines.
type Shard struct{ Index, Count uint64 } // Index from 0

// indexVariables is where engines that run parts of a job say which part it is, and
// from what number on they count.
var indexVariables = []struct{ index, first string }{
	{"JOB_COMPLETION_INDEX", ""},                    // Kubernetes, Indexed Job: from 0
	{"SLURM_ARRAY_TASK_ID", "SLURM_ARRAY_TASK_MIN"}, // Slurm, job array: from its first
}

// ParseShard reads I/N or auto/N, of a number of seeds.
func ParseShard(text string, seeds uint64) (Shard, error) {
	index, count, ok := strings.Cut(text, "/")
	n, err := strconv.ParseUint(count, 10, 32)
	i, wrong := strconv.ParseUint(index, 10, 32)
	if !ok || err != nil || n == 0 || wrong != nil && index != "auto" {
		return Shard{}, report.Usage("skinny check: --shard takes I/N or auto/N, as in --shard 0/8, not %q", text)
	}
	if index == "auto" {
		if i, ok = indexFromJob(os.LookupEnv); !ok {
			return Shard{}, report.Usage("skinny check: --shard auto/%d takes its index from JOB_COMPLETION_INDEX (a Kubernetes Indexed\nJob) or SLURM_ARRAY_TASK_ID (a Slurm job array), and neither is set to a number; --shard 0/%d says it", n, n)
		}
	}
	if i >= n {
		return Shard{}, report.Usage("skinny check: there is no shard %d of %d; they count from 0", i, n)
	}
	if n > seeds {
		return Shard{}, report.Usage("skinny check: %d shards need at least as many seeds, and there are %d", n, seeds)
	}
	return Shard{i, n}, nil
}

// indexFromJob is which part of a job this process is, from 0.
func indexFromJob(look func(string) (string, bool)) (uint64, bool) {
	number := func(name string) (uint64, bool) {
		text, _ := look(name)
		n, err := strconv.ParseUint(text, 10, 32)
		return n, err == nil
	}
	for _, v := range indexVariables {
		if index, ok := number(v.index); ok {
			if first, ok := number(v.first); ok && first <= index {
				index -= first
			}
			return index, true
		}
	}
	return 0, false
}
