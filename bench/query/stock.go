package main

import (
	"net/http"
	"time"

	"github.com/99designs/gqlgen/graphql"
	"github.com/99designs/gqlgen/graphql/handler/transport"

	"github.com/mykpi/mykpi/bench/rig"
	"github.com/mykpi/mykpi/charts/command"
	"github.com/mykpi/mykpi/charts/journal"
	"github.com/mykpi/mykpi/charts/live"
	"github.com/mykpi/mykpi/charts/query"
	"github.com/mykpi/mykpi/eventstore/sqlite"
	"github.com/mykpi/mykpi/graph"
	"github.com/mykpi/mykpi/ingest/source"
	"github.com/mykpi/mykpi/tenancy/apikey"
	"github.com/mykpi/mykpi/tenancy/cognito"
	"github.com/mykpi/mykpi/tenancy/devissuer"
	"github.com/mykpi/mykpi/tenancy/directory"
	"github.com/mykpi/mykpi/tenancy/httpauth"
	"github.com/mykpi/mykpi/tenancy/members"
	"github.com/mykpi/mykpi/tenancy/quota"
)

// serveStock serves a data folder by gqlgen as it comes: its own transports, its own execution of every field, nothing
// remembered.
func serveStock(data string) error {
	store, err := sqlite.Open(data, sqlite.Options{})
	if err != nil {
		return err
	}
	defer store.Close()
	issuer, err := devissuer.Open(data)
	if err != nil {
		return err
	}
	tokens, err := cognito.New(cognito.Config{Issuers: []cognito.Issuer{issuer.Trust()}})
	if err != nil {
		return err
	}
	j := journal.New(store, &directory.Calendars{}, time.Now, nil, nil)
	reader := &query.Reader{Journal: j, Now: time.Now}
	handler, err := graph.NewHandler(graph.Config{
		Commands: &command.Handlers{Journal: j, Now: time.Now}, Queries: reader, Directory: &directory.Directory{Store: store, Now: time.Now},
		Live: live.New(reader, time.Now), APIKeys: &apikey.Keys{}, Members: &members.Members{}, Quotas: &quota.Guard{}, Sources: &source.Registry{}, Version: "stock", Interpreted: true,
		Transports: []graphql.Transport{transport.POST{}},
	})
	if err != nil {
		return err
	}
	mux := http.NewServeMux()
	mux.Handle("/graphql", httpauth.Middleware(httpauth.Verifiers{Tokens: tokens}, httpauth.Options{}, handler))
	mux.HandleFunc("/healthz", func(http.ResponseWriter, *http.Request) {})
	return rig.Listen(mux)
}
