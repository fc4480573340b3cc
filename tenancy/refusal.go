package tenancy

import "fmt"

// Code is the machine-readable kind of a refusal: extensions.code of a GraphQL error.
type Code string

// The codes clients are promised.
const (
	BadUserInput         Code = "BAD_USER_INPUT"
	NotFound             Code = "NOT_FOUND"
	VersionConflict      Code = "VERSION_CONFLICT"
	KeyTaken             Code = "KEY_TAKEN"
	Forbidden            Code = "FORBIDDEN"
	Unauthenticated      Code = "UNAUTHENTICATED"
	IdempotencyKeyReused Code = "IDEMPOTENCY_KEY_REUSED"
	LimitExceeded        Code = "LIMIT_EXCEEDED"
	RateLimited          Code = "RATE_LIMITED"
	QueryTooComplex      Code = "QUERY_TOO_COMPLEX"
	Unavailable          Code = "UNAVAILABLE"
	Internal             Code = "INTERNAL"
)

// Refusal is an error whose whole text may be shown to the caller: it names what the caller can change, and nothing
// of any other tenant or of the machine. Every other error reaches callers as INTERNAL.
type Refusal struct {
	Code    Code
	Field   string // the input path at fault, such as "points[3].value", or ""
	Message string
}

// Refuse makes a Refusal.
func Refuse(code Code, field, format string, args ...any) *Refusal {
	return &Refusal{Code: code, Field: field, Message: fmt.Sprintf(format, args...)}
}

func (r *Refusal) Error() string {
	if r.Field == "" {
		return r.Message
	}
	return r.Field + ": " + r.Message
}
