package graph

import (
	"context"
	"strings"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"

	"github.com/mykpi/mykpi/tenancy"
)

// gate looks at every operation before it runs, whatever transport it came by.
type gate struct {
	schema *ast.Schema
	enums  enumInputs
}

var (
	_ graphql.HandlerExtension        = (*gate)(nil)
	_ graphql.OperationContextMutator = (*gate)(nil)
)

// ExtensionName implements graphql.HandlerExtension.
func (g *gate) ExtensionName() string { return "Gate" }

// Validate implements graphql.HandlerExtension: it keeps a server with an unguarded root field from starting.
func (g *gate) Validate(schema graphql.ExecutableSchema) error {
	return checkRootFields(schema.Schema())
}

// MutateOperationContext refuses root fields that nobody has opened, and enum values that are none.
func (g *gate) MutateOperationContext(_ context.Context, op *graphql.OperationContext) *gqlerror.Error {
	root := rootOf(g.schema, op.Operation)
	for _, field := range graphql.CollectFields(op, op.Operation.SelectionSet, []string{root.Name}) {
		if !strings.HasPrefix(field.Name, "__") && (field.Definition == nil || !saysWho(field.Definition)) {
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
