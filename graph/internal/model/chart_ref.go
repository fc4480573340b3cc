package model

import (
	"io"

	"github.com/mykpi/mykpi/charts"
	"github.com/mykpi/mykpi/tenancy"
)

// ChartRef is the input ChartRef: exactly one of its fields is set.
type ChartRef struct {
	ID  *string
	Key *string
}

// UnmarshalGQL sees to it that there is exactly one: gqlgen checks @oneOf in literals alone, not in variables.
func (r *ChartRef) UnmarshalGQL(v any) error {
	fields, _ := v.(map[string]any)
	id, hasID := fields["id"].(string)
	key, hasKey := fields["key"].(string)
	switch {
	case len(fields) == 1 && hasID:
		r.ID = &id
	case len(fields) == 1 && hasKey:
		r.Key = &key
	default:
		return tenancy.Refuse(tenancy.BadUserInput, "", "must have exactly one of id and key, as a string")
	}
	return nil
}

// MarshalGQL is what gqlgen asks for to call UnmarshalGQL; inputs are never written.
func (ChartRef) MarshalGQL(io.Writer) {}

// Ref is the chart as the domain names it.
func (r ChartRef) Ref() charts.Ref {
	if r.ID != nil {
		return charts.Ref{ID: charts.ID(*r.ID)}
	}
	return charts.Ref{Key: *r.Key}
}

// Optional is the chart as the domain names it; nil for nil.
func (r *ChartRef) Optional() *charts.Ref {
	if r == nil {
		return nil
	}
	ref := r.Ref()
	return &ref
}

// Refs are the charts as the domain names them; nil for nil.
func Refs(refs []ChartRef) []charts.Ref {
	if refs == nil {
		return nil
	}
	named := make([]charts.Ref, len(refs))
	for i, r := range refs {
		named[i] = r.Ref()
	}
	return named
}
