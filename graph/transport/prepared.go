package transport

import (
	"context"
	"net/http"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/ast"
)

// Prepared keeps the operations of requests that came before, by the text of their bodies: a dashboard sends the same one
// again and again, and need not have it decoded, checked and measured each time.
//
// What of that depends on the caller or changes anything is never kept: of mutations, which are counted; of introspection,
// which not everybody may do; of requests with extensions, which may name a text that is forgotten; of what is refused. What
// the server's extensions decide of all other queries, before they run, must follow from the request alone.
type Prepared struct {
	operations *Cache[*graphql.OperationContext]
}

// maxPrepared is the largest body by which an operation is kept, in bytes.
const maxPrepared = 16 << 10

// NewPrepared keeps operations of at most budget bytes.
func NewPrepared(budget int) *Prepared {
	return &Prepared{NewCache(budget, func(body string, op *graphql.OperationContext) int {
		// The document may be held by nothing else, and takes about thirty times its text; the variables, ten times theirs.
		return 10*len(body) + 30*len(op.RawQuery)
	})}
}

// find is the operation of a body, to be executed for one request, or nil.
func (p *Prepared) find(ctx context.Context, body string, header http.Header) *graphql.OperationContext {
	kept, found := p.operations.Get(ctx, body)
	if !found {
		return nil
	}
	op := prepare(kept)
	op.Headers = header
	now := graphql.Now()
	op.Stats = graphql.Stats{Read: graphql.TraceTiming{Start: now, End: now}, OperationStart: graphql.GetStartTime(ctx)}
	return op
}

// keep keeps what an operation has in common with those of all requests of the same body, if it may be kept.
func (p *Prepared) keep(ctx context.Context, body string, op *graphql.OperationContext) {
	if op.Operation.Operation == ast.Query && op.DisableIntrospection && len(op.Extensions) == 0 {
		p.operations.Add(ctx, body, prepare(op))
	}
}

// prepare copies an operation without what is of one request. Nobody changes what it points to.
func prepare(op *graphql.OperationContext) *graphql.OperationContext {
	return &graphql.OperationContext{
		RawQuery: op.RawQuery, Variables: op.Variables, OperationName: op.OperationName, Doc: op.Doc, Operation: op.Operation,
		DisableIntrospection: true, RecoverFunc: op.RecoverFunc,
		ResolverMiddleware: op.ResolverMiddleware, RootResolverMiddleware: op.RootResolverMiddleware,
	}
}
