package graph

import (
	"context"
	"strings"

	"github.com/99designs/gqlgen/graphql"
)

// idempotencyHeader is the idempotencyKey of every recordDataPoints of the request that gives none itself.
const idempotencyHeader = "Idempotency-Key"

// headerOf is a header of the request that the operation came by, or "".
func headerOf(ctx context.Context, name string) string {
	if !graphql.HasOperationContext(ctx) {
		return ""
	}
	return strings.TrimSpace(graphql.GetOperationContext(ctx).Headers.Get(name))
}
