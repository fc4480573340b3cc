package ingest

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"runtime/debug"

	"github.com/mykpi/mykpi/charts/command"
	"github.com/mykpi/mykpi/tenancy"
)

// Answer is what became of the points of a request.
type Answer struct {
	IngestionID string              `json:"ingestionId,omitempty"` // what they can be found and undone by
	Recorded    int                 `json:"recorded"`
	Corrected   int                 `json:"corrected"`
	Unchanged   int                 `json:"unchanged"`
	Rejected    []command.Rejection `json:"rejected"`
	// RejectedTotal counts all that were refused, where Rejected does not tell them all.
	RejectedTotal int  `json:"rejectedTotal,omitempty"`
	DryRun        bool `json:"dryRun,omitempty"`
}

// mostTold is how many refused points an answer tells; rejectedPoints tells them all.
const mostTold = 1000

func (a *Answer) add(done command.Recorded) {
	a.Recorded += done.Recorded
	a.Corrected += done.Corrected
	a.Unchanged += done.Unchanged
	if a.IngestionID == "" {
		a.IngestionID = done.IngestionID
	}
}

// name tells the request's own ingestion, if it is one. A request that completes one that was cut off, under the same
// idempotency key, is told the answers of the first until it records something itself.
func (a *Answer) name(i *command.Ingestion) {
	if id := i.ID(); id != "" {
		a.IngestionID = id
	}
}

func (a *Answer) reject(r command.Rejection) {
	a.RejectedTotal++
	if len(a.Rejected) < mostTold {
		a.Rejected = append(a.Rejected, r)
	}
}

// done is the answer to be written.
func (a *Answer) done() *Answer {
	if a.Rejected == nil {
		a.Rejected = []command.Rejection{}
	}
	if a.RejectedTotal == len(a.Rejected) {
		a.RejectedTotal = 0
	}
	return a
}

// requestError is a request that can't be taken, with a status of HTTP that no code of the contract has.
type requestError struct {
	status  int
	message string
}

func (e *requestError) Error() string { return e.message }

func refuseRequest(status int, format string, args ...any) error {
	return &requestError{status, fmt.Sprintf(format, args...)}
}

// statusOf is the status that goes with a code.
var statusOf = map[tenancy.Code]int{
	tenancy.BadUserInput:         http.StatusUnprocessableEntity,
	tenancy.NotFound:             http.StatusNotFound,
	tenancy.VersionConflict:      http.StatusConflict,
	tenancy.KeyTaken:             http.StatusConflict,
	tenancy.Forbidden:            http.StatusForbidden,
	tenancy.Unauthenticated:      http.StatusUnauthorized,
	tenancy.IdempotencyKeyReused: http.StatusUnprocessableEntity, // as draft-ietf-httpapi-idempotency-key-header has it, and GraphQL here
	tenancy.LimitExceeded:        http.StatusUnprocessableEntity,
	tenancy.RateLimited:          http.StatusTooManyRequests,
	tenancy.Unavailable:          http.StatusServiceUnavailable,
	tenancy.Internal:             http.StatusInternalServerError,
}

// failure is the body of a failure, in the shape of GraphQL's: n8n shows errors[0].message.
type failure struct {
	Errors []failureError `json:"errors"`
}

type failureError struct {
	Message    string            `json:"message"`
	Extensions failureExtensions `json:"extensions"`
}

type failureExtensions struct {
	Code    tenancy.Code `json:"code"`
	Field   string       `json:"field,omitempty"`
	TraceID string       `json:"traceId"`
}

// retryAfter is told with 503, in seconds.
const retryAfter = "2"

// refuse writes an error: a refusal as it is, what is wrong with the request, that the store is away, or nothing but the
// trace ID.
func (h *handler) refuse(w http.ResponseWriter, r *http.Request, trace string, err error) {
	status, told := http.StatusInternalServerError, failureError{"internal error, trace " + trace, failureExtensions{Code: tenancy.Internal, TraceID: trace}}
	var tooLarge *http.MaxBytesError
	if refused, ok := errors.AsType[*tenancy.Refusal](err); ok {
		status = statusOf[refused.Code]
		told.Message, told.Extensions.Code, told.Extensions.Field = refused.Error(), refused.Code, refused.Field
	} else if request, ok := errors.AsType[*requestError](err); ok {
		status = request.status
		told.Message, told.Extensions.Code = request.message, tenancy.BadUserInput
	} else if errors.As(err, &tooLarge) {
		status = http.StatusRequestEntityTooLarge
		told.Message, told.Extensions.Code = fmt.Sprintf("the body must be at most %d bytes: send it in parts", tooLarge.Limit), tenancy.LimitExceeded
	} else if h.Unavailable(err) || errors.Is(err, context.DeadlineExceeded) || errors.Is(err, context.Canceled) {
		status = http.StatusServiceUnavailable
		told.Message, told.Extensions.Code = "the service is not available now; try again", tenancy.Unavailable
		h.log(r, slog.LevelWarn, "webhook: unavailable", trace, err)
	} else {
		h.log(r, slog.LevelError, "webhook: internal error", trace, err)
	}
	switch status {
	case http.StatusUnauthorized:
		w.Header().Set("WWW-Authenticate", `Bearer realm="mykpi"`)
	case http.StatusServiceUnavailable:
		w.Header().Set("Retry-After", retryAfter)
	}
	if status == http.StatusRequestEntityTooLarge {
		// A caller that is cut off while it sends sees a broken connection, not the answer.
		_, _ = io.CopyN(io.Discard, r.Body, mostDrained)
	}
	write(w, status, failure{[]failureError{told}})
}

// mostDrained is how much is read, in bytes, of a body that is too large to be taken.
const mostDrained = 32 << 20

func (h *handler) panicked(w http.ResponseWriter, r *http.Request, trace string, p any) {
	if p == http.ErrAbortHandler {
		panic(p)
	}
	h.refuse(w, r, trace, fmt.Errorf("panic: %v\n%s", p, debug.Stack()))
}

func (h *handler) log(r *http.Request, level slog.Level, message, trace string, err error) {
	h.Logger.LogAttrs(r.Context(), level, message, slog.String("traceId", trace), slog.String("path", r.Pattern), slog.Any("err", err))
}

func write(w http.ResponseWriter, status int, answer any) {
	body, err := json.Marshal(answer)
	if err != nil {
		panic("ingest: an answer of strings and numbers can't fail to encode: " + err.Error())
	}
	header := w.Header()
	header.Set("Content-Type", "application/json; charset=utf-8")
	header.Set("Cache-Control", "no-store")
	header.Set("X-Content-Type-Options", "nosniff")
	w.WriteHeader(status)
	_, _ = w.Write(append(body, '\n')) // a caller who has gone needs no answer
}
