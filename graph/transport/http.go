package transport

import (
	"cmp"
	"context"
	"net/http"
	"time"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/ast"
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
	params, bad := h.read(r, media)
	if bad != nil {
		h.refuse(w, r, exec, media, bad)
		return
	}
	ctx, cancel := context.WithTimeout(r.Context(), cmp.Or(h.Timeout, defaultTimeout))
	defer cancel()
	real := h.RealStatus != nil && h.RealStatus(ctx)

	op, errs := exec.CreateOperationContext(ctx, params)
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

func (h *HTTP) read(r *http.Request, media string) (*graphql.RawParams, *problem) {
	switch {
	case r.Method != http.MethodGet && r.Method != http.MethodPost:
		bad := refuse(http.StatusMethodNotAllowed, CodeBadUserInput, "use POST, or GET for queries")
		bad.allow = "GET, POST"
		return nil, bad
	case media == "":
		return nil, refuse(http.StatusNotAcceptable, CodeBadUserInput,
			"the answer is application/json or application/graphql-response+json: the Accept header allows neither")
	case r.Method == http.MethodGet:
		return readGET(r)
	}
	return readPOST(r, cmp.Or(h.MaxBody, 1<<20))
}

func (h *HTTP) refuse(w http.ResponseWriter, r *http.Request, exec graphql.GraphExecutor, media string, bad *problem) {
	if bad.allow != "" {
		w.Header().Set("Allow", bad.allow)
	}
	write(w, r, cmp.Or(media, mediaJSON), bad.status, present(r.Context(), exec, bad.err))
}
