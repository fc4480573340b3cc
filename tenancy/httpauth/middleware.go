package httpauth

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"log/slog"
	"net/http"
	"strings"
)

// retryAfter is told with 503, in seconds: keys are fetched again after that time at the earliest.
const retryAfter = "10"

// Options are what Middleware may be told. The zero Options serve.
type Options struct {
	// Logger gets each refusal with its cause and trace ID, at level Info, or Error where the fault is ours; nil logs nothing.
	Logger *slog.Logger
	// TraceID is the trace ID of a request; nil, or an answer of "", makes a random one.
	TraceID func(context.Context) string
}

// Middleware authenticates each request before next sees it, by the promises of the package. The Session of next's
// context holds the credential, so that a websocket can use Session.Keep.
func Middleware(auth Authenticator, options Options, next http.Handler) http.Handler {
	if options.Logger == nil {
		options.Logger = slog.New(slog.DiscardHandler)
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		credential, err := FromRequest(r)
		if err == nil && credential.Absent() {
			next.ServeHTTP(w, r)
			return
		}
		var session Session
		if err == nil {
			session, err = Open(r.Context(), auth, credential)
		}
		if err != nil {
			options.refuse(w, r, err)
			return
		}
		next.ServeHTTP(w, r.WithContext(WithSession(r.Context(), &session)))
	})
}

type answer struct {
	Errors []answerError `json:"errors"`
}

type answerError struct {
	Message    string           `json:"message"`
	Extensions answerExtensions `json:"extensions"`
}

type answerExtensions struct {
	Code    string `json:"code"`
	TraceID string `json:"traceId"`
}

func (o Options) refuse(w http.ResponseWriter, r *http.Request, err error) {
	status, code, message := Describe(err)
	traceID := o.traceID(r.Context())

	level := slog.LevelInfo
	switch {
	case r.Context().Err() != nil: // the caller has gone, which is nobody's fault
		level = slog.LevelDebug
	case status >= http.StatusInternalServerError:
		level = slog.LevelError
	}
	o.Logger.LogAttrs(r.Context(), level, "request refused", slog.Int("status", status), slog.String("code", code),
		slog.String("traceId", traceID), slog.String("path", r.URL.Path), slog.Any("err", err))

	header := w.Header()
	switch status {
	case http.StatusUnauthorized:
		header.Set("WWW-Authenticate", fmt.Sprintf(`Bearer realm="mykpi", error="invalid_token", error_description="%s"`, quotable(message)))
	case http.StatusServiceUnavailable:
		header.Set("Retry-After", retryAfter)
	}
	body, err := json.Marshal(answer{[]answerError{{message, answerExtensions{code, traceID}}}})
	if err != nil {
		panic(fmt.Sprintf("httpauth: an answer of strings alone can't fail to encode: %v", err))
	}
	header.Set("Content-Type", "application/json; charset=utf-8")
	header.Set("Cache-Control", "no-store")
	header.Set("X-Content-Type-Options", "nosniff")
	w.WriteHeader(status)
	_, _ = w.Write(body) // a caller who has gone needs no answer
}

func (o Options) traceID(ctx context.Context) string {
	if o.TraceID != nil {
		if id := o.TraceID(ctx); id != "" {
			return id
		}
	}
	var id [16]byte
	_, _ = rand.Read(id[:]) // never fails, by its documentation
	return hex.EncodeToString(id[:])
}

// quotable keeps of a message the characters that RFC 6750 allows in error_description.
func quotable(message string) string {
	return strings.Map(func(c rune) rune {
		if c < ' ' || c > '~' || c == '"' || c == '\\' {
			return -1
		}
		return c
	}, message)
}
