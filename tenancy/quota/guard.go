package quota

import (
	"context"
	"sync"
	"time"

	"github.com/mykpi/mykpi/eventstore"
	"github.com/mykpi/mykpi/tenancy"
	"github.com/mykpi/mykpi/tenancy/directory"
)

// Default is what a tenant may have where neither it nor the server says otherwise.
var Default = directory.Quotas{Charts: 1000, PointsPerDay: 10_000_000, Sockets: 10_000}

// Guard holds tenants to their quotas. Make one with New; it is safe for concurrent use.
type Guard struct {
	store    eventstore.Store
	now      func() time.Time
	instance string
	tenant   func(context.Context, tenancy.ID) (*directory.Tenant, error)
	server   directory.Quotas
	sockets  func(tenancy.ID) int

	mu   sync.Mutex
	date string
	days map[tenancy.ID]*day // of date
}

// Options are what a Guard is made of.
type Options struct {
	Store    eventstore.Store
	Now      func() time.Time
	Instance string // a name that no other process has had
	// Tenant is a tenant as it stood a moment ago.
	Tenant func(context.Context, tenancy.ID) (*directory.Tenant, error)
	// Quotas are the server's for tenants that have none of their own; zeros are those of Default.
	Quotas directory.Quotas
	// Sockets counts a tenant's open sockets; nil is none.
	Sockets func(tenancy.ID) int
}

// New makes a Guard.
func New(o Options) *Guard {
	if o.Sockets == nil {
		o.Sockets = func(tenancy.ID) int { return 0 }
	}
	return &Guard{
		store: o.Store, now: o.Now, instance: o.Instance, tenant: o.Tenant, server: o.Quotas.Or(Default), sockets: o.Sockets,
		days: map[tenancy.ID]*day{},
	}
}

// Usage is what a tenant has of what it may have.
type Usage struct {
	Charts, ChartLimit             int
	PointsToday, PointsPerDayLimit int
	Sockets, SocketLimit           int
}

// Usage counts what a tenant has.
func (g *Guard) Usage(ctx context.Context, id tenancy.ID) (*Usage, error) {
	limits, err := g.Limits(ctx, id)
	if err != nil {
		return nil, err
	}
	charts, err := g.charts(ctx, id)
	if err != nil {
		return nil, err
	}
	d, date := g.day(id)
	points, err := d.total(ctx, g, id, date)
	if err != nil {
		return nil, err
	}
	return &Usage{charts, limits.Charts, points, limits.PointsPerDay, g.sockets(id), limits.Sockets}, nil
}

// Limits are the quotas of a tenant.
func (g *Guard) Limits(ctx context.Context, id tenancy.ID) (directory.Quotas, error) {
	t, err := g.tenant(ctx, id)
	if err != nil {
		return directory.Quotas{}, err
	}
	return t.Quotas.Or(g.server), nil
}

// serving are the quotas of a tenant that is not suspended: what comes by another way than a credential, such as the
// webhook of a source, is cut here.
func (g *Guard) serving(ctx context.Context, id tenancy.ID) (directory.Quotas, error) {
	t, err := g.tenant(ctx, id)
	if err != nil {
		return directory.Quotas{}, err
	}
	if t.Suspended != nil {
		return directory.Quotas{}, tenancy.Refuse(tenancy.Forbidden, "", "this business is suspended: ask the operator to resume it")
	}
	return t.Quotas.Or(g.server), nil
}

// Chart refuses one more chart where there are as many as there may be, archived ones counted.
func (g *Guard) Chart(ctx context.Context, id tenancy.ID) error {
	limits, err := g.serving(ctx, id)
	if err != nil {
		return err
	}
	n, err := g.charts(ctx, id)
	if err == nil && n >= limits.Charts {
		return tenancy.Refuse(tenancy.LimitExceeded, "", "the limit of charts is reached: %d of %d, archived ones counted; ask the operator for more", n, limits.Charts)
	}
	return err
}

func (g *Guard) charts(ctx context.Context, id tenancy.ID) (n int, err error) {
	for after := ""; ; {
		streams, err := g.store.Streams(ctx, id, "CHART", after, 500)
		if err != nil || len(streams) == 0 {
			return n, err
		}
		n += len(streams)
		after = streams[len(streams)-1].ID
	}
}

// Points reserves n points of the day, or refuses them. Who reserved calls the function with how many were recorded.
func (g *Guard) Points(ctx context.Context, id tenancy.ID, n int) (settle func(ctx context.Context, recorded int), err error) {
	limits, err := g.serving(ctx, id)
	if err != nil {
		return nil, err
	}
	d, date := g.day(id)
	used, err := d.reserve(ctx, g, id, date, n, limits.PointsPerDay)
	if err != nil {
		return nil, err
	}
	if used+n > limits.PointsPerDay {
		return nil, tenancy.Refuse(tenancy.LimitExceeded, "points", "the limit of points a day is reached: %d of %d are used since 00:00 UTC, and %d more were sent; wait for the next day or ask the operator for more",
			used, limits.PointsPerDay, n)
	}
	return func(ctx context.Context, recorded int) {
		d.settle(ctx, g, id, date, n, recorded, limits.PointsPerDay)
	}, nil
}

// day is a tenant's count of today; those of other days are forgotten.
func (g *Guard) day(id tenancy.ID) (*day, string) {
	date := g.now().UTC().Format(time.DateOnly)
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.date != date {
		g.date, g.days = date, map[tenancy.ID]*day{}
	}
	d, ok := g.days[id]
	if !ok {
		d = &day{}
		g.days[id] = d
	}
	return d, date
}

// Flush writes the counts that are not written yet, as a server does before it ends.
func (g *Guard) Flush(ctx context.Context) error {
	g.mu.Lock()
	days, date := g.days, g.date
	g.mu.Unlock()
	for id, d := range days {
		if err := d.write(ctx, g, id, date, 1); err != nil {
			return err
		}
	}
	return nil
}
