package main

import (
	"math"
	"testing"
)

func TestMemoryLimit(t *testing.T) {
	for text, want := range map[string]int64{
		"1000\n": 900, "max\n": math.MaxInt64, "9223372036854771712\n": math.MaxInt64, "": math.MaxInt64, "-1": math.MaxInt64,
	} {
		if got := memoryLimit(text); got != want {
			t.Errorf("%q: %d, want %d", text, got, want)
		}
	}
}

func TestASmallHeapIsSeldomCollected(t *testing.T) {
	for alive, want := range map[uint64]int{0: 800, 5 << 20: 800, 12 << 20: 400, 20 << 20: 200, 40 << 20: 100, 1 << 40: 100} {
		if got := collectAt(alive); got != want {
			t.Errorf("%d MiB alive: %d, want %d", alive>>20, got, want)
		}
	}
}
