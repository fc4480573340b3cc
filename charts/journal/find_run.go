package journal

import (
	"context"
	"slices"

	"github.com/mykpi/mykpi/charts"
	"github.com/mykpi/mykpi/eventstore"
	"github.com/mykpi/mykpi/tenancy"
)

// FindRun is an ingestion by its ID, or a NOT_FOUND Refusal.
func (j *Journal) FindRun(ctx context.Context, tenant tenancy.ID, id string) (Run, error) {
	if chart, version, ok := ParseLoneRunID(id); ok {
		events, err := j.Events(ctx, tenant, chart, version-1, 1)
		if err != nil {
			return Run{}, err
		}
		if len(events) == 1 {
			if run, ok, err := LoneRun(chart, events[0]); ok || err != nil {
				return run, err
			}
		}
		return Run{}, runNotFound()
	}
	name := RunName(id)
	if name == "" {
		return Run{}, runNotFound()
	}
	answers, err := j.Store.Documents(ctx, tenant, eventstore.One(eventstore.Key{Name: name}))
	if err != nil {
		return Run{}, err
	}
	if len(answers[0]) == 0 {
		return Run{}, runNotFound()
	}
	return ReadRun(answers[0][0].Body)
}

func runNotFound() error {
	return tenancy.Refuse(tenancy.NotFound, "id", "there is no such ingestion")
}

// LoneRun is the run that an event alone tells; ok is false for any other event.
func LoneRun(chart charts.ID, stored eventstore.Event) (run Run, ok bool, err error) {
	if stored.Type != dataPointsRecorded || stored.CorrelationID != LoneRunID(chart, stored.Version) {
		return Run{}, false, nil
	}
	decoded, err := Decode(stored)
	if err != nil {
		return Run{}, false, err
	}
	part := RunPart{Chart: chart, First: stored.Version, Last: stored.Version}
	for _, p := range decoded.(charts.DataPointsRecorded).Points {
		if p.Corrects {
			part.Corrected++
		} else {
			part.Recorded++
		}
	}
	return Run{ID: stored.CorrelationID, Source: stored.Source, Actor: stored.Actor, At: stored.RecordedAt, Parts: []RunPart{part}}, true, nil
}

// UndoneSpans are where Undone looks: one for each part of the run.
func (r Run) UndoneSpans() []eventstore.Span {
	var spans []eventstore.Span
	for _, p := range r.Parts {
		if p.First > 0 {
			spans = append(spans, Own(p.Chart, UndoneName(r.ID)))
		}
	}
	return spans
}

// Undone reports, of what was found at UndoneSpans, whether the run is taken back in every chart that it changed.
func Undone(answers [][]eventstore.Document) bool {
	for _, found := range answers {
		if !isUndone(found) {
			return false
		}
	}
	return len(answers) > 0
}

// BeingUndone reports whether a run is taken back in any of the charts that it has changed so far, as of the group at work.
func (s *Session) BeingUndone(ctx context.Context, r Run) (bool, error) {
	if staged, ok := s.beside[ownKey(s.series.Chart, UndoneName(r.ID))]; ok {
		return string(staged.Body) == undoneBody, nil
	}
	spans := r.UndoneSpans()
	if len(spans) == 0 {
		return false, nil
	}
	answers, err := s.journal.Store.Documents(ctx, s.tenant, spans...)
	if err != nil {
		return false, err
	}
	return slices.ContainsFunc(answers, isUndone), nil
}

func isUndone(found []eventstore.Document) bool {
	return len(found) > 0 && string(found[0].Body) == undoneBody
}

// The bodies of a chart's document of UndoneName.
const (
	undoneBody = "1"
	redoneBody = "0"
)

// MarkUndone stages the chart's note that a run is undone, or that it is no more.
func (s *Session) MarkUndone(run string, undone bool) {
	body := redoneBody
	if undone {
		body = undoneBody
	}
	s.PutOwn(UndoneName(run), []byte(body))
}
