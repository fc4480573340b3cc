package graph

import (
	"context"
	"crypto/rand"
	"encoding/hex"
)

type traceKey struct{}

// withTrace puts the trace ID into the context that errors will tell: the given one, or a random one for "".
func withTrace(ctx context.Context, id string) context.Context {
	if id == "" {
		id = randomTrace()
	}
	return context.WithValue(ctx, traceKey{}, id)
}

// traceOf is the trace ID in the context. A context that came by another way than the handler gets a random one.
func traceOf(ctx context.Context) string {
	if id, ok := ctx.Value(traceKey{}).(string); ok {
		return id
	}
	return randomTrace()
}

func randomTrace() string {
	var id [16]byte
	_, _ = rand.Read(id[:]) // never fails, by its documentation
	return hex.EncodeToString(id[:])
}
