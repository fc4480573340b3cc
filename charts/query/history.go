package query

import (
	"context"
	"encoding/json"
	"fmt"
	"strconv"
	"strings"

	"github.com/mykpi/mykpi/charts"
	"github.com/mykpi/mykpi/charts/journal"
	"github.com/mykpi/mykpi/eventstore"
)

// History is a page of the chart's events, newest first.
func (c *Chart) History(ctx context.Context, first *int, after *string) (*ChartEventConnection, error) {
	limit, err := pageSize(first, 50)
	if err != nil {
		return nil, err
	}
	position, err := parseCursor(after, historyCursor)
	if err != nil {
		return nil, err
	}
	var before int64
	if position != "" {
		if before, err = strconv.ParseInt(position, 10, 64); err != nil || before < 1 {
			return nil, refuseCursor()
		}
	}
	connection := &ChartEventConnection{Edges: []ChartEventEdge{}, PageInfo: PageInfo{HasPreviousPage: after != nil}}
	for len(connection.Edges) <= limit && before != 1 {
		events, err := c.view.reader.Journal.History(ctx, c.view.tenant, charts.ID(c.ID), before, limit+1-len(connection.Edges))
		if err != nil {
			return nil, err
		}
		if len(events) == 0 {
			break
		}
		for _, stored := range events {
			e, err := describe(stored)
			if err != nil {
				return nil, err
			}
			connection.Edges = append(connection.Edges, ChartEventEdge{Cursor: formatCursor(historyCursor, strconv.FormatInt(stored.Version, 10)), Node: e})
			before = stored.Version
		}
	}
	if len(connection.Edges) > limit {
		connection.Edges = connection.Edges[:limit]
		connection.PageInfo.HasNextPage = true
	}
	if n := len(connection.Edges); n > 0 {
		connection.PageInfo.StartCursor, connection.PageInfo.EndCursor = &connection.Edges[0].Cursor, &connection.Edges[n-1].Cursor
	}
	return connection, nil
}

// describe makes an event readable: a sentence for people, JSON for programs.
func describe(stored eventstore.Event) (*ChartEvent, error) {
	event, err := journal.Decode(stored)
	if err != nil {
		return nil, err
	}
	data, err := json.Marshal(payload(event, stored.Source))
	if err != nil {
		return nil, err
	}
	return &ChartEvent{
		ID: stored.ID, Type: stored.Type, Version: int(stored.Version),
		OccurredAt: stored.OccurredAt.UTC(), RecordedAt: stored.RecordedAt.UTC(), Actor: stored.Actor,
		Summary: summary(event), Data: data,
	}, nil
}

func summary(event charts.Event) string {
	switch e := event.(type) {
	case charts.ChartCreated:
		return fmt.Sprintf("Created as %q", e.Name)
	case charts.ChartUpdated:
		return "Changed " + strings.Join(e.Changed, ", ")
	case charts.ChartArchived:
		return "Archived"
	case charts.ChartRestored:
		return "Restored"
	case charts.DataPointsRecorded:
		return recordedSummary(e)
	case charts.DataPointsRemoved:
		text := "Removed " + count(len(e.Points), "point")
		if e.Reason != "" {
			text += ": " + e.Reason
		}
		return text
	}
	return ""
}

func recordedSummary(e charts.DataPointsRecorded) string {
	if len(e.Points) == 1 {
		p := e.Points[0]
		if p.Corrects {
			return fmt.Sprintf("Corrected %s from %s to %s", p.Name(), p.Was.Value, p.Value)
		}
		return fmt.Sprintf("Recorded %s at %s", p.Value, p.At.Time().Format("2006-01-02 15:04 MST"))
	}
	corrected := 0
	for _, p := range e.Points {
		if p.Corrects {
			corrected++
		}
	}
	var parts []string
	if n := len(e.Points) - corrected; n > 0 {
		parts = append(parts, "recorded "+count(n, "point"))
	}
	if corrected > 0 {
		parts = append(parts, "corrected "+count(corrected, "point"))
	}
	text := strings.Join(parts, ", ")
	return strings.ToUpper(text[:1]) + text[1:]
}

func count(n int, what string) string {
	if n == 1 {
		return "1 " + what
	}
	return strconv.Itoa(n) + " " + what + "s"
}

// pointJSON is a point in an event's data.
type pointJSON struct {
	Key   string          `json:"key"`
	At    string          `json:"at"`
	Value charts.Decimal  `json:"value"`
	Was   *charts.Decimal `json:"was,omitempty"`
	WasAt string          `json:"wasAt,omitempty"`
}

// pointsInData bounds how many points an event's data tells; the counts tell of all.
const pointsInData = 100

type pointsJSON struct {
	Source    string      `json:"source,omitempty"`
	Reason    string      `json:"reason,omitempty"`
	Count     int         `json:"count"`
	Truncated bool        `json:"truncated,omitempty"`
	Points    []pointJSON `json:"points"`
}

func payload(event charts.Event, source string) any {
	switch e := event.(type) {
	case charts.DataPointsRecorded:
		data := pointsJSON{Source: source, Count: len(e.Points), Truncated: len(e.Points) > pointsInData}
		for _, p := range e.Points[:min(len(e.Points), pointsInData)] {
			told := toJSON(p.Point)
			if p.Corrects {
				told.Was = &p.Was.Value
				if p.Was.At != p.At {
					told.WasAt = charts.Point{At: p.Was.At}.Name()
				}
			}
			data.Points = append(data.Points, told)
		}
		return data
	case charts.DataPointsRemoved:
		data := pointsJSON{Reason: e.Reason, Count: len(e.Points), Truncated: len(e.Points) > pointsInData}
		for _, p := range e.Points[:min(len(e.Points), pointsInData)] {
			data.Points = append(data.Points, toJSON(p))
		}
		return data
	}
	return event
}

func toJSON(p charts.Point) pointJSON {
	return pointJSON{Key: p.Name(), At: charts.Point{At: p.At}.Name(), Value: p.Value}
}
