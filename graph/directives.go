package graph

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/ast"

	"github.com/mykpi/mykpi/tenancy"
	"github.com/mykpi/mykpi/tenancy/httpauth"
)

// The directives of which every root field has exactly one.
const (
	tenantScopedDirective = "tenantScoped"
	publicDirective       = "public"
)

// tenantScoped lets callers through that are bound to a tenant and hold the permission.
func tenantScoped(ctx context.Context, _ any, next graphql.Resolver, permission tenancy.Permission) (any, error) {
	as, ok := httpauth.From(ctx)
	if !ok || as.Tenant().IsZero() {
		return nil, tenancy.Refuse(tenancy.Unauthenticated, "", "a credential is needed: send Authorization: Bearer TOKEN")
	}
	if !as.Can(permission) {
		return nil, tenancy.Refuse(tenancy.Forbidden, "", "the permission %s is needed", permission)
	}
	return next(ctx)
}

// public lets everybody through.
func public(ctx context.Context, _ any, next graphql.Resolver) (any, error) { return next(ctx) }

// checkRootFields refuses a schema with a root field that does not say who may ask, or says it twice.
func checkRootFields(schema *ast.Schema) error {
	var faults []error
	for _, root := range []*ast.Definition{schema.Query, schema.Mutation, schema.Subscription} {
		if root == nil {
			continue
		}
		for _, field := range root.Fields {
			if !strings.HasPrefix(field.Name, "__") && !saysWho(field) {
				faults = append(faults, fmt.Errorf("%s.%s must have exactly one of @%s and @%s",
					root.Name, field.Name, tenantScopedDirective, publicDirective))
			}
		}
	}
	return errors.Join(faults...)
}

// saysWho reports whether a root field has exactly one of the directives.
func saysWho(field *ast.FieldDefinition) bool {
	return len(field.Directives.ForNames(tenantScopedDirective))+len(field.Directives.ForNames(publicDirective)) == 1
}
