package command

import (
	"context"
	"errors"
	"slices"
	"time"

	"github.com/mykpi/mykpi/charts"
	"github.com/mykpi/mykpi/charts/journal"
	"github.com/mykpi/mykpi/eventstore"
	"github.com/mykpi/mykpi/tenancy"
)

// Intake says what is coming in.
type Intake struct {
	Source   string // such as an n8n execution id
	Backfill bool   // history: subscribers get one update of each chart, when it ends
	DryRun   bool   // tell what would be, write nothing
	// Lone says that one point is all that comes. Recorded, it needs no record but its event.
	Lone bool
	// Again says that the points were refused before and are kept already.
	Again bool
}

// Ingestion is one call that brings points in: into one chart or many, in one commit or many. It is found, undone and
// redone as one. It is used by one goroutine, but for Yield, and ends with End.
type Ingestion struct {
	Intake
	h       *Handlers
	as      tenancy.Identity
	run     journal.Run
	saved   bool // the run has a document
	changed bool // since it was saved
	would   wouldBe
}

// Begin starts an ingestion.
func (h *Handlers) Begin(as tenancy.Identity, in Intake) (*Ingestion, error) {
	if err := tenancy.CheckLine("source", in.Source, maxSource); err != nil {
		return nil, err
	}
	at := h.Now().UTC()
	return &Ingestion{Intake: in, h: h, as: as, run: journal.Run{
		ID: journal.NewRunID(at, h.NewID()), Source: in.Source, Actor: as.Actor(), At: at,
	}}, nil
}

// ID is the ingestion's ID, or "" while there is nothing that it could be found by.
func (i *Ingestion) ID() string {
	if !i.saved {
		return ""
	}
	return i.run.ID
}

// Yield lets other requests go first, where so many points are a large batch: a step of one takes some hundred microseconds.
func (i *Ingestion) Yield(points int) {
	if i.h.Yield != nil && points > largeBatch {
		i.h.Yield()
	}
}

// Record brings points into one chart.
func (i *Ingestion) Record(ctx context.Context, c RecordDataPoints) (Recorded, error) {
	c.Source = i.Source
	if err := c.check(); err != nil {
		return Recorded{}, err
	}
	id, err := i.h.Journal.Resolve(ctx, i.as.Tenant(), c.Chart)
	if err != nil {
		return Recorded{}, err
	}
	if !i.as.ReachesChart(string(id)) {
		return Recorded{}, tenancy.Refuse(tenancy.Forbidden, "chart", "your API key is for other charts alone")
	}
	if i.h.Turns != nil && len(c.Points) > largeBatch {
		done, err := i.h.Turns.Take(ctx, i.as.Tenant(), len(c.Points))
		if err != nil {
			return Recorded{}, err
		}
		defer done()
	}
	i.Yield(len(c.Points))
	points, rejected := c.valid(charts.InstantOf(i.h.Now()))
	if c.FailOnInvalid && len(rejected) > 0 {
		return Recorded{}, c.refuse(rejected[0])
	}
	i.Yield(len(c.Points))
	settle, err := i.reserve(ctx, len(points))
	if err != nil {
		return Recorded{}, err
	}
	defer func(before int) { settle(ctx, i.written()-before) }(i.written())
	r := recording{Ingestion: i, command: c, chart: id, rejected: rejected, fingerprint: c.fingerprint(), answer: Recorded{Chart: id, Rejected: rejected}}
	err = inPieces(i.h.Journal, points, pointIsKeyed, func(piece []charts.Point) error {
		return r.record(ctx, piece, len(piece) == len(points))
	})
	if err == nil && c.IdempotencyKey != "" && !r.answered {
		// The points took several commits; the answer is kept in one more.
		err = r.keep(ctx)
	}
	return r.answer, err
}

// reserve takes so many points of the tenant's quota, until settle tells how many were written.
func (i *Ingestion) reserve(ctx context.Context, points int) (settle func(context.Context, int), err error) {
	if i.h.Quota == nil || i.DryRun || points == 0 {
		return func(context.Context, int) {}, nil
	}
	return i.h.Quota.Points(ctx, i.as.Tenant(), points)
}

// written is how many points the ingestion has changed so far.
func (i *Ingestion) written() int {
	n := 0
	for _, p := range i.run.Parts {
		n += p.Recorded + p.Corrected
	}
	return n
}

// Refused is a point that can't belong to a chart.
type Refused struct {
	Rejection
	ChartKey string
	Point    PointInput
}

// Refuse keeps points that can't belong to a chart, each with the key of the chart that it was sent to. Under an
// idempotency key ("" for none) it keeps those of the first call alone.
func (i *Ingestion) Refuse(ctx context.Context, refused []Refused, key string) error {
	if len(refused) == 0 || i.DryRun {
		return nil
	}
	if err := checkIdempotencyKey(key); err != nil {
		return err
	}
	byChart := map[string][]journal.RejectedPoint{}
	var keys []string
	for _, r := range refused {
		if byChart[r.ChartKey] == nil {
			keys = append(keys, r.ChartKey)
		}
		byChart[r.ChartKey] = append(byChart[r.ChartKey], journal.RejectedPoint{Code: r.Code, Message: r.Message, Raw: r.Point.raw(i.run.At)})
	}
	var c eventstore.Commit
	if key != "" {
		c.Puts = append(c.Puts, eventstore.Put{
			Key: eventstore.Key{Name: "REFUSED#" + key}, If: eventstore.IfAbsent(), Expires: i.run.At.Add(journal.ReceiptLife).Truncate(time.Second),
		})
	}
	for _, key := range keys {
		head := journal.RejectedChunk{Run: i.run.ID, Source: i.Source, ChartKey: key, At: i.run.At}
		for _, chunk := range journal.Chunks(head, byChart[key], i.h.NewID()) {
			c.Puts = append(c.Puts, eventstore.Put{Key: eventstore.Key{Name: chunk.Name()}, Body: chunk.Body(), Expires: chunk.Expires()})
		}
	}
	limit := min(50, i.h.Journal.Store.Limits().Records)
	for puts := range slices.Chunk(c.Puts, limit) {
		err := i.h.Journal.Store.Commit(ctx, i.as.Tenant(), eventstore.Commit{Puts: puts})
		if key != "" && errors.Is(err, eventstore.ErrConflict) {
			return nil
		}
		if err != nil {
			return err
		}
	}
	i.run.Rejected += len(refused)
	i.changed, i.saved = true, true // End will see to it
	return nil
}

// End saves what is left to say of the ingestion, and tells the subscribers of a backfill. It is called however the
// ingestion went.
func (i *Ingestion) End(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), 5*time.Second)
	defer cancel()
	if i.Backfill {
		for _, p := range i.run.Parts {
			if p.Last > 0 {
				i.h.Journal.Announce(i.as.Tenant(), p.Chart, p.Last, i.h.Now().UTC())
			}
		}
	}
	if !i.saved || !i.changed || i.DryRun {
		return nil
	}
	i.changed = false
	return i.h.Journal.Store.Commit(ctx, i.as.Tenant(), eventstore.Commit{Puts: []eventstore.Put{
		{Key: eventstore.Key{Name: journal.RunName(i.run.ID)}, Body: i.run.Body()},
	}})
}
