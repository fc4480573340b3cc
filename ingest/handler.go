package ingest

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"log/slog"
	"net/http"
	"time"

	"github.com/mykpi/mykpi/charts/command"
	"github.com/mykpi/mykpi/ingest/source"
	"github.com/mykpi/mykpi/patience"
	"github.com/mykpi/mykpi/tenancy"
	"github.com/mykpi/mykpi/tenancy/directory"
	"github.com/mykpi/mykpi/tenancy/httpauth"
)

// Limits of requests (security.md), where Config says nothing else.
const (
	DefaultMaxBody = 1 << 20  // bytes of JSON
	DefaultMaxCSV  = 10 << 20 // bytes
)

// bodyTime is how long the body of a request may take, or a batch of a CSV file.
const bodyTime = 10 * time.Second

// Config is what the handler needs. All but the last six fields are required.
type Config struct {
	Commands  *command.Handlers
	Directory *directory.Directory
	Calendars *directory.Calendars
	Sources   *source.Registry
	Now       func() time.Time
	// Authenticate puts the caller's Identity into the request's context, as httpauth.Middleware does. It does not stand
	// before the sources, whose callers sign what they send.
	Authenticate func(http.Handler) http.Handler
	// Admit passes on the requests of a caller, who is in their context, that are within its rates; nil passes on all.
	Admit func(http.Handler) http.Handler
	// Unavailable reports whether an error says that the store can't be reached or can't take more now.
	Unavailable func(error) bool
	// Logger gets internal errors with their trace ID; nil logs nothing.
	Logger *slog.Logger
	// TraceID is the trace ID of a request; nil, or an answer of "", makes a random one.
	TraceID func(context.Context) string

	MaxBody, MaxCSV int64 // bytes; 0 is the default
}

type handler struct{ Config }

// NewHandler serves /webhooks/, and tells whoever posts elsewhere where to post to.
func NewHandler(c Config) http.Handler {
	if c.Logger == nil {
		c.Logger = slog.New(slog.DiscardHandler)
	}
	if c.TraceID == nil {
		c.TraceID = func(context.Context) string { return "" }
	}
	if c.Admit == nil {
		c.Admit = func(next http.Handler) http.Handler { return next }
	}
	if c.Unavailable == nil {
		c.Unavailable = func(error) bool { return false }
	}
	if c.MaxBody == 0 {
		c.MaxBody = DefaultMaxBody
	}
	if c.MaxCSV == 0 {
		c.MaxCSV = DefaultMaxCSV
	}
	h := &handler{c}
	mux := http.NewServeMux()
	mux.Handle("/webhooks/charts", h.charts(h.manyCharts))
	mux.Handle("/webhooks/charts/{key}", h.charts(h.oneChart))
	mux.Handle("/webhooks/sources/{id}", h.posts(h.source))
	mux.Handle("/", h.posts(func(http.ResponseWriter, *http.Request) error {
		return tenancy.Refuse(tenancy.NotFound, "", "there is nothing at this address: post points to /webhooks/charts/KEY or /webhooks/charts, what a source takes to /webhooks/sources/ID, GraphQL to /graphql")
	}))
	return mux
}

// charts guards the addresses that take an API key or a token.
func (h *handler) charts(serve func(*http.Request, tenancy.Identity) (any, error)) http.Handler {
	return h.Authenticate(h.Admit(h.posts(func(w http.ResponseWriter, r *http.Request) error {
		as, ok := httpauth.From(r.Context())
		if !ok || as.Tenant().IsZero() {
			return tenancy.Refuse(tenancy.Unauthenticated, "", "a credential is needed: send Authorization: Bearer with an API key or a token")
		}
		if !as.Can(tenancy.Record) {
			return tenancy.Refuse(tenancy.Forbidden, "", "the permission %s is needed", tenancy.Record)
		}
		answer, err := serve(r, as)
		if err == nil {
			write(w, http.StatusOK, answer)
		}
		return err
	})))
}

// posts lets POST through and writes the error that serve answers.
func (h *handler) posts(serve func(http.ResponseWriter, *http.Request) error) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		trace := h.trace(r)
		defer func() {
			if p := recover(); p != nil {
				h.panicked(w, r, trace, p)
			}
		}()
		if r.Method != http.MethodPost {
			w.Header().Set("Allow", http.MethodPost)
			h.refuse(w, r, trace, refuseRequest(http.StatusMethodNotAllowed, "send a POST request"))
			return
		}
		body := patience.Limit(w, r, bodyTime)
		if err := serve(w, r.WithContext(context.WithValue(r.Context(), bodyKey{}, body))); err != nil {
			h.refuse(w, r, trace, err)
		}
	})
}

type bodyKey struct{}

// moreTime gives the body another bodyTime, and the answer as much after it.
func moreTime(r *http.Request) { r.Context().Value(bodyKey{}).(*patience.Body).More() }

func (h *handler) trace(r *http.Request) string {
	if id := h.TraceID(r.Context()); id != "" {
		return id
	}
	var id [16]byte
	_, _ = rand.Read(id[:]) // never fails, by its documentation
	return hex.EncodeToString(id[:])
}
