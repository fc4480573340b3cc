package transport_test

import (
	"context"
	"encoding/json"
	"net/http"

	"github.com/99designs/gqlgen/graphql/handler"
	"github.com/vektah/gqlparser/v2/ast"

	"github.com/mykpi/mykpi/graph/transport"
	"github.com/mykpi/mykpi/graph/transport/guard"
	"github.com/mykpi/mykpi/graph/transport/ratelimit"
)

// Example wires the whole edge, as graph/ and cmd/ do it.
func Example() {
	// Who is it? Here a stand-in; in MyKPI httpauth puts an identity into the context.
	isMachine := func(context.Context) bool { return true }
	mayIntrospect := func(context.Context) error { return nil }
	principal := func(r *http.Request) ratelimit.Principal { return ratelimit.Principal{Key: "key", Tenant: "t1"} }
	verify := func(r *http.Request, payload json.RawMessage) (transport.Session, error) {
		return transport.Session{Context: r.Context(), User: "alice", Tenant: "t1"}, nil
	}

	registry := transport.NewRegistry(func(transport.Session) (perUser, perTenant int) { return 50, 1000 })
	addresses := ratelimit.New("address", ratelimit.Rate{PerSecond: 50, Burst: 500}, 0)
	keys := ratelimit.New("key", ratelimit.Rate{PerSecond: 100, Burst: 500}, 0)
	tenants := ratelimit.New("tenant", ratelimit.Rate{PerSecond: 200, Burst: 1000}, 0)
	mutations := ratelimit.New("mutation", ratelimit.Rate{PerSecond: 100, Burst: 500}, 0)

	server := handler.New(&testExecutable{})
	server.SetDisableSuggestion(true)
	// A document takes about thirty times its text when parsed.
	server.SetQueryCache(transport.NewCache(32<<20, func(key string, _ *ast.QueryDocument) int { return 30 * len(key) }))
	server.Use(transport.NewPersistedQueries(8 << 20))
	server.Use(guard.New(guard.Options{
		Introspect: mayIntrospect,
		Mutations:  func(ctx context.Context, n int) error { return mutations.Take("t1", n).Err() },
	}))
	server.AddTransport(&transport.Websocket{Registry: registry, Authenticate: verify})
	server.AddTransport(&transport.SSE{Registry: registry})
	server.AddTransport(&transport.HTTP{RealStatus: isMachine}) // the last: it takes all that is left

	var edge http.Handler = server
	edge = ratelimit.Middleware{Keys: keys, Tenants: tenants, Principal: principal}.Wrap(edge)
	// Authentication goes here.
	edge = ratelimit.Middleware{Addresses: addresses}.Wrap(edge)
	edge = transport.CORS{Origins: transport.Origins{"https://app.example.com"}}.Wrap(edge)
	mux := http.NewServeMux()
	mux.Handle("/graphql", edge)

	// On SIGTERM, with about 20 s to go, before http.Server.Shutdown:
	_ = registry.Drain(context.Background())
}
