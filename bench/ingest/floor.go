package main

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"net/http"
	"time"

	"github.com/mykpi/mykpi/bench/rig"
	"github.com/mykpi/mykpi/charts"
	"github.com/mykpi/mykpi/charts/journal"
	"github.com/mykpi/mykpi/eventstore/sqlite"
	"github.com/mykpi/mykpi/tenancy"
	"github.com/mykpi/mykpi/tenancy/directory"
)

// floorRequest is what the floor is sent.
type floorRequest struct {
	Chart  charts.ID `json:"chart"`
	Points []struct {
		At    time.Time      `json:"at"`
		Value charts.Decimal `json:"value"`
	} `json:"points"`
}

// serveFloor records the points of a request by the chart's journal: it decides on the same event and commits it with the
// same documents as MyKPI does.
func serveFloor(data string) error {
	store, err := sqlite.Open(data, sqlite.Options{})
	if err != nil {
		return err
	}
	defer store.Close()
	as := tenancy.MustParseID(tenant)
	j := journal.New(store, &directory.Calendars{}, time.Now, rand.Text, nil)
	j.Memory = 8 << 20 // as MyKPI's by default
	meta := journal.Meta{By: tenancy.Actor{Kind: tenancy.User, ID: "floor", Label: "floor"}}
	return rig.Listen(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		var request floorRequest
		if json.NewDecoder(r.Body).Decode(&request) != nil {
			return // waitFor asks for health without a body
		}
		points := make([]charts.Point, len(request.Points))
		ids := make([]charts.PointID, len(points))
		for i, p := range request.Points {
			points[i] = charts.Point{At: charts.InstantOf(p.At), Value: p.Value}
			ids[i] = points[i].ID()
		}
		err := j.Do(r.Context(), as, request.Chart, func(ctx context.Context, s *journal.Session) error {
			known, err := s.Known(ctx, ids)
			if err != nil {
				return err
			}
			events, err := charts.Decide(s.Chart, charts.Record{Points: points, Known: known, Now: charts.InstantOf(s.Now)})
			if err != nil {
				return err
			}
			return s.Stage(ctx, meta, events...)
		})
		if err != nil {
			http.Error(w, err.Error(), http.StatusInternalServerError)
			return
		}
		_ = json.NewEncoder(w).Encode(map[string]int{"recorded": len(points)})
	}))
}
