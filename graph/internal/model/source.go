package model

import (
	"github.com/mykpi/mykpi/charts"
	"github.com/mykpi/mykpi/charts/command"
	"github.com/mykpi/mykpi/charts/query"
	"github.com/mykpi/mykpi/ingest/source"
)

// Source is a source with its chart.
type Source struct {
	source.Source
	Chart *query.Chart
}

// Mapping is the source's mapping as clients see it.
func (s *Source) Mapping() *SourceMapping { return MappingOf(s.Source.Mapping) }

// SourceMapping is a source's mapping; nil where it has no such expression.
type SourceMapping struct {
	Filter *string
	Value  string
	At     *string
	Key    *string
}

// MappingOf is a source's mapping as clients see it.
func MappingOf(m source.Mapping) *SourceMapping {
	optional := func(s string) *string {
		if s == "" {
			return nil
		}
		return &s
	}
	return &SourceMapping{Filter: optional(m.Filter), Value: m.Value, At: optional(m.At), Key: optional(m.Key)}
}

// Command is the command that the input asks for.
func (in CreateSourceInput) Command() source.Create {
	c := source.Create{Name: in.Name, Kind: in.Kind, Chart: in.Chart.Ref(), Secret: given(in.Secret, ""), Mapping: source.DefaultMapping(in.Kind)}
	if m := in.Mapping.Value(); m != nil {
		c.Mapping = source.Mapping{Filter: given(m.Filter, ""), Value: m.Value, At: given(m.At, ""), Key: given(m.Key, "")}
	}
	return c
}

// NewSecret is the secret that the input gives, or "".
func (in RotateSourceSecretInput) NewSecret() string { return given(in.Secret, "") }

// TestedPayload is what testSource answers of the points that a payload would become at a time.
func TestedPayload(id string, points []command.PointInput, now charts.Instant) *TestSourcePayload {
	payload := &TestSourcePayload{Points: []query.DataPoint{}, Rejected: []command.Rejection{}}
	for i, in := range points {
		p, refused := in.Point(now)
		if refused != nil {
			payload.Rejected = append(payload.Rejected, command.Rejection{Index: i, Code: refused.Code, Message: refused.Error()})
			continue
		}
		if p.At == 0 {
			p.At = now
		}
		payload.Points = append(payload.Points, *query.Sample(p, id))
	}
	return payload
}
