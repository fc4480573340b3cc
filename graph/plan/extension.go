package plan

import (
	"context"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/ast"
)

// Encoders write values, by generated code.
type Encoders struct {
	Types map[string]*Type
	// TypeOf is the name of a value's Type, or "" for values that gqlgen is to write, nil pointers among them.
	TypeOf func(value any) string
	// Append appends a value that has a Type; ok is false where gqlgen is to write it after all.
	Append func(op *graphql.OperationContext, run *Run, b []byte, s *Selection, value any) (_ []byte, ok bool)
}

// Extension writes what fields answer wherever there is an encoder.
type Extension struct {
	encoders Encoders
	plans    cache
	keep     bool // texts
}

var (
	_ graphql.HandlerExtension = (*Extension)(nil)
	_ graphql.FieldInterceptor = (*Extension)(nil)
)

// New makes an Extension of encoders. It may have values that are Keepers keep their texts, for queries alone: what is pushed
// must be of its very instant.
func New(e Encoders, keep bool) *Extension {
	return &Extension{encoders: e, plans: newCache(), keep: keep}
}

// ExtensionName implements graphql.HandlerExtension.
func (*Extension) ExtensionName() string { return "Plan" }

// Validate implements graphql.HandlerExtension.
func (*Extension) Validate(graphql.ExecutableSchema) error { return nil }

// InterceptField puts the text of a value into its place. It must be the first extension that intercepts fields: those
// after it see the value.
func (x *Extension) InterceptField(ctx context.Context, next graphql.Resolver) (any, error) {
	value, err := next(ctx)
	if err != nil || value == nil {
		return value, err
	}
	if name := x.encoders.TypeOf(value); name != "" {
		if text := x.write(ctx, x.encoders.Types[name], value); text != nil {
			return graphql.Marshaler(text), nil
		}
	}
	return value, nil
}

// write is the value's text, or nil where gqlgen is to write it.
func (x *Extension) write(ctx context.Context, t *Type, value any) (text *Run) {
	defer func() {
		if recover() != nil {
			text = nil // gqlgen meets it again, and tells it
		}
	}()
	op := graphql.GetOperationContext(ctx)
	p := x.plans.find(x.encoders.Types, op, t, graphql.GetFieldContext(ctx).Field.Selections)
	if p.selection == nil {
		return nil
	}
	run := newRun(ctx, op, p.slots)
	run.keep = x.keep && op.Operation.Operation == ast.Query
	b, ok := x.encoders.Append(op, run, run.text[:0], p.selection, value)
	run.text = b
	if !ok {
		run.release()
		return nil
	}
	return run
}
