package transport

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"strings"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/gqlerror"
)

// PersistedQueries are Apollo's automatic persisted queries: a client sends the SHA-256 of a query that it has sent once.
// A text is kept under its own hash alone, so the cache may be shared by all tenants. Add it to the server before the
// guard, which then sees the text.
type PersistedQueries struct {
	cache *Cache[string]
}

// maxPersisted is the longest query that is kept, in bytes.
const maxPersisted = 16 << 10

// NewPersistedQueries keeps at most budget bytes of queries.
func NewPersistedQueries(budget int) *PersistedQueries {
	const overhead = 256 // of an entry, about
	return &PersistedQueries{NewCache(budget, func(key, query string) int { return len(key) + len(query) + overhead })}
}

var _ interface {
	graphql.HandlerExtension
	graphql.OperationParameterMutator
} = (*PersistedQueries)(nil)

// ExtensionName implements graphql.HandlerExtension.
func (*PersistedQueries) ExtensionName() string { return "PersistedQueries" }

// Validate implements graphql.HandlerExtension.
func (*PersistedQueries) Validate(graphql.ExecutableSchema) error { return nil }

// MutateOperationParameters puts the text of a query in the place of its hash.
func (p *PersistedQueries) MutateOperationParameters(ctx context.Context, params *graphql.RawParams) *gqlerror.Error {
	hash, err := persistedHash(params)
	if err != nil || hash == "" {
		return err
	}
	if params.Query == "" {
		text, ok := p.cache.Get(ctx, hash)
		if !ok {
			return failure(codePersistedQueryNotFound, "PersistedQueryNotFound")
		}
		params.Query = text
		return nil
	}
	if hash != hashOf(params.Query) {
		return failure(CodeBadUserInput, "extensions.persistedQuery.sha256Hash is not the SHA-256 of the query")
	}
	if len(params.Query) <= maxPersisted {
		p.cache.Add(ctx, hash, params.Query)
	}
	return nil
}

// persistedHash is the hash that a request names by Apollo's extension, or "".
func persistedHash(params *graphql.RawParams) (string, *gqlerror.Error) {
	ext, set := params.Extensions["persistedQuery"]
	if !set || ext == nil {
		return "", nil
	}
	fields, _ := ext.(map[string]any)
	hash, _ := fields["sha256Hash"].(string)
	if version := fmt.Sprint(fields["version"]); version != "1" || len(hash) != 2*sha256.Size {
		return "", failure(CodeBadUserInput, `extensions.persistedQuery must be {"version": 1, "sha256Hash": "…"}`)
	}
	return strings.ToLower(hash), nil
}

func hashOf(query string) string {
	sum := sha256.Sum256([]byte(query))
	return hex.EncodeToString(sum[:])
}
