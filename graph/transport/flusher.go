package transport

import (
	"runtime"
	"sync"
)

// flusher runs the sockets that feeds have something for through a few goroutines that end when there is nothing to do. A
// goroutine for each socket would cost as much to start as its write. There are half as many as processors: the others
// have the kernel's side of the same writes to do, and with all of them the fan-out was measured a third slower.
type flusher struct {
	mu      sync.Mutex
	queue   []*socket
	workers int
}

func (f *flusher) push(s *socket) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.queue = append(f.queue, s)
	if f.workers < (runtime.GOMAXPROCS(0)+1)/2 && len(f.queue) > f.workers*flushBatch {
		f.workers++
		go f.run()
	}
}

// flushBatch is how many sockets a worker takes at a time.
const flushBatch = 32

func (f *flusher) run() {
	var batch [flushBatch]*socket
	for {
		f.mu.Lock()
		n := copy(batch[:], f.queue)
		if n == 0 {
			f.queue = nil
			f.workers--
			f.mu.Unlock()
			return
		}
		clear(f.queue[:n])
		f.queue = f.queue[n:]
		f.mu.Unlock()
		for i, s := range batch[:n] {
			batch[i] = nil
			s.flushNow()
		}
	}
}
