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
	// AtOnce is how many of a burst go on at once; those behind them wait for their turn, at the rate, or for a second where
	// that is far off. 0 is all.
	AtOnce int
}

// Limiter is one bucket for each key, such as a tenant. It holds a fixed number of them at most, and forgets the one that
// was used longest ago: its owner then finds it full.
type Limiter struct {
	policy string // as RateLimit-Policy tells it
	left   string // what RateLimit begins with
	rate   Rate
	most   int

	held chan struct{} // one for each refusal that is kept back

	mu      sync.Mutex
	recent  list.List // of *bucket, the latest first
	buckets map[string]*list.Element
}

type bucket struct {
	key    string
	tokens float64 // below 0 where they were taken before they were there
	paced  float64 // how many may go on at once; below 0 where as many wait for their turn
	at     time.Time
}

// New returns a limiter with at most most buckets, 0 being 10,000. Its name, a few letters, is told in headers.
func New(name string, rate Rate, most int) *Limiter {
	if most == 0 {
		most = 10_000
	}
	l := &Limiter{rate: rate, most: most, held: make(chan struct{}, maxHeld), buckets: make(map[string]*list.Element)}
	l.policy = fmt.Sprintf("%q;q=%d;w=%d", name, rate.Burst, l.window())
	l.left = fmt.Sprintf("%q;r=", name)
	return l
}

const (
	// refusalTime is how long a refusal is kept back, give or take the half of it, so that those who were refused together
	// don't come again together. Who asks again as soon as it is refused would otherwise have the processors refuse it all
	// the time, at the expense of those who are within their rates.
	refusalTime = 500 * time.Millisecond
	// maxHeld bounds how many are kept back at once; others are told at once.
	maxHeld = 1000
	// longestPause bounds the wait for a turn: a rate may be low, and a burst long.
	longestPause = time.Second
)

// Admit is Take for a caller who waits for the answer: for its turn, where AtOnce has it wait, and for a refusal, which comes
// after a while.
func (l *Limiter) Admit(ctx context.Context, key string, n int) State {
	s := l.Take(key, n)
	if s.OK {
		pause(ctx, s.Pause)
		return s
	}
	select {
	case l.held <- struct{}{}:
		defer func() { <-l.held }()
	default:
		return s
	}
	pause(ctx, refusalTime/2+rand.N(refusalTime))
	return s
}

func pause(ctx context.Context, d time.Duration) {
	if d <= 0 {
		return
	}
	select {
	case <-time.After(d):
	case <-ctx.Done():
	}
}

// State is what a limiter says to one request.
type State struct {
	OK         bool
	Remaining  int           // tokens left
	RetryAfter time.Duration // until as many are there as were asked for; 0 where OK
	Pause      time.Duration // until it is the request's turn (Rate.AtOnce); 0 where not OK
}

// Take takes n tokens from key's bucket, or none where it has not as many. A request for more than a bucket can hold
// empties a full one and leaves a debt.
func (l *Limiter) Take(key string, n int) State {
	l.mu.Lock()
	defer l.mu.Unlock()
	b := l.refilled(key)
	need := min(float64(n), float64(l.rate.Burst))
	if b.tokens < need {
		wait := time.Duration(math.Ceil((need - b.tokens) / l.rate.PerSecond * float64(time.Second)))
		return State{Remaining: max(0, int(b.tokens)), RetryAfter: wait}
	}
	b.tokens -= float64(n)
	s := State{OK: true, Remaining: max(0, int(b.tokens))}
	if l.rate.AtOnce > 0 {
		b.paced -= float64(n)
		s.Pause = min(max(0, time.Duration(-b.paced/l.rate.PerSecond*float64(time.Second))), longestPause)
	}
	return s
}

// Wait takes n tokens from key's bucket, and waits until it has had as many: in the order in which they were asked for, for
// whom the bucket owes is served before it has any to spare. The one error is that of a context that ended first; then they
// are put back. A nil Limiter has tokens for all.
func (l *Limiter) Wait(ctx context.Context, key string, n int) error {
	if l == nil {
		return ctx.Err()
	}
	owed := -l.add(key, -float64(n))
	if owed <= 0 {
		return ctx.Err()
	}
	select {
	case <-time.After(time.Duration(owed / l.rate.PerSecond * float64(time.Second))):
		return nil
	case <-ctx.Done():
		l.add(key, float64(n))
		return ctx.Err()
	}
}

// add refills key's bucket, adds tokens to it, and answers how many it has then; below 0 it owes them.
func (l *Limiter) add(key string, tokens float64) float64 {
	l.mu.Lock()
	defer l.mu.Unlock()
	b := l.refilled(key)
	b.tokens += tokens
	return b.tokens
}

// Len is the number of buckets.
func (l *Limiter) Len() int {
	l.mu.Lock()
	defer l.mu.Unlock()
	return len(l.buckets)
}

// refilled is key's bucket as it is now.
func (l *Limiter) refilled(key string) *bucket {
	now := time.Now()
	b := l.bucket(key, now)
	fresh := now.Sub(b.at).Seconds() * l.rate.PerSecond
	b.tokens = min(float64(l.rate.Burst), b.tokens+fresh)
	b.paced = min(float64(l.rate.AtOnce), b.paced+fresh)
	b.at = now
	return b
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
	b := &bucket{key, float64(l.rate.Burst), float64(l.rate.AtOnce), now}
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
