package command

import (
	"context"

	"github.com/mykpi/mykpi/charts"
	"github.com/mykpi/mykpi/charts/journal"
	"github.com/mykpi/mykpi/tenancy"
)

// UndoIngestion asks to take back what an ingestion recorded.
type UndoIngestion struct {
	ID     string
	Reason string
	DryRun bool // tell what would be, write nothing
}

// Undone tells what became of the points of an ingestion that was undone.
type Undone struct {
	Removed  int // are gone
	Restored int // are what they were without the ingestion
	Kept     int // were recorded or removed again later, which stands
}

// UndoIngestion takes back what an ingestion recorded, by new events. A point becomes what the other ingestions that are
// not undone left it. Undoing twice changes nothing more, and completes what a failure left half done.
func (h *Handlers) UndoIngestion(ctx context.Context, as tenancy.Identity, c UndoIngestion) (Undone, error) {
	if err := tenancy.CheckLine("reason", c.Reason, maxReason); err != nil {
		return Undone{}, err
	}
	reason := "Undo of ingestion " + c.ID
	if c.Reason != "" {
		reason += ": " + c.Reason
	}
	done, err := h.settle(ctx, as, settlement{run: c.ID, undone: true, reason: reason, dryRun: c.DryRun})
	return Undone{Removed: done.removed, Restored: done.added + done.changed, Kept: done.kept}, err
}

// settlement brings the points of an ingestion to what they are with it, or without.
type settlement struct {
	run    string
	undone bool
	reason string
	dryRun bool
}

// settled counts the points of an ingestion by what became of them.
type settled struct{ removed, added, changed, kept int }

func (s *settled) add(o settled) {
	s.removed, s.added, s.changed, s.kept = s.removed+o.removed, s.added+o.added, s.changed+o.changed, s.kept+o.kept
}

func (h *Handlers) settle(ctx context.Context, as tenancy.Identity, c settlement) (settled, error) {
	var sum settled
	reached := map[charts.ID]int64{}
	for {
		run, err := h.Journal.FindRun(ctx, as.Tenant(), c.run)
		if err != nil {
			return sum, err
		}
		grown := false
		for _, part := range run.Parts {
			if part.Last <= reached[part.Chart] {
				continue
			}
			grown = true
			part.First = max(part.First, reached[part.Chart]+1)
			reached[part.Chart] = part.Last
			done, err := h.settlePart(ctx, as, part, c)
			sum.add(done)
			if err != nil {
				return sum, err
			}
		}
		if !grown || c.dryRun {
			return sum, nil
		}
		// An ingestion that is at work may have recorded more meanwhile. It records nothing once it is marked as undone.
	}
}

func (h *Handlers) settlePart(ctx context.Context, as tenancy.Identity, part journal.RunPart, c settlement) (settled, error) {
	var sum settled
	l, ids, err := h.newLedger(ctx, as.Tenant(), c.run, part)
	if err == nil {
		err = l.catchUp(ctx, h.Journal, as.Tenant()) // nearly all of the log, before the chart's turn
	}
	if err != nil {
		return sum, err
	}
	err = inPieces(h.Journal, ids, idIsKeyed, func(ids []charts.PointID) error {
		var done settled
		err := h.Journal.Do(ctx, as.Tenant(), part.Chart, func(ctx context.Context, s *journal.Session) (err error) {
			done, err = h.settlePiece(ctx, as, s, l, ids, c)
			return err
		})
		if err == nil {
			sum.add(done)
		}
		return err
	})
	return sum, err
}

func (h *Handlers) settlePiece(ctx context.Context, as tenancy.Identity, s *journal.Session, l *ledger, ids []charts.PointID, c settlement) (settled, error) {
	var done settled
	staged := s.StagedEvents()
	if l.version < s.Chart.Version-int64(len(staged)) {
		if err := l.catchUp(ctx, h.Journal, as.Tenant()); err != nil {
			return done, err
		}
	}
	l, err := l.with(staged)
	if err != nil {
		return done, err
	}
	marked := l.undone[c.run] == c.undone
	l.undone[c.run] = c.undone

	known, err := s.Known(ctx, ids)
	if err != nil {
		return done, err
	}
	var gone []charts.PointID
	var there []charts.Point
	for _, id := range ids {
		has, stands := known[id]
		switch want := l.wanted(id); {
		case want == nil && stands:
			gone = append(gone, id)
			done.removed++
		case want == nil || stands && *want == has:
			done.kept++
		case stands:
			there = append(there, *want)
			done.changed++
		default:
			there = append(there, *want)
			done.added++
		}
	}
	if marked && len(gone)+len(there) == 0 {
		return done, nil
	}
	events, err := charts.Decide(s.Chart, charts.Remove{IDs: gone, Known: known, Reason: c.reason})
	if err != nil {
		return done, err
	}
	if len(events) == 0 {
		// The log has to say that the ingestion is undone even where no point is removed.
		events = []charts.Event{charts.DataPointsRemoved{Reason: c.reason}}
	}
	if len(there) > 0 {
		recorded, err := charts.Decide(s.Chart, charts.Record{Points: there, Known: known, Now: charts.InstantOf(s.Now)})
		if err != nil {
			return done, err
		}
		events = append(events, recorded...)
	}
	if c.dryRun {
		return done, nil
	}
	if err := s.Stage(ctx, journal.UndoMeta(as.Actor(), c.run, h.NewID(), c.undone), events...); err != nil {
		return done, err
	}
	s.MarkUndone(c.run, c.undone)
	return done, nil
}
