package main

import (
	"errors"
	"net/http"
	"time"

	"github.com/mykpi/mykpi/eventstore"
	"github.com/mykpi/mykpi/ingest"
	"github.com/mykpi/mykpi/tenancy/httpauth"
)

// webhooks is all below /webhooks/.
func (s *server) webhooks(auth httpauth.Authenticator) http.Handler {
	return ingest.NewHandler(ingest.Config{
		Commands: s.core.commands, Directory: s.core.directory, Calendars: s.core.journal.Calendars, Sources: s.core.sources, Now: time.Now,
		Authenticate: func(next http.Handler) http.Handler {
			return httpauth.Middleware(auth, httpauth.Options{Logger: s.logger}, next)
		},
		Unavailable: func(err error) bool { return errors.Is(err, eventstore.ErrUnavailable) },
		Logger:      s.logger,
	})
}
