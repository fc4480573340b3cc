package graph

import (
	"context"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/ast"

	"github.com/mykpi/mykpi/tenancy"
	"github.com/mykpi/mykpi/tenancy/httpauth"
)

// Turns are package turns' Turns.
type Turns interface {
	Take(ctx context.Context, tenant tenancy.ID) (done func(), err error)
}

// inTurn has each query wait for a turn of its tenant. Mutations take none: they wait for the disk, better together; nor
// do subscriptions, whose updates are computed once for all.
type inTurn struct{ turns Turns }

var (
	_ graphql.HandlerExtension    = inTurn{}
	_ graphql.ResponseInterceptor = inTurn{}
)

// ExtensionName implements graphql.HandlerExtension.
func (inTurn) ExtensionName() string { return "Turns" }

// Validate implements graphql.HandlerExtension.
func (inTurn) Validate(graphql.ExecutableSchema) error { return nil }

// InterceptResponse implements graphql.ResponseInterceptor.
func (t inTurn) InterceptResponse(ctx context.Context, next graphql.ResponseHandler) *graphql.Response {
	as, ok := httpauth.From(ctx)
	if !ok || !isQuery(ctx) {
		return next(ctx)
	}
	done, err := t.turns.Take(ctx, as.Tenant())
	if err != nil {
		graphql.AddError(ctx, err)
		return &graphql.Response{Errors: graphql.GetErrors(ctx)}
	}
	defer done()
	return next(ctx)
}

// isQuery is false too of a request that was refused before it was read as an operation.
func isQuery(ctx context.Context) bool {
	if !graphql.HasOperationContext(ctx) {
		return false
	}
	op := graphql.GetOperationContext(ctx).Operation
	return op != nil && op.Operation == ast.Query
}
