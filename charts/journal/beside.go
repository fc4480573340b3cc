package journal

import (
	"context"
	"time"

	"github.com/mykpi/mykpi/charts"
	"github.com/mykpi/mykpi/charts/projection"
	"github.com/mykpi/mykpi/eventstore"
	"github.com/mykpi/mykpi/tenancy"
)

// Put stages a document of the tenant's common space, to be committed with the group. It replaces what is there, and
// what was staged under the name before. A zero expires is never.
func (s *Session) Put(name string, body []byte, expires time.Time) {
	s.stagePut(eventstore.Put{Key: eventstore.Key{Name: name}, Body: body, Expires: expires})
}

// PutOwn is Put for a document that belongs to the chart's stream and is found by its exact name alone.
func (s *Session) PutOwn(name string, body []byte) {
	s.stagePut(eventstore.Put{Key: ownKey(s.series.Chart, name), Body: body})
}

func (s *Session) stagePut(p eventstore.Put) {
	if !p.Expires.IsZero() {
		p.Expires = p.Expires.Truncate(time.Second)
	}
	s.beside[p.Key] = p
	s.staged += len(p.Body) + len(p.Key.Name)
}

// Own is the place of a document that PutOwn writes.
func Own(id charts.ID, name string) eventstore.Span {
	return eventstore.One(ownKey(id, name))
}

func ownKey(id charts.ID, name string) eventstore.Key {
	return eventstore.Key{Stream: streamOf(id), Name: name}
}

// Announce tells subscribers of points that quiet commits recorded: one change for all of them. version is the chart's
// after the last.
func (j *Journal) Announce(tenant tenancy.ID, id charts.ID, version int64, at time.Time) {
	j.publish([]Change{{tenant, id, version, dataPointsRecorded, at}})
}

// Each tells a chart's events after a version, oldest first, up to the newest, until f answers an error.
func (j *Journal) Each(ctx context.Context, tenant tenancy.ID, id charts.ID, after int64, f func(eventstore.Event) error) error {
	for {
		events, err := j.Events(ctx, tenant, id, after, eventsPage)
		if err != nil || len(events) == 0 {
			return err
		}
		for _, e := range events {
			if err := f(e); err != nil {
				return err
			}
			after = e.Version
		}
	}
}

// StagedEvents are the events of the group so far: the log does not hold them yet.
func (s *Session) StagedEvents() []eventstore.Event { return s.events }

// ChartSpan is where a chart's settings are: a chart without is none.
func ChartSpan(id charts.ID) eventstore.Span {
	return eventstore.One(eventstore.Key{Name: projection.ChartName(id)})
}
