package main

import (
	"math"
	"os"
	"runtime/debug"
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

// memoryLimit is the limit that a cgroup's file asks for, in bytes; without one the largest number there is.
func memoryLimit(text string) int64 {
	allowed, err := strconv.ParseInt(strings.TrimSpace(text), 10, 64)
	if err != nil || allowed <= 0 || allowed > 1<<60 { // "max", or version 1's way to say so
		return math.MaxInt64
	}
	return allowed / 10 * 9
}
