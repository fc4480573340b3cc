package sqlite

import (
	"context"
	"runtime"
	"slices"
	"sync"
	"sync/atomic"
	"time"
)

// request is what a caller asks of the writer: a commit, which shares its transaction with others, or a job, which
// has the connection for itself.
type request struct {
	commit *commit
	job    func(*writer) error
	state  atomic.Int32
	done   chan error // has room for the one answer
}

const (
	waiting   = iota
	taken     // the writer has it and will answer
	abandoned // the caller's context ended before that
)

// queue holds requests until the writer takes them.
type queue struct {
	mu       sync.Mutex
	requests []*request
	closed   bool
	wake     chan struct{}
}

func newQueue() *queue { return &queue{wake: make(chan struct{}, 1)} }

// do waits for the writer's answer. A context that ends first withdraws the request, unless the writer has taken it:
// then what it did is the answer.
func (q *queue) do(ctx context.Context, r *request) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	r.done = make(chan error, 1)
	if !q.push(r) {
		return errClosed
	}
	select {
	case err := <-r.done:
		return err
	case <-ctx.Done():
	}
	if r.state.CompareAndSwap(waiting, abandoned) {
		return ctx.Err()
	}
	return <-r.done
}

func (q *queue) push(r *request) bool {
	q.mu.Lock()
	if q.closed {
		q.mu.Unlock()
		return false
	}
	q.requests = append(q.requests, r)
	q.mu.Unlock()
	q.ring()
	return true
}

// gatherTime is less than an fsync takes, which a group that is complete saves.
const gatherTime = 100 * time.Microsecond

// gather waits a moment for a request. Under load those who were just answered come again at once, and without this
// half of them would find that the next group has left.
func (q *queue) gather() {
	for start := time.Now(); q.length() == 0 && time.Since(start) < gatherTime; {
		runtime.Gosched()
	}
}

func (q *queue) length() int {
	q.mu.Lock()
	defer q.mu.Unlock()
	return len(q.requests)
}

// take moves to the end of group what can join it: commits of up to room bytes, or a job if the group is empty. It
// answers the room that is left, and drops those that were abandoned.
func (q *queue) take(group []*request, room int) ([]*request, int) {
	q.mu.Lock()
	defer q.mu.Unlock()
	n := 0
	for job := false; n < len(q.requests) && !job; n++ {
		r := q.requests[n]
		job = r.commit == nil
		if len(group) > 0 && (job || r.commit.size > room) {
			break
		}
		if !r.state.CompareAndSwap(waiting, taken) {
			job = false
			continue
		}
		group = append(group, r)
		if !job {
			room -= r.commit.size
		}
	}
	q.requests = slices.Delete(q.requests, 0, n)
	return group, room
}

// isClosed reports whether nothing more will come.
func (q *queue) isClosed() bool {
	q.mu.Lock()
	defer q.mu.Unlock()
	return q.closed
}

// close refuses what comes later. It reports whether this call was the first.
func (q *queue) close() bool {
	q.mu.Lock()
	first := !q.closed
	q.closed = true
	q.mu.Unlock()
	q.ring()
	return first
}

func (q *queue) ring() {
	select {
	case q.wake <- struct{}{}:
	default:
	}
}
