package graph

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"slices"
	"time"

	"github.com/99designs/gqlgen/graphql"
	"github.com/99designs/gqlgen/graphql/handler"
	"github.com/99designs/gqlgen/graphql/handler/lru"
	"github.com/99designs/gqlgen/graphql/handler/transport"
	"github.com/vektah/gqlparser/v2/ast"

	"github.com/mykpi/mykpi/graph/internal/exec"
	"github.com/mykpi/mykpi/tenancy/httpauth"
)

// Limits of requests (security.md), where Config says nothing else.
const (
	DefaultMaxBody   = 1 << 20  // bytes
	DefaultMaxQuery  = 16 << 10 // bytes
	DefaultMaxTokens = 2000
)

const (
	parsedQueries = 256 // kept, so that a repeated query is not parsed again
	initTimeout   = 3 * time.Second
	pingInterval  = 20 * time.Second
	maxMessage    = 64 << 10 // bytes of a websocket message

	closeForbidden = 4403 // of graphql-transport-ws
)

// Config is what a handler needs. The four interfaces are required.
type Config struct {
	Commands  Commands
	Queries   Queries
	Directory Directory
	Live      Live

	// Version is what the field version answers.
	Version string
	// Logger gets internal errors and panics with their trace ID; nil logs nothing.
	Logger *slog.Logger
	// TraceID is the trace ID of a request; nil, or an answer of "", makes a random one.
	TraceID func(context.Context) string
	// Unavailable reports whether an error says that the store can't be reached or can't take more now; nil is never.
	Unavailable func(error) bool
	// OpenConnection authenticates a websocket by the payload of its connection_init message, and answers the context
	// of its operations. Its error is told to the client as httpauth.Describe has it. nil leaves the context as the
	// handshake made it.
	OpenConnection func(ctx context.Context, payload map[string]any) (context.Context, error)
	// PublicIntrospection shows the schema to callers without a credential, as GraphiQL needs it.
	PublicIntrospection bool
	// Transports are the ways that operations come by, in the order of their claims; nil is gqlgen's own.
	Transports []graphql.Transport
	// Extensions see operations before they are executed, in their order.
	Extensions []graphql.HandlerExtension

	MaxBody   int64 // bytes of a request by gqlgen's own transports; 0 is DefaultMaxBody
	MaxQuery  int   // bytes of a query text; 0 is DefaultMaxQuery
	MaxTokens int   // of a query text; 0 is DefaultMaxTokens
}

// NewHandler makes the handler of /graphql. It fails if something required is missing, or if a root field of the schema
// doesn't say who may ask for it.
//
// The caller's Identity is that of the request's context (httpauth.Middleware).
func NewHandler(c Config) (http.Handler, error) {
	if c.Commands == nil || c.Queries == nil || c.Directory == nil || c.Live == nil {
		return nil, errors.New("graph: Commands, Queries, Directory and Live are required")
	}
	c.setDefaults()
	executable := exec.NewExecutableSchema(exec.Config{
		Resolvers:  &resolver{c.Commands, c.Queries, c.Directory, c.Live, c.Version},
		Directives: exec.DirectiveRoot{Public: public, TenantScoped: tenantScoped},
	})
	schema := executable.Schema()

	server := handler.New(executable)
	errorsOf := presenter{c.Logger, c.Unavailable}
	server.SetErrorPresenter(errorsOf.present)
	server.SetRecoverFunc(errorsOf.recovered)
	server.SetParserTokenLimit(c.MaxTokens)
	server.SetDisableSuggestion(true)
	server.SetValidationRulesFn(validationRules)
	server.SetQueryCache(lru.New[*ast.QueryDocument](parsedQueries))
	extensions := append(slices.Clone(c.Extensions), &gate{schema, newEnumInputs(schema), c.MaxQuery, c.PublicIntrospection})
	for _, e := range extensions {
		if err := e.Validate(executable); err != nil { // on which Use panics
			return nil, fmt.Errorf("graph: %s: %w", e.ExtensionName(), err)
		}
		server.Use(e)
	}
	var next http.Handler = server
	if c.Transports == nil {
		c.Transports = c.stockTransports()
		next = http.MaxBytesHandler(server, c.MaxBody) // they read without a limit
	}
	for _, t := range c.Transports {
		server.AddTransport(t)
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		next.ServeHTTP(w, r.WithContext(withTrace(r.Context(), c.TraceID(r.Context()))))
	}), nil
}

func (c *Config) setDefaults() {
	if c.Logger == nil {
		c.Logger = slog.New(slog.DiscardHandler)
	}
	if c.TraceID == nil {
		c.TraceID = func(context.Context) string { return "" }
	}
	if c.Unavailable == nil {
		c.Unavailable = func(error) bool { return false }
	}
	if c.MaxBody == 0 {
		c.MaxBody = DefaultMaxBody
	}
	if c.MaxQuery == 0 {
		c.MaxQuery = DefaultMaxQuery
	}
	if c.MaxTokens == 0 {
		c.MaxTokens = DefaultMaxTokens
	}
}

// stockTransports are gqlgen's: POST, GET for queries, and websockets by graphql-transport-ws.
func (c *Config) stockTransports() []graphql.Transport {
	limit := int64(maxMessage)
	return []graphql.Transport{
		transport.Websocket{
			InitFunc:         c.openConnection,
			InitTimeout:      initTimeout,
			PingPongInterval: pingInterval,
			PayloadReadLimit: &limit,
		},
		transport.GET{},
		transport.POST{},
	}
}

func (c *Config) openConnection(ctx context.Context, payload transport.InitPayload) (context.Context, *transport.InitPayload, error) {
	if c.OpenConnection == nil {
		return ctx, nil, nil
	}
	opened, err := c.OpenConnection(ctx, payload)
	if err != nil {
		_, _, message := httpauth.Describe(err)
		return transport.WithWebsocketCloseCode(ctx, closeForbidden), nil, errors.New(message)
	}
	return opened, nil, nil
}
