package memory

import (
	"context"
	"slices"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/ast"
)

// Observer is the extension that says which answers may be remembered: those of queries whose root fields it knows as
// functions of the tenant's data and the time alone. A new root field is none of them until it is named.
type Observer struct{ Fields []string }

var (
	_ graphql.HandlerExtension    = Observer{}
	_ graphql.ResponseInterceptor = Observer{}
)

// note is what the observer tells of one request.
type note struct{ keep, mutation bool }

type noteKey struct{}

// ExtensionName implements graphql.HandlerExtension.
func (Observer) ExtensionName() string { return "Memory" }

// Validate implements graphql.HandlerExtension.
func (Observer) Validate(graphql.ExecutableSchema) error { return nil }

// InterceptResponse looks at an answer that is whole.
func (o Observer) InterceptResponse(ctx context.Context, next graphql.ResponseHandler) *graphql.Response {
	response := next(ctx)
	n, ok := ctx.Value(noteKey{}).(*note)
	if !ok || response == nil || !graphql.HasOperationContext(ctx) {
		return response
	}
	op := graphql.GetOperationContext(ctx)
	if op.Operation == nil {
		return response
	}
	n.mutation = op.Operation.Operation == ast.Mutation
	n.keep = op.Operation.Operation == ast.Query && len(response.Errors) == 0 && len(response.Extensions) == 0 &&
		response.HasNext == nil && o.knows(op)
	return response
}

func (o Observer) knows(op *graphql.OperationContext) bool {
	fields := graphql.CollectFields(op, op.Operation.SelectionSet, []string{"Query"})
	return !slices.ContainsFunc(fields, func(f graphql.CollectedField) bool {
		return f.Name != "__typename" && !slices.Contains(o.Fields, f.Name)
	})
}
