package main

import (
	"errors"
	"net/http"
	"strings"
	"time"

	"github.com/mykpi/mykpi/eventstore"
	"github.com/mykpi/mykpi/graph"
	"github.com/mykpi/mykpi/graph/transport/ratelimit"
	"github.com/mykpi/mykpi/ingest"
	"github.com/mykpi/mykpi/ingest/source"
	"github.com/mykpi/mykpi/tenancy/httpauth"
)

// webhooks is all below /webhooks/. A request counts as one mutation of its tenant, and for its API key or its source.
func (s *server) webhooks(auth httpauth.Authenticator) http.Handler {
	rates := ratelimit.Middleware{
		Keys: s.config.rateKey.limiter("key"), Tenants: s.edge.mutations, Principal: principal, TraceID: graph.TraceOf,
	}
	next := ingest.NewHandler(ingest.Config{
		Commands: s.core.commands, Directory: s.core.directory, Calendars: s.core.journal.Calendars, Sources: s.core.sources, Now: time.Now,
		Authenticate: func(next http.Handler) http.Handler {
			return httpauth.Middleware(auth, httpauth.Options{Logger: s.logger, TraceID: graph.TraceOf}, next)
		},
		Admit:       rates.Wrap,
		Unavailable: func(err error) bool { return errors.Is(err, eventstore.ErrUnavailable) },
		Logger:      s.logger, TraceID: graph.TraceOf,
	})
	next = ratelimit.Middleware{
		Addresses: s.config.rateAddress.limiter("address"), Address: s.config.proxies.address(), Scope: s.sourceTenant, TraceID: graph.TraceOf,
	}.Wrap(next)
	return graph.Traced(next)
}

// sourceTenant is the tenant whose source a request goes to. The senders of such as Stripe come from the same addresses for
// all tenants, so what they send to one must not count for another. "" is for all else, made-up tenants among it.
func (s *server) sourceTenant(r *http.Request) string {
	id, _ := strings.CutPrefix(r.URL.Path, "/webhooks/sources/")
	tenant, ok := source.TenantOf(id)
	if !ok {
		return ""
	}
	if _, err := s.core.gate.Tenant(r.Context(), tenant); err != nil {
		return ""
	}
	return tenant.String()
}
