package graph

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"slices"

	"github.com/99designs/gqlgen/graphql"
	"github.com/99designs/gqlgen/graphql/handler"
	"github.com/vektah/gqlparser/v2/ast"

	"github.com/mykpi/mykpi/charts/query"
	"github.com/mykpi/mykpi/graph/internal/exec"
	"github.com/mykpi/mykpi/graph/plan"
	"github.com/mykpi/mykpi/graph/transport"
	"github.com/mykpi/mykpi/graph/transport/guard"
	"github.com/mykpi/mykpi/tenancy"
	"github.com/mykpi/mykpi/tenancy/httpauth"
)

// parsedDocuments is how many bytes of parsed documents are kept, so that a repeated one is not parsed again. Those of
// repeated requests are kept besides (transport.Prepared).
const parsedDocuments = 16 << 20

// Config is what a handler needs. The interfaces are required.
type Config struct {
	Commands  Commands
	Queries   Queries
	Directory Directory
	Live      Live
	APIKeys   APIKeys
	Members   Members
	Quotas    Quotas
	Sources   Sources

	// Version is what the field version answers.
	Version string
	// Logger gets internal errors and panics with their trace ID; nil logs nothing.
	Logger *slog.Logger
	// Unavailable reports whether an error says that the store can't be reached or can't take more now; nil is never.
	Unavailable func(error) bool
	// PublicIntrospection shows the schema to callers without a credential, as GraphiQL needs it.
	PublicIntrospection bool
	// Transports are the ways that operations come by, in the order of their claims; nil is HTTP alone.
	Transports []graphql.Transport
	// Extensions see operations before the guard does, in their order: they put texts in the place of ids.
	Extensions []graphql.HandlerExtension
	// Limits are what a document may cost.
	Limits guard.Limits
	// Interpreted leaves every field to gqlgen's own execution, the reference that compiled selections are held against.
	Interpreted bool
	// KeepTexts has charts keep what was written of them, for answers in which they have not changed.
	KeepTexts bool
	// Mutations is told how many mutations an operation holds before any runs; its error refuses them. nil counts none.
	Mutations func(ctx context.Context, n int) error
	// Turns keeps the queries of one tenant from being at work all at once: Take waits for a turn. nil is as many as come.
	Turns Turns
}

// NewHandler makes the handler of /graphql. It fails if something required is missing, or if a root field of the schema
// doesn't say who may ask for it.
//
// The caller's Identity is that of the request's context (httpauth.Middleware).
func NewHandler(c Config) (http.Handler, error) {
	if c.Commands == nil || c.Queries == nil || c.Directory == nil || c.Live == nil || c.APIKeys == nil || c.Members == nil || c.Quotas == nil || c.Sources == nil {
		return nil, errors.New("graph: Commands, Queries, Directory, Live, APIKeys, Members, Quotas and Sources are required")
	}
	c.setDefaults()
	c.Limits.MaxPageSize = query.MaxPage
	executable := exec.NewExecutableSchema(exec.Config{
		Resolvers:  &resolver{c.Commands, c.Queries, c.Directory, c.Live, c.APIKeys, c.Members, c.Quotas, c.Sources, c.Version},
		Directives: exec.DirectiveRoot{Public: public, TenantScoped: tenantScoped},
	})
	schema := executable.Schema()

	server := handler.New(executable)
	errorsOf := presenter{schema, c.Logger, c.Unavailable}
	server.SetErrorPresenter(errorsOf.present)
	server.SetRecoverFunc(errorsOf.recovered)
	server.SetDisableSuggestion(true)
	server.SetValidationRulesFn(validationRules)
	// A document takes about thirty times its text when parsed.
	server.SetQueryCache(transport.NewCache(parsedDocuments, func(text string, _ *ast.QueryDocument) int { return 30 * len(text) }))
	extensions := append(slices.Clone(c.Extensions),
		guard.New(guard.Options{Limits: c.Limits, Introspect: c.introspect, Mutations: c.Mutations}),
		&gate{schema, newEnumInputs(schema)})
	if c.Turns != nil {
		extensions = append(extensions, inTurn{c.Turns})
	}
	if !c.Interpreted {
		extensions = slices.Insert(extensions, 0, graphql.HandlerExtension(plan.New(exec.Encoders(executable), c.KeepTexts)))
	}
	for _, e := range extensions {
		if err := e.Validate(executable); err != nil { // on which Use panics
			return nil, fmt.Errorf("graph: %s: %w", e.ExtensionName(), err)
		}
		server.Use(e)
	}
	for _, t := range c.Transports {
		server.AddTransport(t)
	}
	return Traced(server), nil
}

func (c *Config) setDefaults() {
	if c.Logger == nil {
		c.Logger = slog.New(slog.DiscardHandler)
	}
	if c.Unavailable == nil {
		c.Unavailable = func(error) bool { return false }
	}
	if c.Transports == nil {
		c.Transports = []graphql.Transport{&transport.HTTP{}}
	}
}

// introspect lets callers see the schema who may read.
func (c *Config) introspect(ctx context.Context) error {
	as, ok := httpauth.From(ctx)
	switch {
	case c.PublicIntrospection || as.Can(tenancy.Read):
		return nil
	case !ok:
		return refusal(tenancy.Unauthenticated, "introspection needs a credential")
	}
	return refusal(tenancy.Forbidden, "introspection needs the permission %s", tenancy.Read)
}
