package transport

import "github.com/vektah/gqlparser/v2/gqlerror"

// The values of extensions.code in errors that this package makes or knows a status for. They are the error contract
// of the public API.
const (
	CodeBadUserInput    = "BAD_USER_INPUT"
	CodeForbidden       = "FORBIDDEN"
	CodeInternal        = "INTERNAL"
	CodeLimitExceeded   = "LIMIT_EXCEEDED"
	CodeNotFound        = "NOT_FOUND"
	CodeConflict        = "VERSION_CONFLICT"
	CodeKeyTaken        = "KEY_TAKEN"
	CodeKeyReused       = "IDEMPOTENCY_KEY_REUSED"
	CodeRateLimited     = "RATE_LIMITED"
	CodeTooComplex      = "QUERY_TOO_COMPLEX"
	CodeUnauthenticated = "UNAUTHENTICATED"
	CodeUnavailable     = "UNAVAILABLE"

	codePersistedQueryNotFound = "PERSISTED_QUERY_NOT_FOUND" // what Apollo's clients look for
)

// failure is a GraphQL error with a code of the contract.
func failure(code, message string) *gqlerror.Error {
	return &gqlerror.Error{Message: message, Extensions: map[string]any{"code": code}}
}

// codeOf is the code of the first error, or "".
func codeOf(errs gqlerror.List) string {
	if len(errs) == 0 || errs[0] == nil {
		return ""
	}
	code, _ := errs[0].Extensions["code"].(string)
	return code
}
