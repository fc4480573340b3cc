package command

import (
	"context"
	"errors"
	"slices"

	"github.com/mykpi/mykpi/charts"
	"github.com/mykpi/mykpi/charts/journal"
	"github.com/mykpi/mykpi/eventstore"
	"github.com/mykpi/mykpi/tenancy"
)

// replaySource is the source of points that were refused and are sent again.
const replaySource = "replay"

// ReplayRejectedPoints sends refused points again, as they were sent. Those that are taken now are no longer kept as
// refused; the others stay, for the rest of their time. Index is the place in ids.
func (h *Handlers) ReplayRejectedPoints(ctx context.Context, as tenancy.Identity, ids []string) (Recorded, error) {
	if n := len(ids); n == 0 || n > charts.MaxPointsPerCommand {
		return Recorded{}, tenancy.Refuse(tenancy.BadUserInput, "ids", "name 1 to %d points, got %d", charts.MaxPointsPerCommand, n)
	}
	i, err := h.Begin(as, Intake{Source: replaySource, Again: true})
	if err != nil {
		return Recorded{}, err
	}
	r := replaying{h: h, as: as, ingestion: i}
	err = r.run(ctx, ids)
	if ended := i.End(ctx); err == nil {
		err = ended
	}
	slices.SortFunc(r.sum.Rejected, func(a, b Rejection) int { return a.Index - b.Index })
	r.sum.IngestionID = i.ID()
	return r.sum, err
}

type replaying struct {
	h         *Handlers
	as        tenancy.Identity
	ingestion *Ingestion
	sum       Recorded
}

// asked is one of a chunk's points that is to be sent again.
type asked struct{ index, n int }

func (r *replaying) run(ctx context.Context, ids []string) error {
	byChunk := map[string][]asked{}
	var chunks []string
	for index, id := range ids {
		chunk, n, ok := journal.ParseRejectedID(id)
		if !ok {
			r.notFound(index)
			continue
		}
		if byChunk[chunk] == nil {
			chunks = append(chunks, chunk)
		}
		if !slices.ContainsFunc(byChunk[chunk], func(a asked) bool { return a.n == n }) {
			byChunk[chunk] = append(byChunk[chunk], asked{index, n})
		}
	}
	for _, chunk := range chunks {
		if err := r.chunk(ctx, chunk, byChunk[chunk]); err != nil {
			return err
		}
	}
	return nil
}

func (r *replaying) notFound(index int) {
	r.reject(index, tenancy.Refuse(tenancy.NotFound, "", "there is no such refused point; it may have been sent again, or be older than 30 days"))
}

func (r *replaying) reject(index int, why *tenancy.Refusal) {
	r.sum.Rejected = append(r.sum.Rejected, Rejection{Index: index, Code: why.Code, Message: why.Error()})
}

func (r *replaying) chunk(ctx context.Context, id string, wanted []asked) error {
	c, _, err := r.read(ctx, id)
	if err != nil {
		return err
	}
	var points []PointInput
	var sent []asked
	for _, a := range wanted {
		i := slices.IndexFunc(c.Points, func(p journal.RejectedPoint) bool { return p.N == a.n })
		switch {
		case i < 0:
			r.notFound(a.index)
		case c.Points[i].Cut:
			r.reject(a.index, tenancy.Refuse(tenancy.BadUserInput, "", "was too long to be kept whole: send it again from where it came"))
		default:
			points, sent = append(points, ReadPoint(c.Points[i].Raw)), append(sent, a)
		}
	}
	if len(points) == 0 {
		return nil
	}
	ref := charts.Ref{ID: c.Chart}
	if c.Chart == "" {
		ref = charts.Ref{Key: c.ChartKey}
	}
	done, err := r.ingestion.Record(ctx, RecordDataPoints{Chart: ref, Points: points})
	if refused, ok := errors.AsType[*tenancy.Refusal](err); ok {
		for _, a := range sent {
			r.reject(a.index, refused)
		}
		return nil
	}
	if err != nil {
		return err
	}
	r.sum.Recorded += done.Recorded
	r.sum.Corrected += done.Corrected
	r.sum.Unchanged += done.Unchanged
	for _, j := range done.Rejected {
		r.sum.Rejected = append(r.sum.Rejected, Rejection{Index: sent[j.Index].index, Code: j.Code, Message: j.Message})
	}
	taken := map[int]bool{}
	for i, a := range sent {
		taken[a.n] = !slices.ContainsFunc(done.Rejected, func(j Rejection) bool { return j.Index == i })
	}
	return r.drop(ctx, id, taken)
}

func (r *replaying) read(ctx context.Context, id string) (c journal.RejectedChunk, revision int64, err error) {
	key := eventstore.Key{Name: journal.RejectedChunk{ID: id}.Name()}
	answers, err := r.h.Journal.Store.Documents(ctx, r.as.Tenant(), eventstore.One(key))
	if err != nil || len(answers[0]) == 0 {
		return c, 0, err
	}
	c, err = journal.ReadRejected(answers[0][0].Body)
	return c, answers[0][0].Revision, err
}

// attempts bounds how often a document that others change too is read again.
const attempts = 5

// drop takes points that were taken out of their chunk.
func (r *replaying) drop(ctx context.Context, id string, taken map[int]bool) error {
	for attempt := 1; ; attempt++ {
		c, revision, err := r.read(ctx, id)
		if err != nil || revision == 0 {
			return err
		}
		c.Points = slices.DeleteFunc(c.Points, func(p journal.RejectedPoint) bool { return taken[p.N] })
		key, unchanged := eventstore.Key{Name: c.Name()}, eventstore.IfRevision(revision)
		commit := eventstore.Commit{Deletes: []eventstore.Delete{{Key: key, If: unchanged}}}
		if len(c.Points) > 0 {
			commit = eventstore.Commit{Puts: []eventstore.Put{{Key: key, Body: c.Body(), Expires: c.Expires(), If: unchanged}}}
		}
		err = r.h.Journal.Store.Commit(ctx, r.as.Tenant(), commit)
		if err == nil || attempt == attempts || !errors.Is(err, eventstore.ErrConflict) {
			return err
		}
	}
}
