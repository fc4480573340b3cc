// Package turns lets the heavy work of tenants take turns: of each tenant only so much is under way at once, and of all of
// them together, and what is more waits, in the order in which it came. So a tenant that asks for much waits for itself, and
// the others find the processors as they would without it.
//
// It imports tenancy. It promises: however much a tenant asks for, no more of it than its turns at once is ahead of another
// tenant's; a tenant that has nothing under way costs nothing. Each instance counts for itself.
package turns

import (
	"context"
	"sync"

	"github.com/mykpi/mykpi/tenancy"
)

// Turns are given by New. They are safe for concurrent use; nil lets everything through.
type Turns struct {
	atOnce   int
	together chan struct{} // one place for each that is under way, whoever it is of; nil is any number

	mu    sync.Mutex
	lines map[tenancy.ID]*line
}

// line is what one tenant has under way, and what waits for it.
type line struct {
	places chan struct{} // one for each that is under way
	users  int           // under way or waiting
}

// New gives each tenant so many turns at once, where 0 is any number, without more ado; and all of them so many together,
// where 0 is any number.
func New(atOnce, together int) *Turns {
	if atOnce == 0 {
		return nil
	}
	t := &Turns{atOnce: atOnce, lines: map[tenancy.ID]*line{}}
	if together > 0 {
		t.together = make(chan struct{}, together)
	}
	return t
}

// Take waits for a turn of a tenant, which ends with done. The one error is that of a context that ended first.
func (t *Turns) Take(ctx context.Context, tenant tenancy.ID) (done func(), err error) {
	if t == nil {
		return func() {}, nil
	}
	l := t.join(tenant)
	if err := enter(ctx, l.places); err != nil {
		t.leave(tenant, l)
		return nil, err
	}
	own := func() {
		<-l.places
		t.leave(tenant, l)
	}
	if t.together == nil {
		return own, nil
	}
	// Only those at the head of their tenants' lines come here, so that the tenants alternate.
	if err := enter(ctx, t.together); err != nil {
		own()
		return nil, err
	}
	return func() {
		<-t.together
		own()
	}, nil
}

// enter waits for a place, until the context ends. Go serves those who wait in turn.
func enter(ctx context.Context, places chan<- struct{}) error {
	select {
	case places <- struct{}{}:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

func (t *Turns) join(tenant tenancy.ID) *line {
	t.mu.Lock()
	defer t.mu.Unlock()
	l := t.lines[tenant]
	if l == nil {
		l = &line{places: make(chan struct{}, t.atOnce)}
		t.lines[tenant] = l
	}
	l.users++
	return l
}

func (t *Turns) leave(tenant tenancy.ID, l *line) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if l.users--; l.users == 0 {
		delete(t.lines, tenant)
	}
}

// Len is the number of tenants with something under way.
func (t *Turns) Len() int {
	t.mu.Lock()
	defer t.mu.Unlock()
	return len(t.lines)
}
