package transport

import (
	"context"
	"errors"
	"math/rand/v2"
	"sync"
	"time"
)

// Registry knows every open websocket and event stream, which http.Server.Shutdown does not. One serves both transports.
type Registry struct {
	limits  func(Session) (perUser, perTenant int)
	started time.Time
	clock   clock

	mu       sync.Mutex
	streams  map[stream]bool
	users    map[string]int
	tenants  map[string]int
	draining bool
	empty    chan struct{} // closed when draining and nothing is left
}

// stream is a socket or an event stream.
type stream interface {
	// drain asks the client to come back later, to this server or another.
	drain()
	// abort cuts the connection.
	abort()
}

// NewRegistry returns an empty registry. limits says how many streams a session's user and tenant may hold at a time, 0
// being no limit; nil is no limits.
func NewRegistry(limits func(Session) (perUser, perTenant int)) *Registry {
	g := &Registry{
		limits:  limits,
		started: time.Now(),
		streams: make(map[stream]bool),
		users:   make(map[string]int),
		tenants: make(map[string]int),
		empty:   make(chan struct{}),
	}
	g.clock.now = g.age
	return g
}

var (
	errDraining      = errors.New("the server is restarting")
	errUserStreams   = errors.New("too many streams of this user are open")
	errTenantStreams = errors.New("too many streams of this tenant are open")
)

// Len is the number of open streams.
func (g *Registry) Len() int {
	g.mu.Lock()
	defer g.mu.Unlock()
	return len(g.streams)
}

// age is the time since the registry was made, whatever becomes of the wall clock.
func (g *Registry) age() time.Duration { return time.Since(g.started) }

// Tenant is the number of streams that a tenant holds.
func (g *Registry) Tenant(tenant string) int {
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.tenants[tenant]
}

// Draining reports whether Drain was called.
func (g *Registry) Draining() bool {
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.draining
}

// open enters a stream, whose owner need not be known yet.
func (g *Registry) open(s stream) error {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.draining {
		return errDraining
	}
	g.streams[s] = true
	return nil
}

// admit counts a session against its limits. The caller releases it.
func (g *Registry) admit(s Session) error {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.draining {
		return errDraining
	}
	if g.limits != nil {
		perUser, perTenant := g.limits(s)
		if perUser > 0 && s.User != "" && g.users[userKey(s)] >= perUser {
			return errUserStreams
		}
		if perTenant > 0 && s.Tenant != "" && g.tenants[s.Tenant] >= perTenant {
			return errTenantStreams
		}
	}
	g.users[userKey(s)]++
	g.tenants[s.Tenant]++
	return nil
}

func (g *Registry) release(s Session) {
	g.mu.Lock()
	defer g.mu.Unlock()
	decrement(g.users, userKey(s))
	decrement(g.tenants, s.Tenant)
}

// userKey keeps one name apart in two tenants.
func userKey(s Session) string { return s.Tenant + "\x00" + s.User }

func decrement(counts map[string]int, key string) {
	if counts[key]--; counts[key] <= 0 {
		delete(counts, key)
	}
}

func (g *Registry) close(s stream) {
	g.mu.Lock()
	defer g.mu.Unlock()
	delete(g.streams, s)
	g.signalIfEmpty()
}

func (g *Registry) signalIfEmpty() {
	if !g.draining || len(g.streams) > 0 {
		return
	}
	select {
	case <-g.empty:
	default:
		close(g.empty)
	}
}

// The pace at which streams are sent away: clients reconnect at once, and must not all do so together.
const (
	drainPace = 3 * time.Millisecond
	drainMax  = 15 * time.Second
)

// Drain refuses new streams and ends the open ones, spread at random over 3 ms a stream, 15 s at most, and less where ctx
// ends sooner. It returns when none is left; at ctx's end it cuts the rest and returns ctx's error.
func (g *Registry) Drain(ctx context.Context) error {
	g.mu.Lock()
	g.draining = true
	over := min(time.Duration(len(g.streams))*drainPace, drainMax)
	if deadline, ok := ctx.Deadline(); ok {
		over = max(0, min(over, time.Until(deadline)*3/4))
	}
	timers := make([]*time.Timer, 0, len(g.streams))
	for s := range g.streams {
		timers = append(timers, time.AfterFunc(time.Duration(rand.Int64N(int64(over)+1)), s.drain))
	}
	g.signalIfEmpty()
	g.mu.Unlock()
	defer func() {
		for _, t := range timers {
			t.Stop()
		}
	}()

	select {
	case <-g.empty:
		return nil
	case <-ctx.Done():
	}
	g.mu.Lock()
	rest := make([]stream, 0, len(g.streams))
	for s := range g.streams {
		rest = append(rest, s)
	}
	g.mu.Unlock()
	for _, s := range rest {
		s.abort()
	}
	return ctx.Err()
}
