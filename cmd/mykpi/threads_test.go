package main

import (
	"runtime"
	"testing"
)

func TestThreadToSpare(t *testing.T) {
	t.Cleanup(runtime.SetDefaultGOMAXPROCS)
	t.Setenv("GOMAXPROCS", "")
	runtime.SetDefaultGOMAXPROCS()
	processors := runtime.GOMAXPROCS(0)
	for range 2 { // a second server in the process asks for no more
		if spareThread(); runtime.GOMAXPROCS(0) != processors+1 {
			t.Errorf("%d threads for %d processors", runtime.GOMAXPROCS(0), processors)
		}
	}
	t.Setenv("GOMAXPROCS", "3")
	runtime.GOMAXPROCS(3)
	if spareThread(); runtime.GOMAXPROCS(0) != 3 {
		t.Errorf("%d threads where 3 were set", runtime.GOMAXPROCS(0))
	}
}
