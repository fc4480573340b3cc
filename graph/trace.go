package graph

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"net/http"
	"strings"
)

type traceKey struct{}

// TraceHeader tells the trace ID of an answer, whatever came of the request.
const TraceHeader = "X-Trace-Id"

// Traced gives each request a trace ID, unless one further out has: that of a traceparent header of W3C Trace Context, or
// a random one. It is in the context, for TraceOf, and in the answer's header.
func Traced(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if _, traced := r.Context().Value(traceKey{}).(string); !traced {
			id := parentTrace(r.Header.Get("Traceparent"))
			if id == "" {
				id = randomTrace()
			}
			r = r.WithContext(WithTrace(r.Context(), id))
		}
		w.Header().Set(TraceHeader, TraceOf(r.Context()))
		next.ServeHTTP(w, r)
	})
}

// WithTrace puts a trace ID into the context: errors tell it, and so does the log.
func WithTrace(ctx context.Context, id string) context.Context {
	return context.WithValue(ctx, traceKey{}, id)
}

// TraceOf is the trace ID in the context. A context that came by another way than Traced and WithTrace gets a random one.
func TraceOf(ctx context.Context) string {
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

// parentTrace is the trace ID of a traceparent header, such as 00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01, or
// "" where it is none.
func parentTrace(header string) string {
	parts := strings.Split(header, "-")
	if len(parts) < 4 || len(parts[0]) != 2 || len(parts[1]) != 32 || strings.Trim(parts[1], "0") == "" {
		return ""
	}
	if strings.Trim(parts[1], "0123456789abcdef") != "" {
		return ""
	}
	return parts[1]
}
