package ratelimit

import (
	"container/list"
	"context"
	"fmt"
	"math"
	"math/rand/v2"
	"sync"
	"time"

	"github.com/vektah/gqlparser/v2/gqlerror"

	"github.com/mykpi/mykpi/graph/transport"
)

// Rate is what a bucket is refilled with each second, and the most it holds.
type Rate struct {
	PerSecond float64
	Burst     int
}

// Limiter is one bucket for each key, such as a tenant. It holds a fixed number of them at most, and forgets the one that
// was used longest ago: its owner then finds it full.
type Limiter struct {
	name string
	rate Rate
	most int

	held chan struct{} // one for each refusal that is kept back

	mu      sync.Mutex
	recent  list.List // of *bucket, the latest first
	buckets map[string]*list.Element
}

type bucket struct {
	key    string
	tokens float64 // below 0 after a request that was larger than the bucket
	at     time.Time
}

// New returns a limiter with at most most buckets, 0 being 10,000. Its name, a few letters, is told in headers.
func New(name string, rate Rate, most int) *Limiter {
	if most == 0 {
		most = 10_000
	}
	return &Limiter{name: name, rate: rate, most: most, held: make(chan struct{}, maxHeld), buckets: make(map[string]*list.Element)}
}

const (
	// refusalTime is how long a refusal is kept back, give or take the half of it, so that those who were refused together
	// don't come again together. Who asks again as soon as it is refused would otherwise have the processors refuse it all
	// the time, at the expense of those who are within their rates.
	refusalTime = 500 * time.Millisecond
	// maxHeld bounds how many are kept back at once; others are told at once.
	maxHeld = 1000
)

// Admit is Take for a caller who waits for the answer: a refusal comes after a while.
func (l *Limiter) Admit(ctx context.Context, key string, n int) State {
	s := l.Take(key, n)
	if s.OK {
		return s
	}
	select {
	case l.held <- struct{}{}:
		defer func() { <-l.held }()
	default:
		return s
	}
	select {
	case <-time.After(refusalTime/2 + rand.N(refusalTime)):
	case <-ctx.Done():
	}
	return s
}

// State is what a limiter says to one request.
type State struct {
	OK         bool
	Remaining  int           // tokens left
	RetryAfter time.Duration // until as many are there as were asked for; 0 where OK
}

// Take takes n tokens from key's bucket, or none where it has not as many. A request for more than a bucket can hold
// empties a full one and leaves a debt.
func (l *Limiter) Take(key string, n int) State {
	now := time.Now()
	l.mu.Lock()
	defer l.mu.Unlock()
	b := l.bucket(key, now)
	full := float64(l.rate.Burst)
	b.tokens = min(full, b.tokens+now.Sub(b.at).Seconds()*l.rate.PerSecond)
	b.at = now
	need := min(float64(n), full)
	if b.tokens < need {
		wait := time.Duration(math.Ceil((need - b.tokens) / l.rate.PerSecond * float64(time.Second)))
		return State{Remaining: max(0, int(b.tokens)), RetryAfter: wait}
	}
	b.tokens -= float64(n)
	return State{OK: true, Remaining: max(0, int(b.tokens))}
}

// Len is the number of buckets.
func (l *Limiter) Len() int {
	l.mu.Lock()
	defer l.mu.Unlock()
	return len(l.buckets)
}

func (l *Limiter) bucket(key string, now time.Time) *bucket {
	if e, ok := l.buckets[key]; ok {
		l.recent.MoveToFront(e)
		return e.Value.(*bucket)
	}
	if len(l.buckets) >= l.most {
		oldest := l.recent.Remove(l.recent.Back()).(*bucket)
		delete(l.buckets, oldest.key)
	}
	b := &bucket{key, float64(l.rate.Burst), now}
	l.buckets[key] = l.recent.PushFront(b)
	return b
}

// window is the time in which an empty bucket fills, in whole seconds.
func (l *Limiter) window() int {
	return max(1, int(math.Ceil(float64(l.rate.Burst)/l.rate.PerSecond)))
}

// Err is nil where OK, and otherwise the error of the contract.
func (s State) Err() error {
	if s.OK {
		return nil
	}
	seconds := s.seconds()
	return &gqlerror.Error{
		Message:    fmt.Sprintf("too many requests: try again in %d s", seconds),
		Extensions: map[string]any{"code": transport.CodeRateLimited, "retryAfter": seconds},
	}
}

func (s State) seconds() int { return max(1, int(math.Ceil(s.RetryAfter.Seconds()))) }
