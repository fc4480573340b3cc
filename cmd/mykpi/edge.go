package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"os"
	"sync/atomic"
	"time"

	"github.com/99designs/gqlgen/graphql"

	"github.com/mykpi/mykpi/eventstore"
	"github.com/mykpi/mykpi/graph"
	"github.com/mykpi/mykpi/graph/transport"
	"github.com/mykpi/mykpi/graph/transport/ratelimit"
	"github.com/mykpi/mykpi/patience"
	"github.com/mykpi/mykpi/tenancy"
	"github.com/mykpi/mykpi/tenancy/directory"
	"github.com/mykpi/mykpi/tenancy/httpauth"
	"github.com/mykpi/mykpi/tenancy/quota"
	"github.com/mykpi/mykpi/tenancy/turns"
)

// edge is all that stands between a connection and the commands and queries.
type edge struct {
	config   edgeConfig
	core     *core
	auth     httpauth.Authenticator
	recheck  recheck // of credentials of open connections
	registry *transport.Registry
	quotas   *quota.Guard

	mutations *ratelimit.Limiter // one budget of a tenant, however its mutations come; nil where there is none
}

// newEdge also holds the core's commands to the quotas, and has their large batches take turns at a pace.
func newEdge(c edgeConfig, core *core, auth httpauth.Authenticator, server directory.Quotas) *edge {
	e := &edge{config: c, core: core, auth: auth, recheck: recheck{auth: auth}, mutations: c.rateMutations.limiter("mutation")}
	e.registry = transport.NewRegistry(e.socketLimits)
	e.quotas = quota.New(quota.Options{
		Store: core.store, Now: time.Now, Instance: newID(), Tenant: core.gate.Tenant, Quotas: server,
		Sockets: func(id tenancy.ID) int { return e.registry.Tenant(id.String()) },
	})
	core.commands.Quota = e.quotas
	core.commands.Turns = batches{turns.New(c.batchesPerTenant, c.batches), c.ratePoints.limiter("points")}
	return e
}

// socketLimits are how many sockets a session's user and tenant may have. The tenant was read when the session was
// authenticated, a moment ago; one that can't be told now may have one.
func (e *edge) socketLimits(s transport.Session) (perUser, perTenant int) {
	if s.Tenant == "" {
		return 0, 0
	}
	ctx, cancel := context.WithTimeout(context.Background(), time.Second)
	defer cancel()
	id, err := tenancy.ParseID(s.Tenant)
	if err != nil {
		return e.config.socketsPerUser, 1
	}
	limits, err := e.quotas.Limits(ctx, id)
	if err != nil {
		return e.config.socketsPerUser, 1
	}
	return e.config.socketsPerUser, limits.Sockets
}

// flush writes what the quotas have counted.
func (e *edge) flush(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), 2*time.Second)
	defer cancel()
	return e.quotas.Flush(ctx)
}

// requestsAtOnce is how many requests of a tenant go on at once: a page's, or those of a flow. What comes beyond them at the
// same time, a flood's beginning, would have the processors for as long as its burst lasts.
const requestsAtOnce = 100

// handler answers /graphql. c holds what concerns the server as a whole.
func (e *edge) handler(c graph.Config) (http.Handler, error) {
	documents, err := e.documents()
	if err != nil {
		return nil, err
	}
	c.Commands, c.Queries, c.Directory, c.Live = e.core.commands, e.core.queries, e.core.directory, e.core.live
	c.APIKeys, c.Members, c.Quotas, c.Sources = e.core.apiKeys, e.core.members, e.quotas, e.core.sources
	c.Unavailable = func(err error) bool { return errors.Is(err, eventstore.ErrUnavailable) }
	c.Limits = e.config.query
	c.KeepTexts = e.config.answerMemory > 0
	c.Turns = turns.New(e.config.queriesPerTenant, 0)
	c.Mutations = e.countMutations
	c.Extensions = []graphql.HandlerExtension{documents, graph.Remembered()}
	c.Transports = e.transports()
	next, err := graph.NewHandler(c)
	if err != nil {
		return nil, err
	}
	next = e.remember(next)
	next = e.patience(next)
	next = ratelimit.Middleware{
		Keys: e.config.rateKey.limiter("key"), Tenants: e.config.rateTenant.paced("tenant", requestsAtOnce),
		Principal: principal, TraceID: graph.TraceOf,
	}.Wrap(next)
	next = httpauth.Middleware(e.auth, httpauth.Options{Logger: c.Logger, TraceID: graph.TraceOf}, next)
	next = ratelimit.Middleware{
		Addresses: e.config.rateAddress.limiter("address"), Address: e.config.proxies.address(), TraceID: graph.TraceOf,
	}.Wrap(next)
	next = transport.CORS{Origins: transport.Origins(e.config.origins)}.Wrap(next)
	return graph.Traced(next), nil
}

// documents put texts in the place of ids: those of the manifest, or those that clients have sent.
func (e *edge) documents() (graphql.HandlerExtension, error) {
	if e.config.trustedDocuments == "" {
		const kept = 8 << 20 // bytes
		return transport.NewPersistedQueries(kept), nil
	}
	manifest, err := os.ReadFile(e.config.trustedDocuments)
	if err != nil {
		return nil, fmt.Errorf("--trusted-documents: %w", err)
	}
	return transport.ParseTrustedDocuments(manifest)
}

// preparedOperations is how many bytes of the operations of repeated requests are kept.
const preparedOperations = 16 << 20

// transports are the ways by which operations come.
func (e *edge) transports() []graphql.Transport {
	c := e.config
	share := graph.NewSharing(e.core.live).Share
	return []graphql.Transport{
		&transport.Websocket{
			Registry: e.registry, Origins: transport.Origins(c.origins),
			Authenticate: e.connect, Refresh: e.refresh, Check: e.check, Share: share,
			InitTimeout: c.socketInit, WriteTimeout: c.writeTimeout, PingEvery: c.socketPing, CheckEvery: c.sessionCheck,
			RequestTimeout: c.requestTimeout, MaxMessage: c.socketMessage, MaxOperations: c.socketOperations,
		},
		&transport.SSE{
			Registry: e.registry, Session: e.stream, Check: e.check, Share: share,
			MaxBody: c.maxBody, WriteTimeout: c.writeTimeout, CheckEvery: c.sessionCheck, RequestTimeout: c.requestTimeout,
		},
		&transport.HTTP{MaxBody: c.maxBody, Timeout: c.requestTimeout, RealStatus: isMachine, Prepared: transport.NewPrepared(preparedOperations)},
	}
}

// patience bounds how long a request's body may take. Websockets and event streams lift it.
func (e *edge) patience(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		patience.Limit(w, r, e.config.requestTimeout)
		next.ServeHTTP(w, r)
	})
}

// countMutations keeps each tenant to its rate. Callers without a tenant are not counted: they may not do what is.
func (e *edge) countMutations(ctx context.Context, n int) error {
	as, ok := httpauth.From(ctx)
	if !ok || e.mutations == nil {
		return nil
	}
	return e.mutations.Admit(ctx, as.Tenant().String(), n).Err()
}

// isMachine reports whether the caller is a program, which sees statuses and not errors.
func isMachine(ctx context.Context) bool {
	as, ok := httpauth.From(ctx)
	return ok && as.Actor().Kind == tenancy.APIKey
}

// principal is whom a request is counted for.
func principal(r *http.Request) ratelimit.Principal {
	as, ok := httpauth.From(r.Context())
	if !ok {
		return ratelimit.Principal{}
	}
	p := ratelimit.Principal{Tenant: as.Tenant().String()}
	if as.Actor().Kind == tenancy.APIKey {
		p.Key = p.Tenant + "/" + as.Actor().ID
	}
	return p
}

// held is the session of an open connection, which a client can renew.
type held struct {
	session atomic.Pointer[httpauth.Session]
}

type heldKey struct{}

// open is the session of a connection that lives on. Its context holds the session and the trace ID, and nothing of the
// request, which would be kept with it.
func open(ctx, request context.Context, session httpauth.Session) transport.Session {
	h := &held{}
	h.session.Store(&session)
	ctx = httpauth.WithSession(graph.WithTrace(ctx, graph.TraceOf(request)), &session)
	return describe(context.WithValue(ctx, heldKey{}, h), session)
}

func describe(ctx context.Context, s httpauth.Session) transport.Session {
	as := s.Identity
	return transport.Session{Context: ctx, User: string(as.Actor().Kind) + "/" + as.Actor().ID, Tenant: as.Tenant().String(), Expires: as.Expires()}
}

// connect authenticates a websocket by the payload of its connection_init message, or by the handshake's headers.
func (e *edge) connect(r *http.Request, payload json.RawMessage) (transport.Session, error) {
	session, sent, err := e.authenticate(r.Context(), payload)
	if err != nil {
		return transport.Session{}, err
	}
	if !sent {
		if session, sent = httpauth.SessionFrom(r.Context()); !sent {
			return transport.Session{}, told(httpauth.Refuse(httpauth.ErrUnauthenticated, `a credential is needed in connection_init: {"Authorization": "Bearer TOKEN"}`))
		}
	}
	return open(context.Background(), r.Context(), session), nil
}

// stream is the session of an event stream, which may be anonymous.
func (e *edge) stream(r *http.Request) (transport.Session, error) {
	session, ok := httpauth.SessionFrom(r.Context())
	if !ok {
		return transport.Session{Context: r.Context()}, nil
	}
	return open(r.Context(), r.Context(), session), nil
}

// refresh takes a new credential of the same caller from the payload of a ping message.
func (e *edge) refresh(ctx context.Context, payload json.RawMessage) (*transport.Session, error) {
	fresh, sent, err := e.authenticate(ctx, payload)
	h, ok := ctx.Value(heldKey{}).(*held)
	if err != nil || !sent || !ok {
		return nil, err
	}
	if !fresh.Identity.SameRights(h.session.Load().Identity) {
		return nil, errors.New("your rights have changed: connect again")
	}
	h.session.Store(&fresh)
	session := describe(ctx, fresh)
	return &session, nil
}

// check asks whether the credential of an open connection still stands.
func (e *edge) check(ctx context.Context) error {
	h, ok := ctx.Value(heldKey{}).(*held)
	if !ok {
		return nil
	}
	if err := h.session.Load().Check(ctx, &e.recheck, time.Now()); err != nil {
		return told(err)
	}
	return nil
}

// authenticate reads a message's payload; sent is false where it holds no credential.
func (e *edge) authenticate(ctx context.Context, payload json.RawMessage) (session httpauth.Session, sent bool, err error) {
	var fields map[string]any
	if len(payload) > 0 {
		if err := json.Unmarshal(payload, &fields); err != nil {
			return session, false, errors.New("the payload is no JSON object")
		}
	}
	credential, err := httpauth.FromInit(fields)
	if err == nil && credential.Absent() {
		return session, false, nil
	}
	if err == nil {
		session, err = httpauth.Open(ctx, e.auth, credential)
	}
	if err != nil {
		return session, true, told(err)
	}
	return session, true, nil
}

// told is an error of httpauth as clients are told it.
func told(err error) error {
	_, _, message := httpauth.Describe(err)
	if errors.Is(err, httpauth.ErrUnavailable) {
		return fmt.Errorf("%s: %w", message, transport.ErrTryAgain)
	}
	return errors.New(message)
}
