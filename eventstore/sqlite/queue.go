package sqlite

import (
	"context"
	"runtime"
	"sync"
	"sync/atomic"
	"time"

	"github.com/mykpi/mykpi/tenancy"
)

// request is what a caller asks of the writer: a commit, which shares its transaction with others, or a job, which
// has the connection for itself.
type request struct {
	tenant tenancy.ID // whose commit it is; the zero ID of a job
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

// queue holds requests until the writer takes them: those of one tenant in the order in which they came, and one of each
// tenant in turn, so that nobody waits for all that another has sent.
type queue struct {
	mu     sync.Mutex
	lines  []*line              // of those who wait, the next to be served first
	of     map[tenancy.ID]*line // the same lines
	shares map[tenancy.ID]int   // bytes of each tenant in the group that is being made
	closed bool
	wake   chan struct{}
}

// line is what waits of one tenant. Jobs have one together.
type line struct {
	tenant   tenancy.ID
	requests []*request // at least one
}

func newQueue() *queue {
	return &queue{of: map[tenancy.ID]*line{}, shares: map[tenancy.ID]int{}, wake: make(chan struct{}, 1)}
}

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
	l := q.of[r.tenant]
	if l == nil {
		l = &line{tenant: r.tenant}
		q.of[r.tenant] = l
		q.lines = append(q.lines, l)
	}
	l.requests = append(l.requests, r)
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

func (q *queue) length() (n int) {
	q.mu.Lock()
	defer q.mu.Unlock()
	for _, l := range q.lines {
		n += len(l.requests)
	}
	return n
}

// share is how many bytes of one tenant, in whole commits, a group takes on while another tenant waits or is in it: what is
// small waits for no more than that of what is large.
const share = 256 << 10

// take moves to the end of group what can join it: commits of up to room bytes, or a job if the group is empty. It
// answers the room that is left, and drops those that were abandoned. A tenant that is alone gets no more than its share at
// once either, so that whoever comes meanwhile may join.
func (q *queue) take(group []*request, room int) ([]*request, int) {
	q.mu.Lock()
	defer q.mu.Unlock()
	if len(group) == 0 || q.alone() {
		clear(q.shares)
	}
	for full := 0; full < len(q.lines); {
		l := q.lines[0]
		if q.shares[l.tenant] >= share {
			q.turn()
			full++
			continue
		}
		r := l.requests[0]
		job := r.commit == nil
		if len(group) > 0 && (job || r.commit.size > room) {
			break
		}
		l.requests[0] = nil
		l.requests = l.requests[1:]
		q.turn()
		if !r.state.CompareAndSwap(waiting, taken) {
			continue
		}
		group = append(group, r)
		if job {
			break
		}
		q.shares[l.tenant] += r.commit.size
		room -= r.commit.size
		full = 0
	}
	return group, room
}

// alone reports whether none waits but the one tenant that is in the group.
func (q *queue) alone() bool {
	if len(q.lines) != 1 || len(q.shares) != 1 {
		return false
	}
	_, in := q.shares[q.lines[0].tenant]
	return in
}

// turn moves the first line behind the others, or lets it go where it is empty.
func (q *queue) turn() {
	l := q.lines[0]
	q.lines = q.lines[1:]
	if len(l.requests) > 0 {
		q.lines = append(q.lines, l)
	} else {
		delete(q.of, l.tenant)
	}
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
