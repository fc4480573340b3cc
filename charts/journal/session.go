package journal

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/mykpi/mykpi/charts"
	"github.com/mykpi/mykpi/charts/projection"
	"github.com/mykpi/mykpi/eventstore"
	"github.com/mykpi/mykpi/tenancy"
	"github.com/mykpi/mykpi/tenancy/directory"
)

// ReceiptLife is how long an idempotency key is remembered.
const ReceiptLife = 48 * time.Hour

// Session is one chart as loaded, with what commands of one group have changed so far. It is used by one goroutine.
type Session struct {
	Chart charts.Chart
	Now   time.Time // of the command at work; UTC

	tenant      tenancy.ID
	journal     *Journal
	calendar    charts.Calendar
	series      *projection.Series
	fresh       bool  // nothing was committed since it was loaded
	tenants     int   // changes of tenants before it was loaded (keptSessions)
	revision    int64 // of the NOW document
	described   int64 // of the CHART document
	events      []eventstore.Event
	redescribed bool
	claims      []eventstore.Put // documents that must be absent: a chart's key, receipts
	beside      map[eventstore.Key]eventstore.Put
	keyed       map[string]*keyedPoint     // points known by their keys, as they stand
	receipts    map[string]json.RawMessage // staged in this group
	staged      int                        // bytes of events so far
	changes     []Change
}

// keyedPoint is a POINT document: where a keyed point stands. A nil point is one that is not there.
type keyedPoint struct {
	point *charts.Point
	dirty bool
}

// Change is what happened to a chart, as subscribers are told.
type Change struct {
	Tenant     tenancy.ID
	Chart      charts.ID
	Version    int64
	Kind       string // the event's type
	OccurredAt time.Time
}

// Meta is what a command says about its events.
type Meta struct {
	By            tenancy.Actor
	Source        string
	CorrelationID string // such as an ingestion's
	CausationID   string
	Quiet         bool // tell subscribers nothing: Journal.Announce will, once, for many
}

func streamOf(id charts.ID) eventstore.Stream {
	return eventstore.Stream{Kind: "CHART", ID: string(id)}
}

func pointKey(id charts.ID, key string) eventstore.Key {
	return eventstore.Key{Stream: streamOf(id), Name: "POINT#" + key}
}

func receiptKey(id charts.ID, key string) eventstore.Key {
	return eventstore.Key{Stream: streamOf(id), Name: "IDEM#" + key}
}

// load reads a chart's settings and newest figures: one read, whatever the length of its stream. A chart whose documents
// are of another format, or cut by another zone's days, is rebuilt first.
func (j *Journal) load(ctx context.Context, tenant tenancy.ID, id charts.ID) (*Session, error) {
	j.mu.Lock()
	tenants := j.kept.tenants
	j.mu.Unlock()
	for attempt := 0; ; attempt++ {
		answers, err := j.Store.Documents(ctx, tenant, directory.Span(),
			eventstore.One(eventstore.Key{Name: projection.ChartName(id)}),
			eventstore.One(eventstore.Key{Name: projection.NowName(id)}))
		if err != nil {
			return nil, err
		}
		if len(answers[0]) == 0 || len(answers[1]) == 0 {
			return nil, charts.NotFound()
		}
		calendar, err := j.calendarOf(answers[0][0])
		if err != nil {
			return nil, err
		}
		now, err := readNow(answers[2])
		if attempt == 0 && NeedsRebuild(now, err, calendar) {
			if err := j.Rebuild(ctx, tenant, id); err != nil {
				return nil, err
			}
			continue
		}
		if err != nil {
			return nil, err
		}
		s := &Session{
			tenant: tenant, journal: j, calendar: calendar, fresh: true, tenants: tenants,
			series:    projection.Open(id, now, calendar),
			revision:  answers[2][0].Revision,
			described: answers[1][0].Revision,
		}
		chart, err := projection.ReadChart(answers[1][0].Body)
		if err != nil {
			return nil, fmt.Errorf("journal: the document of chart %s: %w", id, err)
		}
		s.Chart = *chart
		s.Chart.Version = now.Version
		s.reset()
		return s, nil
	}
}

func readNow(docs []eventstore.Document) (*projection.Now, error) {
	if len(docs) == 0 {
		return nil, fmt.Errorf("%w: NOW is not there", projection.ErrCorrupt)
	}
	return projection.ReadNow(docs[0].Body)
}

// NeedsRebuild reports whether a NOW document, as it was read, must be made again from the log before it can serve.
func NeedsRebuild(now *projection.Now, err error, c charts.Calendar) bool {
	return errors.Is(err, projection.ErrCorrupt) || err == nil && now.Zone != c.Zone()
}

// reset forgets what is staged, after it was committed.
func (s *Session) reset() {
	s.events, s.claims, s.changes = nil, nil, nil
	s.redescribed, s.staged = false, 0
	s.receipts = map[string]json.RawMessage{}
	s.beside = map[eventstore.Key]eventstore.Put{}
	if s.keyed == nil || len(s.keyed) > 1000 {
		s.keyed = map[string]*keyedPoint{}
	}
	for _, k := range s.keyed {
		k.dirty = false
	}
}

// Receipt is the answer kept under an idempotency key, or nil.
func (s *Session) Receipt(ctx context.Context, key string) (json.RawMessage, error) {
	if kept, ok := s.receipts[key]; ok {
		return kept, nil
	}
	if !remembers {
		return nil, nil
	}
	answers, err := s.journal.Store.Documents(ctx, s.tenant, eventstore.One(receiptKey(s.series.Chart, key)))
	if err != nil || len(answers[0]) == 0 {
		return nil, err
	}
	return answers[0][0].Body, nil
}

// KeepReceipt remembers an answer under an idempotency key, from the moment the group is committed.
func (s *Session) KeepReceipt(key string, answer json.RawMessage) {
	if !remembers {
		return
	}
	s.receipts[key] = answer
	s.claims = append(s.claims, eventstore.Put{
		Key: receiptKey(s.series.Chart, key), Body: answer, If: eventstore.IfAbsent(),
		Expires: s.Now.Add(ReceiptLife).Truncate(time.Second),
	})
	s.staged += len(answer) + len(key)
}

// Known are those of the points that the chart has.
func (s *Session) Known(ctx context.Context, ids []charts.PointID) (charts.Known, error) {
	if err := s.loadKeyed(ctx, ids); err != nil {
		return nil, err
	}
	instants := make([]charts.Instant, 0, len(ids))
	for _, id := range ids {
		if id.Key == "" {
			instants = append(instants, id.At)
		}
	}
	if err := s.load(ctx, func() { s.series.PlanPoints(instants) }); err != nil {
		return nil, err
	}
	known := charts.Known{}
	for _, id := range ids {
		if id.Key != "" {
			if k := s.keyed[id.Key]; k.point != nil {
				known[id] = *k.point
			}
		} else if p, found := s.series.Find(id.At); found {
			known[id] = p.Point
		}
	}
	return known, nil
}

// loadKeyed reads the POINT documents of keys that are not loaded yet.
func (s *Session) loadKeyed(ctx context.Context, ids []charts.PointID) error {
	var keys []string
	var spans []eventstore.Span
	for _, id := range ids {
		if id.Key != "" && s.keyed[id.Key] == nil {
			s.keyed[id.Key] = &keyedPoint{}
			keys = append(keys, id.Key)
			spans = append(spans, eventstore.One(pointKey(s.series.Chart, id.Key)))
		}
	}
	if len(spans) == 0 {
		return nil
	}
	answers, err := s.journal.Store.Documents(ctx, s.tenant, spans...)
	if err != nil {
		for _, key := range keys {
			delete(s.keyed, key)
		}
		return err
	}
	for i, docs := range answers {
		if len(docs) == 0 {
			continue
		}
		points, _, err := projection.ReadPoints(docs[0].Body)
		if err != nil || len(points) != 1 {
			return fmt.Errorf("journal: the document of point %q: %w", keys[i], projection.ErrCorrupt)
		}
		points[0].Key = keys[i]
		s.keyed[keys[i]].point = &points[0]
	}
	return nil
}

// load loads what a plan wants.
func (s *Session) load(ctx context.Context, plan func()) error {
	for {
		plan()
		if !s.series.Wants() {
			return nil
		}
		answers, err := s.journal.Store.Documents(ctx, s.tenant, s.series.Spans()...)
		if err != nil {
			return err
		}
		err = s.series.Absorb(answers)
		if errors.Is(err, projection.ErrCorrupt) {
			err = s.journal.Mend(ctx, s.tenant, s.series.Chart, err)
		}
		if err != nil {
			return err
		}
	}
}

// Stage adds events to the group. Nothing is staged where it answers an error.
func (s *Session) Stage(ctx context.Context, meta Meta, events ...charts.Event) error {
	for _, e := range events {
		kind, data, err := encode(e)
		if err != nil {
			return err
		}
		if err := s.load(ctx, func() { s.series.Plan(e) }); err != nil {
			return err
		}
		s.Chart = charts.Evolve(s.Chart, e, s.Now)
		s.series.Apply(e, s.Chart.Version, charts.InstantOf(s.Now))
		s.events = append(s.events, eventstore.Event{
			Version: s.Chart.Version, ID: s.journal.NewID(), Type: kind, Schema: schema,
			OccurredAt: s.Now, RecordedAt: s.Now, Actor: meta.By, Source: meta.Source,
			CorrelationID: meta.CorrelationID, CausationID: meta.CausationID, Data: data,
		})
		if !meta.Quiet {
			s.changes = append(s.changes, Change{s.tenant, s.Chart.ID, s.Chart.Version, kind, s.Now})
		}
		s.staged += len(data)
		s.stageKeyed(e)
		switch e.(type) {
		case charts.DataPointsRecorded, charts.DataPointsRemoved:
		default:
			s.redescribed = true
		}
	}
	return nil
}

// stageKeyed moves the POINT documents along.
func (s *Session) stageKeyed(e charts.Event) {
	switch e := e.(type) {
	case charts.DataPointsRecorded:
		for i := range e.Points {
			if p := &e.Points[i].Point; p.Key != "" {
				s.keyed[p.Key] = &keyedPoint{point: p, dirty: true}
			}
		}
	case charts.DataPointsRemoved:
		for _, p := range e.Points {
			if p.Key != "" {
				s.keyed[p.Key] = &keyedPoint{dirty: true}
			}
		}
	}
}

// commit makes the group durable. eventstore.ErrConflict: nothing happened, the session is stale.
func (s *Session) commit(ctx context.Context) error {
	c := eventstore.Commit{Puts: s.claims}
	for _, p := range s.beside {
		c.Puts = append(c.Puts, p)
	}
	if len(s.events) > 0 {
		puts := s.series.Puts()
		puts[0].If = eventstore.IfRevision(s.revision) // NOW
		c.Puts = append(c.Puts, puts...)
		c.Appends = []eventstore.Append{{Stream: streamOf(s.Chart.ID), Expected: s.events[0].Version - 1, Events: s.events}}
	}
	if s.redescribed {
		body, err := json.Marshal(s.Chart)
		if err != nil {
			return err
		}
		c.Puts = append(c.Puts, eventstore.Put{
			Key: eventstore.Key{Name: projection.ChartName(s.Chart.ID)}, Body: body, If: eventstore.IfRevision(s.described), Active: s.Chart.Status == charts.Active,
		})
	}
	for key, k := range s.keyed {
		switch {
		case !k.dirty:
		case k.point == nil:
			c.Deletes = append(c.Deletes, eventstore.Delete{Key: pointKey(s.Chart.ID, key)})
		default:
			c.Puts = append(c.Puts, eventstore.Put{Key: pointKey(s.Chart.ID, key), Body: pointBody(*k.point)})
		}
	}
	if len(c.Puts)+len(c.Deletes) == 0 {
		return nil
	}
	s.journal.attempts.Add(1)
	if err := s.journal.Store.Commit(ctx, s.tenant, c); err != nil {
		return err
	}
	s.journal.commits.Add(1)
	floor := Floor{Version: s.Chart.Version}
	if s.redescribed {
		s.described++
		floor.Changed = s.Chart.ChangedAt
	}
	if len(s.events) > 0 {
		s.revision++
		s.series.Saved()
		s.journal.recent.note(s.journal.Now(), s.tenant, s.Chart.ID, floor)
	}
	return nil
}

func pointBody(p charts.Point) []byte {
	p.Key = ""
	return projection.AppendPoints(nil, []charts.Point{p})
}

// records is how many records the group would commit, at most.
func (s *Session) records() int {
	n := len(s.events) + len(s.claims) + len(s.beside) + s.series.Dirty()
	for _, k := range s.keyed {
		if k.dirty {
			n++
		}
	}
	return n
}

// maxCached bounds what a session keeps of pages between groups, in points.
const maxCached = 20_000

// worn reports whether the session should be loaded anew, lest it grow.
func (s *Session) worn() bool { return s.series.Loaded() > maxCached }
