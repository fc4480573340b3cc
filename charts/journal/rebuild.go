package journal

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"strings"

	"github.com/mykpi/mykpi/charts"
	"github.com/mykpi/mykpi/charts/projection"
	"github.com/mykpi/mykpi/eventstore"
	"github.com/mykpi/mykpi/tenancy"
)

const eventsPage = 1000

// Rebuild makes a chart's documents again from its log, while reads and writes go on: it writes a new generation beside
// the present one and then swaps the two in one commit, under the revision of the NOW document, so that a writer
// who came between is never undone.
func (j *Journal) Rebuild(ctx context.Context, tenant tenancy.ID, id charts.ID) error {
	_, err, _ := j.rebuilds.Do(tenant.String()+"#"+string(id), func() (any, error) {
		return nil, j.rebuild(context.WithoutCancel(ctx), tenant, id)
	})
	return err
}

// Mend rebuilds a chart of which a document has turned out to be damaged, and answers projection.ErrMoved: it can be loaded again.
// Where its log can't be replayed either it answers the damage, and why.
func (j *Journal) Mend(ctx context.Context, tenant tenancy.ID, id charts.ID, damage error) error {
	if err := j.Rebuild(ctx, tenant, id); err != nil {
		return fmt.Errorf("chart %s: %w; it can't be rebuilt: %w", id, damage, err)
	}
	return projection.ErrMoved
}

// RebuildTenant rebuilds all charts of a tenant and tells each when it is done, with its number of events.
func (j *Journal) RebuildTenant(ctx context.Context, tenant tenancy.ID, done func(id charts.ID, events int64)) error {
	after := ""
	for {
		streams, err := j.Store.Streams(ctx, tenant, "CHART", after, 100)
		if err != nil || len(streams) == 0 {
			return err
		}
		for _, s := range streams {
			after = s.ID
			if err := ctx.Err(); err != nil {
				return err
			}
			if err := j.Rebuild(ctx, tenant, charts.ID(s.ID)); err != nil {
				return fmt.Errorf("chart %s: %w", s.ID, err)
			}
			if last, err := j.History(ctx, tenant, charts.ID(s.ID), 0, 1); err != nil {
				return err
			} else if len(last) == 1 {
				done(charts.ID(s.ID), last[0].Version)
			}
		}
	}
}

// replay is a chart and its series made from the log alone.
type replay struct {
	chart    charts.Chart
	series   *projection.Series
	calendar charts.Calendar
}

// Replay folds a chart's whole log in memory, into documents of a generation. Its answer compares to the live documents
// to the byte.
func (j *Journal) Replay(ctx context.Context, tenant tenancy.ID, id charts.ID, generation int64) (*projection.Series, error) {
	r, err := j.replay(ctx, tenant, id, generation)
	if err != nil {
		return nil, err
	}
	return r.series, nil
}

func (j *Journal) replay(ctx context.Context, tenant tenancy.ID, id charts.ID, generation int64) (*replay, error) {
	calendar, err := j.calendar(ctx, tenant)
	if err != nil {
		return nil, err
	}
	r := &replay{calendar: calendar}
	if err := j.catchUp(ctx, tenant, id, generation, r); err != nil {
		return nil, err
	}
	if !r.chart.Exists() {
		return nil, charts.NotFound()
	}
	return r, nil
}

// catchUp applies the events that came since.
func (j *Journal) catchUp(ctx context.Context, tenant tenancy.ID, id charts.ID, generation int64, r *replay) error {
	for {
		stored, err := j.Store.Events(ctx, tenant, streamOf(id), r.chart.Version, eventsPage)
		if err != nil || len(stored) == 0 {
			return err
		}
		for _, e := range stored {
			if e.Version != r.chart.Version+1 {
				return fmt.Errorf("journal: chart %s: version %d follows %d", id, e.Version, r.chart.Version)
			}
			event, err := Decode(e)
			if err != nil {
				return err
			}
			if created, ok := event.(charts.ChartCreated); ok {
				r.series = projection.New(id, created.Aggregation, generation, r.calendar)
			}
			if r.series == nil {
				return fmt.Errorf("journal: chart %s does not begin with its creation", id)
			}
			r.chart = charts.Evolve(r.chart, event, e.OccurredAt)
			r.series.Apply(event, e.Version, charts.InstantOf(e.OccurredAt))
		}
	}
}

func (j *Journal) rebuild(ctx context.Context, tenant tenancy.ID, id charts.ID) error {
	before, err := j.heads(ctx, tenant, id)
	if err != nil {
		return err
	}
	// Not just the next one: two processes may rebuild the same chart at once, and must not write the same names.
	generation := before.generation + 1 + rand.Int64N(1<<24)
	r, err := j.replay(ctx, tenant, id, generation)
	if err != nil {
		return err
	}
	for {
		if err := j.write(ctx, tenant, r.series); err != nil {
			return err
		}
		r.series.Saved()
		err := j.swap(ctx, tenant, r, before)
		if err == nil {
			return j.sweep(ctx, tenant, id, before.generation, generation)
		}
		if !errors.Is(err, eventstore.ErrConflict) {
			return err
		}
		now, err := j.heads(ctx, tenant, id)
		if err != nil {
			return err
		}
		if now.generation != before.generation {
			return nil // another rebuild came first, of the same log
		}
		before = now
		if err := j.catchUp(ctx, tenant, id, generation, r); err != nil {
			return err
		}
	}
}

// heads are the documents that a swap replaces, as they stand.
type heads struct {
	now, chart int64 // revisions
	generation int64
}

func (j *Journal) heads(ctx context.Context, tenant tenancy.ID, id charts.ID) (heads, error) {
	answers, err := j.Store.Documents(ctx, tenant,
		eventstore.One(eventstore.Key{Name: projection.NowName(id)}),
		eventstore.One(eventstore.Key{Name: projection.ChartName(id)}))
	if err != nil {
		return heads{}, err
	}
	var h heads
	if len(answers[0]) > 0 {
		h.now = answers[0][0].Revision
		// A document of another format is replaced by a generation that is surely new.
		if now, err := projection.ReadNow(answers[0][0].Body); err == nil {
			h.generation = now.Generation
		} else {
			h.generation = 1<<30 + rand.Int64N(1<<30)
		}
	}
	if len(answers[1]) > 0 {
		h.chart = answers[1][0].Revision
	}
	return h, nil
}

// write puts the new generation's own documents, in as many commits as they need.
func (j *Journal) write(ctx context.Context, tenant tenancy.ID, s *projection.Series) error {
	limits := j.Store.Limits()
	var c eventstore.Commit
	size := 0
	flush := func() error {
		if len(c.Puts) == 0 {
			return nil
		}
		err := j.Store.Commit(ctx, tenant, c)
		c, size = eventstore.Commit{}, 0
		return err
	}
	for _, p := range s.Puts() {
		if head(p.Key.Name) {
			continue
		}
		if len(c.Puts) == limits.Records || size+len(p.Body)+len(p.Key.Name) > limits.CommitBytes {
			if err := flush(); err != nil {
				return err
			}
		}
		c.Puts = append(c.Puts, p)
		size += len(p.Body) + len(p.Key.Name)
	}
	return flush()
}

// head reports whether a document is replaced by the swap.
func head(name string) bool {
	return strings.HasPrefix(name, projection.NowPrefix) || strings.HasPrefix(name, projection.HoursPrefix)
}

// swap makes the new generation the chart's, in one commit.
func (j *Journal) swap(ctx context.Context, tenant tenancy.ID, r *replay, h heads) error {
	body, err := json.Marshal(r.chart)
	if err != nil {
		return err
	}
	c := eventstore.Commit{Puts: []eventstore.Put{
		{Key: eventstore.Key{Name: projection.ChartName(r.chart.ID)}, Body: body, If: eventstore.IfRevision(h.chart), Active: r.chart.Status == charts.Active},
		{Key: eventstore.Key{Name: projection.KeyName(r.chart.Key)}, Body: []byte(r.chart.ID)},
	}}
	for _, p := range r.series.Heads() {
		if p.Key.Name == projection.NowName(r.chart.ID) {
			p.If = eventstore.IfRevision(h.now)
		}
		c.Puts = append(c.Puts, p)
	}
	return j.Store.Commit(ctx, tenant, c)
}

// sweep deletes the generations before the new one but for the one it replaced: a reader may still hold that. A later
// one is another process's next rebuild at work.
func (j *Journal) sweep(ctx context.Context, tenant tenancy.ID, id charts.ID, before, after int64) error {
	answers, err := j.Store.Documents(ctx, tenant, projection.AllGenerations(id)...)
	if err != nil {
		return err
	}
	var c eventstore.Commit
	for _, docs := range answers {
		for _, d := range docs {
			if g := projection.GenerationOf(d.Key.Name); g == before || g >= after {
				continue
			}
			c.Deletes = append(c.Deletes, eventstore.Delete{Key: d.Key})
			if len(c.Deletes) == min(100, j.Store.Limits().Records) {
				if err := j.Store.Commit(ctx, tenant, c); err != nil {
					return err
				}
				c = eventstore.Commit{}
			}
		}
	}
	if len(c.Deletes) == 0 {
		return nil
	}
	return j.Store.Commit(ctx, tenant, c)
}
