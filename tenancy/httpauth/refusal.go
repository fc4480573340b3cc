package httpauth

import (
	"errors"
	"fmt"
	"net/http"
)

// The kinds of refusals. Every error of a Verifier or an Authenticator wraps one of them.
var (
	// ErrUnauthenticated says that the credential proves nothing: 401.
	ErrUnauthenticated = errors.New("unauthenticated")
	// ErrForbidden says that the caller is known and belongs to no tenant here: 403.
	ErrForbidden = errors.New("forbidden")
	// ErrUnavailable says that nobody can tell now, and that trying again makes sense: 503.
	ErrUnavailable = errors.New("unavailable")
)

// Refusal is an error with a message for the caller, which says what the caller can do. The message never holds any
// part of the credential; Cause may hold more, and is for the log.
type Refusal struct {
	Kind    error // ErrUnauthenticated, ErrForbidden or ErrUnavailable
	Message string
	Cause   error // nil where there is no more to say
}

// Refuse makes a Refusal of a kind, without a cause.
func Refuse(kind error, format string, args ...any) *Refusal {
	return &Refusal{Kind: kind, Message: fmt.Sprintf(format, args...)}
}

// Because is the same Refusal with a cause for the log.
func (r *Refusal) Because(cause error) *Refusal {
	return &Refusal{Kind: r.Kind, Message: r.Message, Cause: cause}
}

// Error is for the log: kind, message and cause.
func (r *Refusal) Error() string {
	if r.Cause == nil {
		return fmt.Sprintf("%v: %s", r.Kind, r.Message)
	}
	return fmt.Sprintf("%v: %s: %v", r.Kind, r.Message, r.Cause)
}

// Unwrap lets errors.Is find the kind and the cause.
func (r *Refusal) Unwrap() []error {
	if r.Cause == nil {
		return []error{r.Kind}
	}
	return []error{r.Kind, r.Cause}
}

// Describe says how an error of an Authenticator is told to a caller: the HTTP status, the GraphQL extensions.code
// and the message. An error outside the contract is INTERNAL, and tells nothing.
func Describe(err error) (status int, code, message string) {
	message = "the credential could not be verified"
	if refusal, ok := errors.AsType[*Refusal](err); ok {
		message = refusal.Message
	}
	switch {
	case errors.Is(err, ErrUnauthenticated):
		return http.StatusUnauthorized, "UNAUTHENTICATED", message
	case errors.Is(err, ErrForbidden):
		return http.StatusForbidden, "FORBIDDEN", message
	case errors.Is(err, ErrUnavailable):
		return http.StatusServiceUnavailable, "UNAVAILABLE", message
	}
	return http.StatusInternalServerError, "INTERNAL", "internal error"
}
