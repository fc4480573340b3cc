package transport

import (
	"cmp"
	"context"
	"net/http"
	"time"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"
)

// HTTP answers single operations by GET and POST, as the GraphQL over HTTP specification has it. Add it after
// [Websocket] and [SSE]: it takes every request that they leave, so that no request ends without a proper refusal.
type HTTP struct {
	// MaxBody is the largest request body in bytes; 0 is 1 MiB. A larger one is answered with 413.
	MaxBody int64
	// Timeout bounds an operation; 0 is 10 s. One that takes longer is answered with UNAVAILABLE.
	Timeout time.Duration
	// RealStatus reports whether the caller wants an operation that failed without data to carry the status that its
	// extensions.code stands for, whatever the media type: machines such as n8n see nothing else. nil is never.
	RealStatus func(ctx context.Context) bool
	// Prepared keeps what repeated requests ask; nil keeps nothing.
	Prepared *Prepared
}

var _ graphql.Transport = (*HTTP)(nil)

const defaultTimeout = 10 * time.Second

// Supports reports true for all but protocol upgrades.
func (h *HTTP) Supports(r *http.Request) bool { return r.Header.Get("Upgrade") == "" }

// Do answers one request.
func (h *HTTP) Do(w http.ResponseWriter, r *http.Request, exec graphql.GraphExecutor) {
	media := negotiate(r.Header.Values("Accept")).media()
	defer func() {
		if p := recover(); p != nil {
			if p == http.ErrAbortHandler {
				panic(p)
			}
			write(w, r, cmp.Or(media, mediaJSON), http.StatusInternalServerError, recovered(r.Context(), exec, p))
		}
	}()
	asked, bad := h.read(r, media)
	if bad != nil {
		h.refuse(w, r, exec, media, bad)
		return
	}
	ctx, cancel := context.WithTimeout(r.Context(), cmp.Or(h.Timeout, defaultTimeout))
	defer cancel()
	real := h.RealStatus != nil && h.RealStatus(ctx)

	op, errs := h.operation(ctx, asked, exec)
	if errs != nil {
		resp := exec.DispatchError(graphql.WithOperationContext(ctx, op), errs)
		write(w, r, media, statusOf(resp, media, false, real), resp)
		return
	}
	switch {
	case op.Operation.Operation == ast.Subscription:
		resp := present(ctx, exec, failure(CodeBadUserInput, "subscriptions need a websocket (graphql-transport-ws) or Accept: text/event-stream"))
		write(w, r, media, statusOf(resp, media, false, real), resp)
		return
	case op.Operation.Operation == ast.Mutation && r.Method != http.MethodPost:
		h.refuse(w, r, exec, media, mutationByGET())
		return
	case op.Operation.Operation == ast.Query: // no one holds its answer longer than this
		answer := getBuffer()
		defer putBuffer(answer)
		ctx = withScratch(ctx, answer)
	}
	responses, ctx := exec.DispatchOperation(ctx, op)
	resp := responses(ctx)
	if resp == nil { // the executor's word for a context that ended
		resp = present(ctx, exec, failure(CodeUnavailable, tookTooLong))
	}
	write(w, r, media, statusOf(resp, media, true, real), resp)
}

const tookTooLong = "the operation took too long and was given up"

func mutationByGET() *problem {
	bad := refuse(http.StatusMethodNotAllowed, CodeBadUserInput, "a mutation must be sent by POST")
	bad.allow = http.MethodPost
	return bad
}

// asked is what a request asks for: an operation that is prepared, or one that is to be.
type asked struct {
	prepared *graphql.OperationContext
	params   *graphql.RawParams // where nothing is prepared
	body     string             // to keep the operation by; "" where it is not to be kept
}

func (h *HTTP) read(r *http.Request, media string) (asked, *problem) {
	switch {
	case r.Method != http.MethodGet && r.Method != http.MethodPost:
		bad := refuse(http.StatusMethodNotAllowed, CodeBadUserInput, "use POST, or GET for queries")
		bad.allow = "GET, POST"
		return asked{}, bad
	case media == "":
		return asked{}, refuse(http.StatusNotAcceptable, CodeBadUserInput,
			"the answer is application/json or application/graphql-response+json: the Accept header allows neither")
	case r.Method == http.MethodGet:
		params, bad := readGET(r)
		return asked{params: params}, bad
	}
	return h.readPOST(r)
}

func (h *HTTP) readPOST(r *http.Request) (a asked, _ *problem) {
	body, media, bad := readBody(r, cmp.Or(h.MaxBody, 1<<20))
	if bad != nil {
		return a, bad
	}
	defer putBuffer(body)
	if h.Prepared != nil && media == mediaJSON && body.Len() <= maxPrepared {
		a.body = body.String()
		if a.prepared = h.Prepared.find(r.Context(), a.body, r.Header); a.prepared != nil {
			return a, nil
		}
	}
	a.params, bad = parseBody(body.Bytes(), media, r.Header)
	return a, bad
}

// operation is what a request asks for, ready to be executed.
func (h *HTTP) operation(ctx context.Context, a asked, exec graphql.GraphExecutor) (*graphql.OperationContext, gqlerror.List) {
	if a.prepared != nil {
		return a.prepared, nil
	}
	op, errs := exec.CreateOperationContext(ctx, a.params)
	if errs == nil && a.body != "" {
		h.Prepared.keep(ctx, a.body, op)
	}
	return op, errs
}

func (h *HTTP) refuse(w http.ResponseWriter, r *http.Request, exec graphql.GraphExecutor, media string, bad *problem) {
	if bad.allow != "" {
		w.Header().Set("Allow", bad.allow)
	}
	write(w, r, cmp.Or(media, mediaJSON), bad.status, present(r.Context(), exec, bad.err))
}
