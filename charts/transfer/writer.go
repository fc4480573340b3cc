package transfer

import (
	"context"
	"errors"
	"fmt"

	"github.com/mykpi/mykpi/charts"
	"github.com/mykpi/mykpi/charts/journal"
	"github.com/mykpi/mykpi/charts/query"
	"github.com/mykpi/mykpi/eventstore"
	"github.com/mykpi/mykpi/tenancy"
)

// ErrDiverged says that the target holds another history of the tenant than the source.
var ErrDiverged = errors.New("transfer: the target has another history")

// Writer writes the records of a tenant to a store, in as few commits as its limits allow. Events that are there already
// are passed over. Make one with NewWriter, and end it with Finish.
type Writer struct {
	journal *journal.Journal
	tenant  tenancy.ID
	heads   map[eventstore.Stream]eventstore.Event
	commit  eventstore.Commit
	records int
	size    int

	begun bool
	space eventstore.Stream // whose records come now: those of one stream, or of the common space, come together
	told  map[string]bool   // the documents of it that came
}

// NewWriter makes a Writer to the journal's store.
func NewWriter(j *journal.Journal, tenant tenancy.ID) *Writer {
	return &Writer{journal: j, tenant: tenant, heads: map[eventstore.Stream]eventstore.Event{}}
}

func (w *Writer) head(ctx context.Context, s eventstore.Stream) (eventstore.Event, error) {
	head, known := w.heads[s]
	if known {
		return head, nil
	}
	head, err := Head(ctx, w.journal.Store, w.tenant, s)
	if err == nil {
		w.heads[s] = head
	}
	return head, err
}

// Write takes the next record. It may be kept back until Finish.
func (w *Writer) Write(ctx context.Context, r Record) error {
	if !w.begun || r.Stream != w.space {
		if err := w.leave(ctx); err != nil {
			return err
		}
		w.begun, w.space, w.told = true, r.Stream, map[string]bool{}
	}
	if d := r.Document; d != nil {
		w.told[d.Key.Name] = true
		if err := w.make(ctx, len(d.Key.Name)+len(d.Body)); err != nil {
			return err
		}
		w.commit.Puts = append(w.commit.Puts, eventstore.Put{Key: d.Key, Body: d.Body, Expires: d.Expires})
		return nil
	}
	e := r.Event
	head, err := w.head(ctx, r.Stream)
	switch {
	case err != nil:
		return err
	case e.Version == head.Version && e.ID != head.ID:
		return fmt.Errorf("%w: event %d of %v is %s there and %s here", ErrDiverged, e.Version, r.Stream, head.ID, e.ID)
	case e.Version <= head.Version:
		return nil
	case e.Version != head.Version+1:
		return fmt.Errorf("%w: event %d of %v follows %d", ErrDiverged, e.Version, r.Stream, head.Version)
	}
	if err := w.make(ctx, e.Size()); err != nil {
		return err
	}
	if len(w.commit.Appends) == 0 {
		w.commit.Appends = []eventstore.Append{{Stream: r.Stream, Expected: head.Version}}
		w.records++ // a stream that begins is one record more
	}
	a := &w.commit.Appends[0]
	a.Events = append(a.Events, *e)
	w.heads[r.Stream] = *e
	return nil
}

// leave ends a space: documents that the target has of before, and the source has no more, go.
func (w *Writer) leave(ctx context.Context) error {
	if !w.begun {
		return nil
	}
	if err := w.flush(ctx); err != nil {
		return err
	}
	return readDocuments(ctx, w.journal.Store, w.tenant, w.space, func(r Record) error {
		if w.told[r.Document.Key.Name] {
			return nil
		}
		return w.journal.Store.Commit(ctx, w.tenant, eventstore.Commit{Deletes: []eventstore.Delete{{Key: r.Document.Key}}})
	})
}

// make makes room for a record.
func (w *Writer) make(ctx context.Context, size int) error {
	limits := w.journal.Store.Limits()
	if w.records+2 > limits.Records || w.size+size > limits.CommitBytes/2 {
		if err := w.flush(ctx); err != nil {
			return err
		}
	}
	w.records++
	w.size += size
	return nil
}

func (w *Writer) flush(ctx context.Context) error {
	err := w.journal.Store.Commit(ctx, w.tenant, w.commit)
	if errors.Is(err, eventstore.ErrConflict) {
		return fmt.Errorf("%w, for somebody writes to it: %w", ErrDiverged, err)
	}
	w.commit, w.records, w.size = eventstore.Commit{}, 0, 0
	return err
}

// Finish writes what was kept back, then makes the documents of the charts that are behind their logs.
func (w *Writer) Finish(ctx context.Context, reader *query.Reader) error {
	if err := w.leave(ctx); err != nil {
		return err
	}
	_, standing, err := reader.Standing(ctx, w.tenant)
	if err != nil {
		return err
	}
	versions := map[charts.ID]int64{}
	for _, s := range standing {
		versions[s.Chart] = s.Version
	}
	for stream, head := range w.heads {
		if id := charts.ID(stream.ID); stream.Kind == "CHART" && head.Version > 0 && versions[id] != head.Version {
			if err := w.journal.Rebuild(ctx, w.tenant, id); err != nil {
				return err
			}
		}
	}
	return nil
}
