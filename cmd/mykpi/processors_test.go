package main

import (
	"runtime"
	"testing"
)

func TestThreadsToSpare(t *testing.T) {
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(0))
	t.Setenv("GOMAXPROCS", "")
	for processor, threads := range map[int]int{1: 4, 2: 6, 8: 18} {
		runtime.GOMAXPROCS(processor)
		spareProcessors()
		if got := runtime.GOMAXPROCS(0); got != threads || processors() != processor {
			t.Errorf("%d processors: %d threads, want %d, and %d told", processor, got, threads, processors())
		}
	}
	runtime.GOMAXPROCS(3)
	t.Setenv("GOMAXPROCS", "3")
	if spareProcessors(); runtime.GOMAXPROCS(0) != 3 {
		t.Errorf("%d threads, where GOMAXPROCS says 3", runtime.GOMAXPROCS(0))
	}
}
