package command

import (
	"context"
	"fmt"
	"time"

	"github.com/mykpi/mykpi/charts"
	"github.com/mykpi/mykpi/charts/journal"
	"github.com/mykpi/mykpi/tenancy"
)

// RemoveDataPoints asks to take points back, by their keys and by their instants.
type RemoveDataPoints struct {
	Chart    charts.Ref
	Keys     []string
	Instants []time.Time
	Reason   string
}

// Removed tells how many points were taken back.
type Removed struct {
	Chart   charts.ID
	Removed int
}

// maxReason is the longest reason, in code points.
const maxReason = tenancy.MaxText

// RemoveDataPoints takes points back. Points that are not there are passed over. A key may also be what a point without
// one is listed by: its instant.
func (h *Handlers) RemoveDataPoints(ctx context.Context, as tenancy.Identity, c RemoveDataPoints) (Removed, error) {
	n := len(c.Keys) + len(c.Instants)
	if n == 0 || n > charts.MaxPointsPerCommand {
		return Removed{}, tenancy.Refuse(tenancy.BadUserInput, "keys", "name 1 to %d points by keys or instants, got %d", charts.MaxPointsPerCommand, n)
	}
	if err := tenancy.CheckLine("reason", c.Reason, maxReason); err != nil {
		return Removed{}, err
	}
	ids := make([]charts.PointID, 0, n)
	for i, key := range c.Keys {
		if err := charts.CheckPointKey(fmt.Sprintf("keys[%d]", i), key); err != nil {
			return Removed{}, err
		}
		ids = append(ids, charts.PointID{Key: key})
	}
	for _, at := range c.Instants {
		if at.Before(charts.EarliestPoint.Time()) || at.After(charts.MaxInstant.Time()) {
			continue // no point is there
		}
		ids = append(ids, charts.PointID{At: charts.InstantOf(at)})
	}
	id, err := h.Journal.Resolve(ctx, as.Tenant(), c.Chart)
	if err != nil {
		return Removed{}, err
	}
	removed := Removed{Chart: id}
	err = inPieces(h.Journal, ids, idIsKeyed, func(ids []charts.PointID) error {
		var count int
		err := h.Journal.Do(ctx, as.Tenant(), id, func(ctx context.Context, s *journal.Session) error {
			known, err := s.Known(ctx, withInstants(ids))
			if err != nil {
				return err
			}
			events, err := charts.Decide(s.Chart, charts.Remove{IDs: listed(ids, known), Known: known, Reason: c.Reason})
			if err != nil {
				return err
			}
			count = 0
			for _, e := range events {
				count += len(e.(charts.DataPointsRemoved).Points)
			}
			return s.Stage(ctx, journal.Meta{By: as.Actor()}, events...)
		})
		if err == nil {
			removed.Removed += count
		}
		return err
	})
	return removed, err
}

// withInstants adds, for keys that read as an instant, the point of that instant.
func withInstants(ids []charts.PointID) []charts.PointID {
	all := ids[:len(ids):len(ids)]
	for _, id := range ids {
		if at, ok := asInstant(id.Key); ok {
			all = append(all, charts.PointID{At: at})
		}
	}
	return all
}

// listed replaces keys that name no point by the instants they read as.
func listed(ids []charts.PointID, known charts.Known) []charts.PointID {
	out := make([]charts.PointID, len(ids))
	for i, id := range ids {
		out[i] = id
		if _, found := known[id]; !found {
			if at, ok := asInstant(id.Key); ok {
				out[i] = charts.PointID{At: at}
			}
		}
	}
	return out
}

func asInstant(key string) (charts.Instant, bool) {
	t, err := time.Parse(time.RFC3339Nano, key)
	if err != nil || t.Year() < 1990 || t.Year() > 2200 {
		return 0, false
	}
	return charts.InstantOf(t), true
}
