package transport

import (
	"bytes"
	"context"
)

type scratchKey struct{}

// Scratch is memory to write the answer of a query into, which is reused once it has been sent; nil where there is none. It
// is of one operation, and empty: one buffer alone uses it, the answer's, which takes what is available and may have it grow.
func Scratch(ctx context.Context) *bytes.Buffer {
	b, _ := ctx.Value(scratchKey{}).(*bytes.Buffer)
	return b
}

func withScratch(ctx context.Context, b *bytes.Buffer) context.Context {
	return context.WithValue(ctx, scratchKey{}, b)
}
