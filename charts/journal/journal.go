package journal

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"time"

	"golang.org/x/sync/singleflight"

	"github.com/mykpi/mykpi/charts"
	"github.com/mykpi/mykpi/charts/projection"
	"github.com/mykpi/mykpi/eventstore"
	"github.com/mykpi/mykpi/tenancy"
	"github.com/mykpi/mykpi/tenancy/directory"
)

// Journal loads and commits charts. Make one with New.
type Journal struct {
	Store     eventstore.Store
	Calendars *directory.Calendars
	Now       func() time.Time
	NewID     func() string
	// Committed is told of changes after they are durable, in the order of each chart; it must not block.
	Committed func([]Change)
	// Memory is how many bytes of charts as they were last committed to keep, about, for the next commands on them. Another
	// process that changes them too makes commits fail that then have to be made again, so it is for where that is rare.
	Memory int

	mu       sync.Mutex
	queues   map[chartKey]*queue
	kept     keptSessions
	rebuilds singleflight.Group
	recent   recent

	attempts, commits atomic.Int64
}

type chartKey struct {
	tenant tenancy.ID
	chart  charts.ID
}

// New makes a journal over a store.
func New(store eventstore.Store, calendars *directory.Calendars, now func() time.Time, newID func() string, committed func([]Change)) *Journal {
	return &Journal{Store: store, Calendars: calendars, Now: now, NewID: newID, Committed: committed, queues: map[chartKey]*queue{}}
}

// Resolve is the ID of the chart that a caller names. NOT_FOUND where a key names none; an ID is taken at its word.
func (j *Journal) Resolve(ctx context.Context, tenant tenancy.ID, ref charts.Ref) (charts.ID, error) {
	if ref.Key == "" {
		if (eventstore.Stream{Kind: "CHART", ID: string(ref.ID)}).Validate() != nil {
			return "", charts.NotFound()
		}
		return ref.ID, nil
	}
	if charts.CheckKey("key", ref.Key) != nil {
		return "", charts.NotFound()
	}
	name := chartName{tenant, ref.Key}
	j.mu.Lock()
	id := j.kept.id(j.Now(), name)
	j.mu.Unlock()
	if id != "" {
		return id, nil
	}
	answers, err := j.Store.Documents(ctx, tenant, eventstore.One(eventstore.Key{Name: projection.KeyName(ref.Key)}))
	if err != nil {
		return "", err
	}
	if len(answers[0]) == 0 {
		return "", charts.NotFound()
	}
	id = charts.ID(answers[0][0].Body)
	j.named(name, id)
	return id, nil
}

// named keeps the ID of a chart by its key.
func (j *Journal) named(name chartName, id charts.ID) {
	j.mu.Lock()
	defer j.mu.Unlock()
	j.kept.name(j.Now(), name, id, j.Memory)
}

// calendar is the tenant's, or directory.ErrNotFound.
func (j *Journal) calendar(ctx context.Context, tenant tenancy.ID) (charts.Calendar, error) {
	answers, err := j.Store.Documents(ctx, tenant, directory.Span())
	if err != nil {
		return charts.Calendar{}, err
	}
	if len(answers[0]) == 0 {
		return charts.Calendar{}, directory.ErrNotFound()
	}
	return j.calendarOf(answers[0][0])
}

// calendarOf is the calendar that a tenant's document asks for.
func (j *Journal) calendarOf(about eventstore.Document) (charts.Calendar, error) {
	settings, err := directory.Read(about)
	if err != nil {
		return charts.Calendar{}, err
	}
	return j.Calendars.Of(settings)
}

// ErrKeyTaken says that another chart of the tenant has the key.
var ErrKeyTaken = errors.New("journal: the key is taken")

// Create commits a new chart's first event.
func (j *Journal) Create(ctx context.Context, tenant tenancy.ID, meta Meta, created charts.ChartCreated) error {
	calendar, err := j.calendar(ctx, tenant)
	if err != nil {
		return err
	}
	s := &Session{
		Now: j.Now().UTC(), tenant: tenant, journal: j, calendar: calendar,
		series: projection.New(created.ID, created.Aggregation, 1, calendar),
	}
	s.reset()
	if err := s.Stage(ctx, meta, created); err != nil {
		return err
	}
	s.claims = append(s.claims, eventstore.Put{
		Key: eventstore.Key{Name: projection.KeyName(created.Key)}, Body: []byte(created.ID), If: eventstore.IfAbsent(),
	})
	if err := s.commit(ctx); err != nil {
		if errors.Is(err, eventstore.ErrConflict) {
			return ErrKeyTaken // the ID is new: nothing else can be in the way
		}
		return err
	}
	j.named(chartName{tenant, created.Key}, created.ID) // perhaps in the place of one that was erased with its tenant
	j.publish(s.changes)
	return nil
}

// Contention counts the commits of charts since the start, and the attempts that they took: the others lost a race with
// another instance, or failed.
func (j *Journal) Contention() (commits, attempts int64) {
	return j.commits.Load(), j.attempts.Load()
}

func (j *Journal) publish(changes []Change) {
	if j.Committed != nil && len(changes) > 0 {
		j.Committed(changes)
	}
}

// History answers a chart's events before a version, newest first; before <= 0 from the newest.
func (j *Journal) History(ctx context.Context, tenant tenancy.ID, id charts.ID, before int64, limit int) ([]eventstore.Event, error) {
	return j.Store.EventsBefore(ctx, tenant, streamOf(id), before, limit)
}

// Events answers a chart's events after a version, oldest first.
func (j *Journal) Events(ctx context.Context, tenant tenancy.ID, id charts.ID, after int64, limit int) ([]eventstore.Event, error) {
	return j.Store.Events(ctx, tenant, streamOf(id), after, limit)
}

// unavailable marks an error of the machine for callers, who may try again.
func unavailable(err error) error { return fmt.Errorf("%w: %w", eventstore.ErrUnavailable, err) }
