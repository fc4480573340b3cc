package main

import (
	"os"
	"runtime"
)

// spareThreads has Go use more threads than there are processors. With as many as processors, heavy work keeps a request that
// comes in from being seen: Go looks at the network when a thread is idle, and otherwise every 10 ms. With some to spare one
// of them is idle and waits for the network, and the kernel lets it run before those that have run for long. GOMAXPROCS, where
// it is set, is left as it is.
func spareThreads() {
	if os.Getenv("GOMAXPROCS") == "" {
		runtime.SetDefaultGOMAXPROCS()
		runtime.GOMAXPROCS(2*runtime.GOMAXPROCS(0) + 2)
	}
}
