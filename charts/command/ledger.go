package command

import (
	"context"
	"maps"
	"slices"

	"github.com/mykpi/mykpi/charts"
	"github.com/mykpi/mykpi/charts/journal"
	"github.com/mykpi/mykpi/eventstore"
	"github.com/mykpi/mykpi/tenancy"
)

// ledger is all that was ever said of some points of a chart, and by which ingestion: what they would be without one of
// these follows from it. Undoing is rare, so it reads the log and asks nothing of recording.
type ledger struct {
	chart   charts.ID
	entries map[charts.PointID][]entry // of the points asked for
	undone  map[string]bool            // by ingestion
	version int64                      // of the newest event read
}

// entry is one thing said of a point. A nil point is that it was removed.
type entry struct {
	run   string // "" for what no undo takes back
	point *charts.Point
}

// newLedger is the empty ledger of the points that a part of a run changed.
func (h *Handlers) newLedger(ctx context.Context, tenant tenancy.ID, run string, part journal.RunPart) (*ledger, []charts.PointID, error) {
	l := &ledger{chart: part.Chart, entries: map[charts.PointID][]entry{}, undone: map[string]bool{}}
	var ids []charts.PointID
	for after := part.First - 1; after < part.Last; {
		events, err := h.Journal.Events(ctx, tenant, part.Chart, after, int(min(part.Last-after, 1000)))
		if err != nil {
			return nil, nil, err
		}
		if len(events) == 0 {
			break
		}
		for _, stored := range events {
			after = stored.Version
			if stored.CorrelationID != run {
				continue
			}
			decoded, err := journal.Decode(stored)
			if err != nil {
				return nil, nil, err
			}
			recorded, _ := decoded.(charts.DataPointsRecorded)
			for _, p := range recorded.Points {
				if _, there := l.entries[p.ID()]; !there {
					l.entries[p.ID()] = nil
					ids = append(ids, p.ID())
				}
			}
		}
	}
	return l, ids, nil
}

// catchUp reads the events that came since.
func (l *ledger) catchUp(ctx context.Context, j *journal.Journal, tenant tenancy.ID) error {
	return j.Each(ctx, tenant, l.chart, l.version, l.take)
}

// with is the ledger with events that may never be committed; changing it leaves the first as it is.
func (l *ledger) with(staged []eventstore.Event) (*ledger, error) {
	next := &ledger{l.chart, maps.Clone(l.entries), maps.Clone(l.undone), l.version}
	for id, said := range next.entries {
		next.entries[id] = slices.Clip(said)
	}
	for _, stored := range staged {
		if err := next.take(stored); err != nil {
			return nil, err
		}
	}
	return next, nil
}

func (l *ledger) take(stored eventstore.Event) error {
	if stored.Version <= l.version {
		return nil
	}
	l.version = stored.Version
	if run, undone, ok := journal.Undoes(stored.CorrelationID, stored.CausationID); ok {
		l.undone[run] = undone // what it changed follows from this
		return nil
	}
	decoded, err := journal.Decode(stored)
	if err != nil {
		return err
	}
	switch e := decoded.(type) {
	case charts.DataPointsRecorded:
		for _, p := range e.Points {
			l.add(p.ID(), entry{stored.CorrelationID, &p.Point})
		}
	case charts.DataPointsRemoved:
		for _, p := range e.Points {
			l.add(p.ID(), entry{})
		}
	}
	return nil
}

func (l *ledger) add(id charts.PointID, e entry) {
	if said, asked := l.entries[id]; asked {
		l.entries[id] = append(said, e)
	}
}

// wanted is the point as the ingestions that are not undone leave it; nil where it is not there.
func (l *ledger) wanted(id charts.PointID) *charts.Point {
	said := l.entries[id]
	for i := len(said) - 1; i >= 0; i-- {
		if said[i].run == "" || !l.undone[said[i].run] {
			return said[i].point
		}
	}
	return nil
}
