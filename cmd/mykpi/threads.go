package main

import (
	"os"
	"runtime"
)

// spareThread has Go use a thread more than there are processors. Large batches give way (package yield), but the database
// waits for the disk in the middle of a thread's work, and what gives way to nobody looks at the network every 10 ms alone:
// meanwhile the thread to spare goes on with the others' requests. More of them would let more of the heavy work run at the
// same time, and each costs the requests that follow one another closely. GOMAXPROCS, where it is set, is left as it is.
func spareThread() {
	if os.Getenv("GOMAXPROCS") == "" {
		runtime.SetDefaultGOMAXPROCS()
		runtime.GOMAXPROCS(runtime.GOMAXPROCS(0) + 1)
	}
}
