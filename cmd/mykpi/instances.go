package main

import (
	"context"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"sync"
	"sync/atomic"
	"time"

	"github.com/mykpi/mykpi/charts/journal"
	"github.com/mykpi/mykpi/cluster"
	"github.com/mykpi/mykpi/eventstore/sqlite"
	"github.com/mykpi/mykpi/tenancy"
)

const (
	// lookEvery is how often an instance looks for what no message told it, at most: within 30 s every dashboard shows it.
	// Each waits a random part less, so that they don't all look at once.
	lookEvery = 20 * time.Second
	// lookTimeout bounds one look at all tenants that are watched.
	lookTimeout = 8 * time.Second
	// askEvery is how often SQLite is asked whether another process has written, which costs next to nothing.
	askEvery = time.Second
)

// instances keeps a server in step with the other processes on its store: what they commit, its dashboards show.
type instances struct {
	core   *core
	logger *slog.Logger
	link   *cluster.Link // nil without NATS
	look   chan struct{} // of one: look now

	looks, failures atomic.Int64

	cancel context.CancelFunc
	done   sync.WaitGroup
}

// joinInstances connects to NATS where the configuration names it.
func joinInstances(c serverConfig, core *core, logger *slog.Logger) (*instances, error) {
	i := &instances{core: core, logger: logger, look: make(chan struct{}, 1)}
	if c.nats == "" {
		if c.store == onDynamoDB {
			logger.Warn("without --nats this must be the only instance on its tables: dashboards would not show what others record")
		}
		return i, nil
	}
	link, err := cluster.Connect(cluster.Config{
		URL: c.nats, Subject: "mykpi." + c.prefix + "changes", Logger: logger,
		Heard: func(change journal.Change) {
			core.versions.Moved(change.Tenant)
			core.journal.Heard(change)
			core.live.Committed([]journal.Change{change})
		},
		Tenant: func(t tenancy.ID) {
			core.versions.Moved(t)
			core.journal.TenantChanged(t)
			core.live.TenantUpdated(t)
		},
		Lost: i.soon,
	})
	if err != nil {
		return nil, fmt.Errorf("--nats: %w", err)
	}
	i.link, core.link = link, link
	return i, nil
}

// soon has the store looked at without waiting.
func (i *instances) soon() {
	select {
	case i.look <- struct{}{}:
	default:
	}
}

// start follows the other processes until close.
func (i *instances) start() {
	ctx, cancel := context.WithCancel(context.Background())
	i.cancel = cancel
	if store, ok := i.core.store.(*sqlite.Store); ok {
		i.done.Go(func() { i.ask(ctx, store) })
	} else if i.link != nil {
		i.done.Go(func() { i.follow(ctx) })
	}
}

func (i *instances) close() {
	if i.cancel != nil {
		i.cancel()
		i.done.Wait()
	}
	if i.link != nil {
		i.link.Close()
	}
}

// follow looks at the store again and again: a message is lost where an instance dies between its commit and its
// message, too.
func (i *instances) follow(ctx context.Context) {
	for {
		select {
		case <-ctx.Done():
			return
		case <-time.After(lookEvery - rand.N(lookEvery/4)):
		case <-i.look:
		}
		i.catchUp(ctx)
	}
}

// ask looks at the store when another process has written: mykpi import beside a server, say.
func (i *instances) ask(ctx context.Context, store *sqlite.Store) {
	before, err := store.Changed(ctx)
	ticker := time.NewTicker(askEvery)
	defer ticker.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-ticker.C:
		}
		now, failed := store.Changed(ctx)
		if failed != nil {
			err = failed
			continue
		}
		if now != before || err != nil {
			before, err = now, nil
			i.catchUp(ctx)
		}
	}
}

func (i *instances) catchUp(ctx context.Context) {
	ctx, cancel := context.WithTimeout(ctx, lookTimeout)
	defer cancel()
	i.looks.Add(1)
	if err := i.core.live.CatchUp(ctx); err != nil && ctx.Err() == nil {
		i.failures.Add(1)
		i.logger.Warn("what other instances have changed can't be looked for", "error", err)
	}
}

// apart says what is missing while NATS is away, or "". The server serves all the same.
func (i *instances) apart() string {
	if i.link == nil || i.link.Connected() {
		return ""
	}
	return "NATS is away: what other instances change is seen within 30 seconds"
}
