package memory

import (
	"context"
	"slices"
	"strings"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/ast"
)

// Observer is the extension that says which answers may be remembered: those of queries that ask nothing but what it knows
// as a function of the tenant's data and the time alone. What is new in the schema is none of that until it is named.
type Observer struct {
	Fields []string // of Query
	Types  []string // all of whose fields are such functions
}

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
		response.HasNext == nil && o.knowsAll(op)
	return response
}

// knowsAll looks at every field that the operation's text holds, taken or not.
func (o Observer) knowsAll(op *graphql.OperationContext) bool {
	if !o.knows(op.Operation.SelectionSet) {
		return false
	}
	for _, f := range op.Doc.Fragments {
		if !o.knows(f.SelectionSet) {
			return false
		}
	}
	return true
}

func (o Observer) knows(set ast.SelectionSet) bool {
	for _, selection := range set {
		switch s := selection.(type) {
		case *ast.Field:
			if !o.knowsField(s) || !o.knows(s.SelectionSet) {
				return false
			}
		case *ast.InlineFragment:
			if !o.knows(s.SelectionSet) {
				return false
			}
		}
	}
	return true
}

func (o Observer) knowsField(f *ast.Field) bool {
	switch {
	case f.Name == "__typename":
		return true
	case strings.HasPrefix(f.Name, "__") || f.ObjectDefinition == nil:
		return false
	case f.ObjectDefinition.Name == "Query":
		return slices.Contains(o.Fields, f.Name)
	}
	return slices.Contains(o.Types, f.ObjectDefinition.Name)
}
