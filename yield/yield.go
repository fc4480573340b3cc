// Package yield lets long work give way to requests that the network holds.
//
// Go looks at the network when a thread finds nothing to run, and otherwise every 10 ms. Work that always has a next piece
// ready therefore keeps a request unseen for so long, and each answer that the request waits for as well, as often as it goes
// through the network. Giving way here has Go look at once, and run first what it finds: a request then waits for one piece
// of the work. It takes some microseconds, so pieces of a few hundred are well served.
//
// It imports the standard library alone. Its promise: what was ready when Now was called, the network's included, goes first,
// but for every 61st time, when Go does otherwise lest anything starve. Where a system can't have it so, that holds of what Go
// knows to be ready.
package yield

import (
	"errors"
	"os"
	"runtime"
	"syscall"
)

// Yielder is given by New, and safe for concurrent use. Nil gives way to nothing.
type Yielder struct {
	in, out *os.File // of a pipe that nothing else is sent through
	reading syscall.RawConn
}

// New opens what Now needs. Close lets it go.
func New() (*Yielder, error) {
	out, in, err := os.Pipe()
	if err != nil {
		return nil, err
	}
	y := &Yielder{in: in, out: out}
	if y.reading, err = out.SyscallConn(); err != nil {
		return nil, errors.Join(err, y.Close())
	}
	return y, nil
}

// Now gives way once. It sends itself a byte by way of the network's poller: what waits for that can't go on before Go has
// looked at the network.
func (y *Yielder) Now() {
	if y == nil {
		return
	}
	sent := false
	_ = y.reading.Read(func(out uintptr) (done bool) { // closed, it fails at once
		var b [1]byte
		if sent {
			_, err := syscall.Read(int(out), b[:])
			return !errors.Is(err, syscall.EAGAIN)
		}
		sent = true
		_, err := y.in.Write(b[:])
		return err != nil
	})
	runtime.Gosched() // behind what was found
}

// Close lets the pipe go. Now gives way to what Go knows to be ready from then on.
func (y *Yielder) Close() error {
	if y == nil {
		return nil
	}
	return errors.Join(y.in.Close(), y.out.Close())
}
