package transport

import (
	"cmp"
	"net/http"

	"github.com/99designs/gqlgen/graphql"
)

// statuses is every HTTP status that a GraphQL error decides, by its code.
//
//   - request: the operation was refused before it ran, and the client speaks application/graphql-response+json or
//     asked for real statuses.
//   - failed: it ran and has no data.
//   - json: either, for application/json as GraphQL over HTTP describes it. Only what a proxy or an HTTP client must
//     act on leaves 200 there.
var statuses = map[string]struct{ request, failed, json int }{
	CodeUnauthenticated:        {401, 401, 401},
	CodeForbidden:              {403, 403, 200},
	CodeNotFound:               {404, 404, 200},
	CodeConflict:               {409, 409, 200},
	CodeKeyTaken:               {409, 409, 200},
	CodeKeyReused:              {422, 422, 200}, // as draft-ietf-httpapi-idempotency-key-header has it
	CodeBadUserInput:           {400, 422, 200},
	CodeLimitExceeded:          {422, 422, 200},
	CodeTooComplex:             {400, 400, 200},
	CodeRateLimited:            {429, 429, 429},
	CodeUnavailable:            {503, 503, 503},
	CodeInternal:               {500, 500, 200},
	codePersistedQueryNotFound: {200, 200, 200}, // not a fault: the client sends the text next
}

// statusOf is the status of an answer. executed says that the operation ran; real, that the caller wants the status of
// an operation that failed whatever its media type.
func statusOf(resp *graphql.Response, media string, executed, real bool) int {
	if len(resp.Errors) == 0 {
		return http.StatusOK
	}
	s, known := statuses[codeOf(resp.Errors)]
	if null := string(resp.Data) == "null"; resp.Data != nil && !null {
		return http.StatusOK
	} else if null && !real {
		return cmp.Or(s.json, http.StatusOK)
	}
	if !known {
		s.request, s.failed, s.json = http.StatusBadRequest, http.StatusInternalServerError, http.StatusOK
	}
	switch {
	case media == mediaJSON && !real:
		return s.json
	case executed:
		return s.failed
	}
	return s.request
}
