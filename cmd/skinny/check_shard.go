package main

import (
	"os"
	"strconv"
	"strings"

	"skinny/cmd/internal/campaign"
)

// shard is one of several parts of a check, which run on different machines.
type shard struct{ index, count uint64 } // index from 0

// of is the seeds of this part.
func (s shard) of(seeds campaign.Seeds) campaign.Seeds { return seeds.Shard(s.index, s.count) }

// indexVariables is where engines that run parts of a job say which part it is, and
// from what number on they count.
var indexVariables = []struct{ index, first string }{
	{"JOB_COMPLETION_INDEX", ""},                    // Kubernetes, Indexed Job: from 0
	{"SLURM_ARRAY_TASK_ID", "SLURM_ARRAY_TASK_MIN"}, // Slurm, job array: from its first
}

// part is the shard that the flags ask for.
func (f *checkFlags) part() (shard, error) {
	if f.shard == "" {
		return shard{0, 1}, nil
	}
	index, count, ok := strings.Cut(f.shard, "/")
	n, err := strconv.ParseUint(count, 10, 32)
	if !ok || err != nil || n == 0 {
		return shard{}, usage("skinny check: --shard takes I/N or auto/N, as in --shard 0/8, not %q", f.shard)
	}
	i, err := strconv.ParseUint(index, 10, 32)
	if index == "auto" {
		if i, ok = indexFromJob(os.LookupEnv); !ok {
			return shard{}, usage("skinny check: --shard auto/%d takes its index from JOB_COMPLETION_INDEX (a Kubernetes Indexed\nJob) or SLURM_ARRAY_TASK_ID (a Slurm job array), and neither is set to a number; --shard 0/%d says it", n, n)
		}
	} else if err != nil {
		return shard{}, usage("skinny check: --shard takes I/N or auto/N, as in --shard 0/8, not %q", f.shard)
	}
	if i >= n {
		return shard{}, usage("skinny check: there is no shard %d of %d; they count from 0", i, n)
	}
	if n > f.budget() {
		return shard{}, usage("skinny check: %d shards need at least as many seeds, and there are %d", n, f.budget())
	}
	return shard{i, n}, nil
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
