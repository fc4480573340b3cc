package main

import (
	"math"
	"os"
	"runtime"
	"runtime/debug"
	"runtime/metrics"
	"strconv"
	"strings"
)

// limitMemory keeps the garbage collector within nine tenths of what the container allows, so that it works harder rather
// than have the kernel end the process. GOMEMLIMIT, where it is set, is left as it is.
func limitMemory() {
	if os.Getenv("GOMEMLIMIT") != "" {
		return
	}
	for _, file := range []string{"/sys/fs/cgroup/memory.max", "/sys/fs/cgroup/memory/memory.limit_in_bytes"} {
		if text, err := os.ReadFile(file); err == nil {
			debug.SetMemoryLimit(memoryLimit(string(text)))
			return
		}
	}
}

// smallHeap is up to which size in bytes the heap may grow before it is collected: half of it is cheap to keep, and a small
// server would else collect its few megabytes of live data many times a second.
const smallHeap = 64 << 20

// steadyCollector keeps the collector from running more often than a heap of smallHeap needs it, by looking after each run at
// what is alive. GOGC, where it is set, is left as it is.
func steadyCollector() {
	if os.Getenv("GOGC") != "" {
		return
	}
	percent := 0
	type mark [64]byte // large enough to have a finalizer of its own
	var look func(*mark)
	look = func(*mark) {
		sample := []metrics.Sample{{Name: "/gc/heap/live:bytes"}}
		metrics.Read(sample)
		if now := collectAt(sample[0].Value.Uint64()); now != percent {
			percent = now
			debug.SetGCPercent(percent)
		}
		runtime.SetFinalizer(new(mark), look) // called after the next collection
	}
	look(nil)
}

// collectAt is the GOGC for so many bytes that are alive: in steps, so that it is seldom changed.
func collectAt(alive uint64) int {
	for _, percent := range []int{800, 400, 200} {
		if alive*uint64(percent+100)/100 <= smallHeap {
			return percent
		}
	}
	return 100
}

// memoryLimit is the limit that a cgroup's file asks for, in bytes; without one the largest number there is.
func memoryLimit(text string) int64 {
	allowed, err := strconv.ParseInt(strings.TrimSpace(text), 10, 64)
	if err != nil || allowed <= 0 || allowed > 1<<60 { // "max", or version 1's way to say so
		return math.MaxInt64
	}
	return allowed / 10 * 9
}
