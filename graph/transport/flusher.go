package transport

import (
	"runtime"
	"sync"
)

// flusher runs the sockets that feeds have something for through a few goroutines, as many as there are processors, that
// end when there is nothing to do. A goroutine for each socket would spend as much on starting it as on the write.
type flusher struct {
	mu      sync.Mutex
	queue   []*socket
	workers int
}

func (f *flusher) push(s *socket) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.queue = append(f.queue, s)
	if f.workers < runtime.GOMAXPROCS(0) && len(f.queue) > f.workers*flushBatch {
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
