package graph

import (
	"context"
	"strings"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"

	"github.com/mykpi/mykpi/tenancy"
	"github.com/mykpi/mykpi/tenancy/httpauth"
)

// gate looks at every operation before it runs, whatever transport it came by.
type gate struct {
	schema              *ast.Schema
	enums               enumInputs
	maxQuery            int  // bytes
	publicIntrospection bool // for callers without a credential too
}

var (
	_ graphql.HandlerExtension          = (*gate)(nil)
	_ graphql.OperationParameterMutator = (*gate)(nil)
	_ graphql.OperationContextMutator   = (*gate)(nil)
)

// ExtensionName implements graphql.HandlerExtension.
func (g *gate) ExtensionName() string { return "Gate" }

// Validate implements graphql.HandlerExtension: it keeps a server with an unguarded root field from starting.
func (g *gate) Validate(schema graphql.ExecutableSchema) error {
	return checkRootFields(schema.Schema())
}

// MutateOperationParameters refuses a query text that is too long to be worth parsing.
func (g *gate) MutateOperationParameters(_ context.Context, params *graphql.RawParams) *gqlerror.Error {
	if len(params.Query) > g.maxQuery {
		return refusal(tenancy.QueryTooComplex, "the query text must be at most %d bytes, has %d; send values as variables", g.maxQuery, len(params.Query))
	}
	return nil
}

// MutateOperationContext refuses root fields that nobody has opened, introspection by callers that may not read, and
// enum values that are none.
func (g *gate) MutateOperationContext(ctx context.Context, op *graphql.OperationContext) *gqlerror.Error {
	root := rootOf(g.schema, op.Operation)
	for _, field := range graphql.CollectFields(op, op.Operation.SelectionSet, []string{root.Name}) {
		switch {
		case field.Name == "__schema" || field.Name == "__type":
			if as, _ := httpauth.From(ctx); !g.publicIntrospection && !as.Can(tenancy.Read) {
				return refusal(tenancy.Unauthenticated, "introspection needs a credential")
			}
			op.DisableIntrospection = false
		case strings.HasPrefix(field.Name, "__"):
		case field.Definition == nil || !saysWho(field.Definition):
			return refusal(tenancy.Forbidden, "%s is open to nobody", field.Name)
		}
	}
	return g.enums.check(op)
}

func rootOf(schema *ast.Schema, op *ast.OperationDefinition) *ast.Definition {
	switch op.Operation {
	case ast.Mutation:
		return schema.Mutation
	case ast.Subscription:
		return schema.Subscription
	}
	return schema.Query
}

// refusal is a GraphQL error of a request, with a code of the contract.
func refusal(code tenancy.Code, format string, args ...any) *gqlerror.Error {
	err := gqlerror.Errorf(format, args...)
	err.Extensions = map[string]any{codeExtension: string(code)}
	return err
}
