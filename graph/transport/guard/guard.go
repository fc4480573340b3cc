package guard

import (
	"context"
	"errors"
	"fmt"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"

	"github.com/mykpi/mykpi/graph/transport"
)

// Options are a guard's settings.
type Options struct {
	Limits Limits
	// Sizes are the numbers of elements of lists that differ from the rule, by "Type.field".
	Sizes map[string]int
	// Introspect says why the caller may not ask for the schema, or nil where it may. A nil Introspect is nobody.
	Introspect func(ctx context.Context) error
	// Mutations is told how many mutations an operation holds, before any runs, so that a rate counts each of them. Its
	// error refuses the operation. nil counts none.
	Mutations func(ctx context.Context, n int) error
}

// Guard is an extension of a gqlgen server. Add it after what puts a query's text in place, such as
// transport.PersistedQueries.
type Guard struct {
	Options
	passed *transport.Cache[struct{}] // texts that were looked at and found good
}

// New returns a guard.
func New(o Options) *Guard {
	o.Limits = o.Limits.withDefaults()
	const overhead = 256 // of an entry, about
	return &Guard{o, transport.NewCache(1<<20, func(key string, _ struct{}) int { return len(key) + overhead })}
}

var _ interface {
	graphql.HandlerExtension
	graphql.OperationParameterMutator
	graphql.OperationContextMutator
} = (*Guard)(nil)

// ExtensionName implements graphql.HandlerExtension.
func (*Guard) ExtensionName() string { return "Guard" }

// Validate implements graphql.HandlerExtension: every name in Sizes must be a field of the schema.
func (g *Guard) Validate(es graphql.ExecutableSchema) error {
	for name := range g.Sizes {
		if !isField(es.Schema(), name) {
			return fmt.Errorf("guard: Sizes names %q, which the schema does not have", name)
		}
	}
	return nil
}

// MutateOperationParameters checks what is written, ahead of validation.
func (g *Guard) MutateOperationParameters(ctx context.Context, params *graphql.RawParams) *gqlerror.Error {
	if size := len(params.Query); size > g.Limits.QueryBytes {
		return exceeds("bytes", size, g.Limits.QueryBytes)
	}
	if _, ok := g.passed.Get(ctx, params.Query); ok {
		return nil
	}
	if err := g.Limits.checkText(params.Query); err != nil {
		return err
	}
	g.passed.Add(ctx, params.Query, struct{}{})
	return nil
}

// MutateOperationContext checks what an operation costs, and whether it may ask for the schema.
func (g *Guard) MutateOperationContext(ctx context.Context, op *graphql.OperationContext) *gqlerror.Error {
	m := meter{g: g, vars: op.Variables, fragments: make(map[fragmentKey]int)}
	if cost := m.selections(op.Operation.SelectionSet, false); cost > g.Limits.Cost {
		return exceeds("cost", cost, g.Limits.Cost)
	}
	if m.introspects {
		if g.Introspect == nil {
			return refuse(transport.CodeForbidden, "you may not ask for the schema")
		}
		if err := g.Introspect(ctx); err != nil {
			return asError(err)
		}
		op.DisableIntrospection = false
	}
	if op.Operation.Operation == ast.Mutation && g.Mutations != nil {
		w := walker{fragments: make(map[string]*extent)}
		if err := g.Mutations(ctx, w.selections(op.Operation.SelectionSet).fields); err != nil {
			return asError(err)
		}
	}
	return nil
}

func refuse(code, format string, args ...any) *gqlerror.Error {
	return &gqlerror.Error{Message: fmt.Sprintf(format, args...), Extensions: map[string]any{"code": code}}
}

func exceeds(what string, value, limit int) *gqlerror.Error {
	if value >= unbounded {
		return refuse(transport.CodeTooComplex, "the query is too complex: its %s is beyond counting, and at most %d is allowed: ask for less at a time", what, limit)
	}
	return refuse(transport.CodeTooComplex, "the query is too complex: %s %d, and at most %d is allowed: ask for less at a time", what, value, limit)
}

func asError(err error) *gqlerror.Error {
	if one, ok := errors.AsType[*gqlerror.Error](err); ok {
		return one
	}
	return gqlerror.Wrap(err)
}

// unbounded is where counting stops: sums and products stay below an overflow.
const unbounded = 1 << 30

func add(a, b int) int { return min(a+b, unbounded) }

func multiply(a, b int) int {
	if a > 0 && b > unbounded/a {
		return unbounded
	}
	return min(a*b, unbounded)
}
