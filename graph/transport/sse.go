package transport

import (
	"cmp"
	"context"
	"errors"
	"net/http"
	"time"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"
)

// SSE answers operations of clients that accept text/event-stream, in the distinct connections mode of graphql-sse's
// PROTOCOL.md, by POST and GET.
type SSE struct {
	// Registry holds the streams; required.
	Registry *Registry
	// Session says who the request's caller is, for the limits and the expiry; its Context is the operation's, and
	// must descend from the request's. nil is no limits.
	Session func(r *http.Request) (Session, error)
	// Check is [Websocket.Check]: its error ends the stream.
	Check func(ctx context.Context) error
	// Share is [Websocket.Share].
	Share Share
	// EventID names an event of an operation that is executed in the ordinary way. nil is no names.
	EventID func(resp *graphql.Response) string

	MaxBody        int64         // of a request in bytes; 0 is 1 MiB
	WriteTimeout   time.Duration // for one write; 0 is 5 s
	KeepAlive      time.Duration // between comments while there is nothing to say; 0 is 15 s
	CheckEvery     time.Duration // 0 is 4 s
	RequestTimeout time.Duration // of queries and mutations; 0 is 10 s
}

var _ graphql.Transport = (*SSE)(nil)

type lastEventIDKey struct{}

// LastEventID is the name of the last event that a client which comes back has seen, or "".
func LastEventID(ctx context.Context) string {
	id, _ := ctx.Value(lastEventIDKey{}).(string)
	return id
}

// Supports reports whether the client prefers a stream of events.
func (t *SSE) Supports(r *http.Request) bool {
	return r.Header.Get("Upgrade") == "" && negotiate(r.Header.Values("Accept")).wantsEvents() &&
		(r.Method == http.MethodGet || r.Method == http.MethodPost)
}

// Do answers one operation, and returns when its stream has ended.
func (t *SSE) Do(w http.ResponseWriter, r *http.Request, exec graphql.GraphExecutor) {
	refuse := func(status int, err *gqlerror.Error) {
		write(w, r, mediaJSON, status, present(r.Context(), exec, err))
	}
	params, bad := t.read(r)
	if bad != nil {
		refuse(bad.status, bad.err)
		return
	}
	session := Session{Context: r.Context()}
	if t.Session != nil {
		var err error
		if session, err = t.Session(r); err != nil {
			refuse(http.StatusForbidden, failure(CodeForbidden, err.Error()))
			return
		}
	}
	ctx, cancel := context.WithCancelCause(context.WithValue(session.Context, lastEventIDKey{}, r.Header.Get("Last-Event-ID")))
	defer cancel(nil)
	s := newEventStream(t.withDefaults(), w, exec, session, cancel)
	err := t.Registry.admit(session)
	if err == nil {
		defer t.Registry.release(session)
		if err = t.Registry.open(s); err == nil {
			defer t.Registry.close(s)
		}
	}
	switch {
	case errors.Is(err, errDraining):
		refuse(http.StatusServiceUnavailable, failure(CodeUnavailable, err.Error()))
		return
	case err != nil:
		refuse(http.StatusTooManyRequests, failure(CodeLimitExceeded, err.Error()))
		return
	}
	op, errs := exec.CreateOperationContext(ctx, params)
	if errs == nil && op.Operation.Operation == ast.Mutation && r.Method != http.MethodPost {
		bad := mutationByGET()
		w.Header().Set("Allow", bad.allow)
		refuse(bad.status, bad.err)
		return
	}
	s.answer(graphql.WithOperationContext(ctx, op), op, errs)
}

func (t *SSE) read(r *http.Request) (*graphql.RawParams, *problem) {
	if r.Method == http.MethodGet {
		return readGET(r)
	}
	return readPOST(r, cmp.Or(t.MaxBody, 1<<20))
}

func (t *SSE) withDefaults() *SSE {
	c := *t
	c.WriteTimeout = cmp.Or(c.WriteTimeout, 5*time.Second)
	c.KeepAlive = cmp.Or(c.KeepAlive, 15*time.Second)
	c.CheckEvery = cmp.Or(c.CheckEvery, 4*time.Second)
	c.RequestTimeout = cmp.Or(c.RequestTimeout, defaultTimeout)
	return &c
}
