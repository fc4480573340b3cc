package model

import (
	"errors"
	"io"

	"github.com/mykpi/mykpi/charts/command"
	"github.com/mykpi/mykpi/graph/internal/scalar"
	"github.com/mykpi/mykpi/tenancy"
)

// DataPointInput is the input DataPointInput. Ten thousand of them come in one request, so it reads itself.
type DataPointInput command.PointInput

// UnmarshalGQL reads a point. A value or an instant that can't be read is no error of the request but a refusal of
// this point, kept in Invalid: what becomes of the others is for onInvalid to say.
func (p *DataPointInput) UnmarshalGQL(v any) error {
	fields, ok := v.(map[string]any)
	if !ok {
		return tenancy.Refuse(tenancy.BadUserInput, "", "must be a point")
	}
	switch key := fields["key"].(type) {
	case nil:
	case string:
		p.Key = &key
	default:
		p.refuse("key", errors.New("must be a string"))
	}
	if v := fields["at"]; v != nil {
		at, err := scalar.UnmarshalDateTime(v)
		p.refuse("at", err)
		p.At = &at
	}
	value, err := scalar.UnmarshalDecimal(fields["value"])
	p.refuse("value", err)
	p.Value, err = value, nil
	if p.Invalid != nil {
		p.Raw, err = scalar.UnmarshalJSON(fields) // kept, to be sent again
	}
	return err
}

// refuse keeps the first error.
func (p *DataPointInput) refuse(field string, err error) {
	if err != nil && p.Invalid == nil {
		p.Invalid = tenancy.Refuse(tenancy.BadUserInput, field, "%v", err)
	}
}

// MarshalGQL is what gqlgen asks for to call UnmarshalGQL; inputs are never written.
func (DataPointInput) MarshalGQL(io.Writer) {}
