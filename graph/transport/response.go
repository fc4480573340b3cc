package transport

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"sync"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/gqlerror"

	"github.com/mykpi/mykpi/onewrite"
)

// encode appends a response as clients read it. gqlgen's own struct writes "data": null on a request error, and
// json.Marshal reads Data through once more to compact what is compact already.
func encode(dst *bytes.Buffer, resp *graphql.Response) {
	dst.WriteByte('{')
	comma := false
	field := func(name string) {
		if comma {
			dst.WriteByte(',')
		}
		comma = true
		dst.WriteByte('"')
		dst.WriteString(name)
		dst.WriteString(`":`)
	}
	if len(resp.Errors) > 0 {
		field("errors")
		encodeErrors(dst, resp.Errors)
	}
	if resp.Data != nil {
		field("data")
		dst.Write(resp.Data)
	}
	if len(resp.Extensions) > 0 {
		if text, err := json.Marshal(resp.Extensions); err == nil {
			field("extensions")
			dst.Write(text)
		}
	}
	dst.WriteByte('}')
}

// encodeErrors appends a list of errors. Extensions that JSON can't hold are a programming error; the client is told no
// more than that there is one.
func encodeErrors(dst *bytes.Buffer, errs gqlerror.List) {
	text, err := json.Marshal(errs)
	if err != nil {
		text = []byte(`[{"message":"internal error","extensions":{"code":"` + CodeInternal + `"}}]`)
	}
	dst.Write(text)
}

// present runs a refusal through the executor's presenter, which gives it its trace id.
func present(ctx context.Context, exec graphql.GraphExecutor, err error) *graphql.Response {
	if !graphql.HasOperationContext(ctx) { // response middleware may ask for it
		ctx = graphql.WithOperationContext(ctx, &graphql.OperationContext{})
	}
	return exec.DispatchError(ctx, errorList(err))
}

// errorList is what an error says as a list of GraphQL errors.
func errorList(err error) gqlerror.List {
	if list, ok := errors.AsType[gqlerror.List](err); ok {
		return list
	}
	if one, ok := errors.AsType[*gqlerror.Error](err); ok {
		return gqlerror.List{one}
	}
	return gqlerror.List{gqlerror.Wrap(err)}
}

// recovered turns a panic into the error that the executor's recover function and presenter make of it.
func recovered(ctx context.Context, exec graphql.GraphExecutor, panicked any) *graphql.Response {
	errs := gqlerror.List{failure(CodeInternal, "internal error")}
	if p, ok := exec.(interface {
		PresentRecoveredError(ctx context.Context, err any) error
	}); ok {
		switch err := p.PresentRecoveredError(ctx, panicked).(type) {
		case *gqlerror.Error:
			errs[0] = err
		case nil:
		default:
			errs[0] = failure(CodeInternal, fmt.Sprint(err))
		}
	}
	return &graphql.Response{Errors: errs}
}

var buffers = sync.Pool{New: func() any { return new(bytes.Buffer) }}

func getBuffer() *bytes.Buffer { return buffers.Get().(*bytes.Buffer) }

// putBuffer keeps a buffer for another request, unless it grew so far that keeping it is a waste.
func putBuffer(b *bytes.Buffer) {
	if b.Cap() > 1<<20 {
		return
	}
	b.Reset()
	buffers.Put(b)
}

// write sends one whole answer.
func write(w http.ResponseWriter, r *http.Request, media string, status int, resp *graphql.Response) {
	header := w.Header()
	header.Set("Content-Type", media+"; charset=utf-8")
	header.Set("X-Content-Type-Options", "nosniff")
	header.Set("Cache-Control", "no-store")
	header.Add("Vary", "Accept, Accept-Encoding")
	if (status == http.StatusTooManyRequests || status == http.StatusServiceUnavailable) && header.Get("Retry-After") == "" {
		header.Set("Retry-After", retryAfter(resp.Errors))
	}
	if resp.Data != nil && len(resp.Errors) == 0 && len(resp.Extensions) == 0 && writePlain(w, r, status, resp.Data) {
		return
	}
	body := getBuffer()
	defer putBuffer(body)
	encode(body, resp)
	out := body
	if coding := contentCoding(r, body.Len()); coding != "" {
		packed := getBuffer()
		defer putBuffer(packed)
		if compress(packed, body.Bytes(), coding) {
			header.Set("Content-Encoding", coding)
			out = packed
		}
	}
	header.Set("Content-Length", strconv.Itoa(out.Len()))
	w.WriteHeader(status)
	_ = onewrite.Write(w, r, out.Bytes()) // a client that left is no error of ours
}

var beforeData = []byte(`{"data":`)

// writePlain sends an answer of data alone as encode writes it, without a copy of what may be large. It reports false where
// the answer is to be compressed.
func writePlain(w http.ResponseWriter, r *http.Request, status int, data []byte) bool {
	length := len(beforeData) + len(data) + len("}")
	if contentCoding(r, length) != "" {
		return false
	}
	w.Header().Set("Content-Length", strconv.Itoa(length))
	w.WriteHeader(status)
	_ = onewrite.Write(w, r, beforeData, append(data, '}')) // most often there is room; a write of one byte would be a packet of its own
	return true
}

// retryAfter is in seconds: what the first error says in extensions.retryAfter, or 1.
func retryAfter(errs gqlerror.List) string {
	if len(errs) > 0 {
		if seconds, ok := errs[0].Extensions["retryAfter"].(int); ok && seconds > 0 {
			return strconv.Itoa(seconds)
		}
	}
	return "1"
}
