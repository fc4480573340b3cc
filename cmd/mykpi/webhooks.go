package main

import (
	"errors"
	"net/http"
	"time"

	"github.com/mykpi/mykpi/eventstore"
	"github.com/mykpi/mykpi/graph"
	"github.com/mykpi/mykpi/graph/transport/ratelimit"
	"github.com/mykpi/mykpi/ingest"
	"github.com/mykpi/mykpi/tenancy/httpauth"
)

// webhooks is all below /webhooks/. A request counts as one mutation.
func (s *server) webhooks(auth httpauth.Authenticator) http.Handler {
	rates := ratelimit.Middleware{
		Keys: s.config.rateKey.limiter("key"), Tenants: s.edge.mutations, Principal: principal, TraceID: graph.TraceOf,
	}
	next := ingest.NewHandler(ingest.Config{
		Commands: s.core.commands, Directory: s.core.directory, Calendars: s.core.journal.Calendars, Sources: s.core.sources, Now: time.Now,
		Authenticate: func(next http.Handler) http.Handler {
			return httpauth.Middleware(auth, httpauth.Options{Logger: s.logger, TraceID: graph.TraceOf}, rates.Wrap(next))
		},
		Unavailable: func(err error) bool { return errors.Is(err, eventstore.ErrUnavailable) },
		Logger:      s.logger, TraceID: graph.TraceOf,
	})
	next = ratelimit.Middleware{
		Addresses: s.config.rateAddress.limiter("address"), Address: s.config.proxies.address(), TraceID: graph.TraceOf,
	}.Wrap(next)
	return graph.Traced(next)
}
