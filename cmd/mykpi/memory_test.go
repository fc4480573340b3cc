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
