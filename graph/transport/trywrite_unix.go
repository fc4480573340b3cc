//go:build unix

package transport

import (
	"sync"
	"syscall"
)

// attempt is a write that does not wait. It is used again: a closure would be made anew for every write.
type attempt struct {
	bytes   []byte
	written int
	do      func(fd uintptr)
}

var attempts = sync.Pool{New: func() any {
	a := &attempt{}
	a.do = func(fd uintptr) {
		a.written, _ = syscall.Write(int(fd), a.bytes) // an error shows at the write that waits
	}
	return a
}}

// tryWrite writes what the connection takes at once, and never waits. So it needs nothing of Go's poller, which Control alone
// leaves untouched. No other write may go on.
func tryWrite(c syscall.RawConn, b []byte) int {
	a := attempts.Get().(*attempt)
	defer attempts.Put(a)
	a.bytes, a.written = b, 0
	_ = c.Control(a.do)
	a.bytes = nil
	return max(a.written, 0)
}
