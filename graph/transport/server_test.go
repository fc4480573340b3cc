package transport_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"runtime"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/99designs/gqlgen/graphql"
	"github.com/99designs/gqlgen/graphql/handler"
	"github.com/vektah/gqlparser/v2"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"

	"github.com/mykpi/mykpi/graph/transport"
)

// testSchema is executed by testExecutable, so that the edge is tested without the product's schema.
var testSchema = gqlparser.MustLoadSchema(&ast.Source{Input: `
type Query {
  version: String!
  echo(text: String, n: Int): String
  fail(code: String!): String!
  maybe(code: String!): String
  boom: String
  slow: String
  big(size: Int!): String!
}
type Mutation { record(n: Int): Int! fail(code: String!): Int! }
type Subscription {
  count(to: Int!): Int!     # 1 to its argument, then the end
  forever: Int!             # one value, then nothing
  flood: String!            # 32 KiB for ever
  broken: Int!              # fails before its first value
  boom: Int!                # panics
  shared: Int!              # served by a feed
}`})

// testExecutable resolves testSchema.
type testExecutable struct {
	running atomic.Int32 // subscriptions whose context has not ended
	flooded atomic.Int64 // values of flood
}

func (*testExecutable) Schema() *ast.Schema { return testSchema }

func (*testExecutable) Complexity(context.Context, string, string, int, map[string]any) (int, bool) {
	return 0, false
}

func (e *testExecutable) Exec(ctx context.Context) graphql.ResponseHandler {
	op := graphql.GetOperationContext(ctx)
	root := map[ast.Operation]string{ast.Query: "Query", ast.Mutation: "Mutation", ast.Subscription: "Subscription"}[op.Operation.Operation]
	fields := graphql.CollectFields(op, op.Operation.SelectionSet, []string{root})
	if root == "Subscription" {
		return e.subscribe(ctx, fields[0])
	}
	done := false
	return func(ctx context.Context) *graphql.Response {
		if done {
			return nil
		}
		done = true
		data, null := map[string]any{}, false
		for _, f := range fields {
			value, err := e.resolve(ctx, op, root, f)
			if err != nil {
				graphql.AddError(ctx, err)
				null = null || f.Definition.Type.NonNull
			}
			data[f.Alias] = value
		}
		if null {
			return &graphql.Response{Data: json.RawMessage("null")}
		}
		text, _ := json.Marshal(data)
		return &graphql.Response{Data: text}
	}
}

func coded(code string) error {
	return &gqlerror.Error{Message: "failed with " + code, Extensions: map[string]any{"code": code}}
}

func (e *testExecutable) resolve(ctx context.Context, op *graphql.OperationContext, root string, f graphql.CollectedField) (any, error) {
	args := f.ArgumentMap(op.Variables)
	switch f.Name {
	case "__typename":
		return root, nil
	case "__type", "__schema":
		return nil, nil
	case "version":
		return "test", nil
	case "echo":
		return args["text"], nil
	case "record":
		return 1, nil
	case "fail", "maybe":
		return nil, coded(args["code"].(string))
	case "boom":
		panic("secret of the resolver")
	case "slow":
		<-ctx.Done()
		return nil, ctx.Err()
	case "big":
		return strings.Repeat("0123456789abcdef", number(args["size"])/16), nil
	}
	return nil, fmt.Errorf("no resolver of %s", f.Name)
}

// number is an Int argument: gqlparser gives a json.Number or an int64.
func number(v any) int {
	n, _ := strconv.Atoi(fmt.Sprint(v))
	return n
}

func (e *testExecutable) subscribe(ctx context.Context, f graphql.CollectedField) graphql.ResponseHandler {
	switch f.Name {
	case "broken":
		graphql.AddError(ctx, coded("FORBIDDEN"))
		return nil
	case "boom":
		panic("secret of the resolver")
	}
	e.running.Add(1)
	context.AfterFunc(ctx, func() { e.running.Add(-1) })
	n, to := 0, 1
	if f.Name == "count" {
		to = number(f.ArgumentMap(graphql.GetOperationContext(ctx).Variables)["to"])
	}
	return func(ctx context.Context) *graphql.Response {
		n++
		switch f.Name {
		case "flood":
			e.flooded.Store(int64(n))
			return &graphql.Response{Data: json.RawMessage(`{"flood":"` + strings.Repeat("x", 32<<10) + `"}`)}
		case "forever":
			if n > 1 {
				<-ctx.Done()
				return nil
			}
		}
		if n > to {
			return nil
		}
		return &graphql.Response{Data: fmt.Appendf(nil, `{%q:%d}`, f.Alias, n)}
	}
}

// testServer is a running server with all three transports.
type testServer struct {
	*httptest.Server
	gql      *handler.Server
	registry *transport.Registry
	exe      *testExecutable
	ws       *transport.Websocket
	sse      *transport.SSE
	http     *transport.HTTP
}

// newTestServer starts a server; change may alter it before. When the test has ended, goroutines and descriptors must be
// as many as before.
func newTestServer(t testing.TB, change func(*testServer)) *testServer {
	t.Helper()
	noLeaks(t)
	exe := &testExecutable{}
	s := &testServer{exe: exe, gql: handler.New(exe), registry: transport.NewRegistry(nil)}
	s.http = &transport.HTTP{}
	s.ws = &transport.Websocket{Authenticate: authenticate}
	s.sse = &transport.SSE{}
	s.gql.SetErrorPresenter(func(ctx context.Context, err error) *gqlerror.Error {
		e := graphql.DefaultErrorPresenter(ctx, err)
		if e.Extensions == nil {
			e.Extensions = map[string]any{}
		}
		if e.Extensions["code"] == nil {
			e = &gqlerror.Error{Message: "internal error", Extensions: map[string]any{"code": "INTERNAL"}}
		}
		e.Extensions["traceId"] = "trace"
		return e
	})
	s.gql.SetRecoverFunc(func(context.Context, any) error { return errors.New("recovered") })
	if change != nil {
		change(s)
	}
	s.ws.Registry, s.sse.Registry = s.registry, s.registry
	s.gql.AddTransport(s.ws)
	s.gql.AddTransport(s.sse)
	s.gql.AddTransport(s.http)
	s.Server = httptest.NewServer(s.gql)
	t.Cleanup(func() {
		ctx, cancel := context.WithTimeout(context.Background(), 3*time.Second)
		defer cancel()
		_ = s.registry.Drain(ctx)
		s.Client().CloseIdleConnections()
		s.Close()
	})
	return s
}

// credential is what tests send as the payload of connection_init.
type credential struct {
	Token   string    `json:"token"`
	Expires time.Time `json:"expires,omitzero"`
}

func authenticate(r *http.Request, payload json.RawMessage) (transport.Session, error) {
	var c credential
	_ = json.Unmarshal(payload, &c)
	switch c.Token {
	case "bad":
		return transport.Session{}, errors.New("the token is not valid")
	case "down":
		return transport.Session{}, fmt.Errorf("no keys: %w", transport.ErrTryAgain)
	case "panic":
		panic("secret of the authentication")
	}
	return transport.Session{Context: r.Context(), User: c.Token, Tenant: "t1", Expires: c.Expires}, nil
}

// noLeaks checks that the test leaves no goroutine and no descriptor.
func noLeaks(t testing.TB) {
	t.Helper()
	goroutines, files := runtime.NumGoroutine(), openFiles(t)
	t.Cleanup(func() {
		for range 300 { // what ends does so soon, but not at once
			if runtime.NumGoroutine() <= goroutines && openFiles(t) <= files {
				return
			}
			time.Sleep(10 * time.Millisecond)
		}
		stacks := make([]byte, 1<<20)
		t.Errorf("%d goroutines and %d files, before %d and %d\n%s", runtime.NumGoroutine(), openFiles(t), goroutines, files,
			stacks[:runtime.Stack(stacks, true)])
	})
}

func openFiles(t testing.TB) int {
	entries, err := os.ReadDir("/proc/self/fd")
	if err != nil {
		t.Fatal(err)
	}
	return len(entries)
}
