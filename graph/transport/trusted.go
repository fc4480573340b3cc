package transport

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/gqlerror"
)

// TrustedDocuments lets only the queries of a manifest run: asked for by documentId, by Apollo's persistedQuery extension,
// or by their very text. It takes the place of [PersistedQueries].
type TrustedDocuments struct {
	byID  map[string]string // also by hash
	texts map[string]bool
}

// ParseTrustedDocuments reads a manifest, a JSON object of queries by their SHA-256, in hex, or by any other id.
func ParseTrustedDocuments(manifest []byte) (*TrustedDocuments, error) {
	var byID map[string]string
	if err := json.Unmarshal(manifest, &byID); err != nil {
		return nil, fmt.Errorf("trusted documents: the manifest must be a JSON object of queries by id: %w", err)
	}
	if len(byID) == 0 {
		return nil, errors.New("trusted documents: the manifest is empty: no query could run")
	}
	d := &TrustedDocuments{byID: make(map[string]string, 2*len(byID)), texts: make(map[string]bool, len(byID))}
	for id, query := range byID {
		if query == "" {
			return nil, fmt.Errorf("trusted documents: %q has no text", id)
		}
		d.byID[id], d.byID[hashOf(query)], d.byID["sha256:"+hashOf(query)] = query, query, query
		d.texts[query] = true
	}
	return d, nil
}

var _ interface {
	graphql.HandlerExtension
	graphql.OperationParameterMutator
} = (*TrustedDocuments)(nil)

// ExtensionName implements graphql.HandlerExtension.
func (*TrustedDocuments) ExtensionName() string { return "TrustedDocuments" }

// Validate implements graphql.HandlerExtension.
func (*TrustedDocuments) Validate(graphql.ExecutableSchema) error { return nil }

// MutateOperationParameters puts the text of a document in the place of its id.
func (d *TrustedDocuments) MutateOperationParameters(_ context.Context, params *graphql.RawParams) *gqlerror.Error {
	id, _ := params.Extensions[extensionDocumentID].(string)
	if id == "" {
		hash, err := persistedHash(params)
		if err != nil {
			return err
		}
		id = hash
	}
	switch text, known := d.byID[id]; {
	case params.Query == "" && known:
		params.Query = text
		return nil
	case params.Query != "" && d.texts[params.Query] && (id == "" || text == params.Query):
		return nil
	}
	return failure(CodeForbidden, "this server runs only the documents of its manifest, and this is none of them")
}
