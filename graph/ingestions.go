package graph

import (
	"context"
	"encoding/json"
	"errors"
	"time"

	"github.com/mykpi/mykpi/charts"
	"github.com/mykpi/mykpi/charts/command"
	"github.com/mykpi/mykpi/charts/query"
	"github.com/mykpi/mykpi/graph/internal/model"
	"github.com/mykpi/mykpi/ingest/source"
	"github.com/mykpi/mykpi/tenancy"
)

// Ingestions take back, bring back and send again what calls brought in, with errors as Commands has them.
type Ingestions interface {
	UndoIngestion(context.Context, tenancy.Identity, command.UndoIngestion) (command.Undone, error)
	RedoIngestion(context.Context, tenancy.Identity, command.RedoIngestion) (command.Redone, error)
	ReplayRejectedPoints(ctx context.Context, as tenancy.Identity, ids []string) (command.Recorded, error)
}

// IngestionQueries read what calls brought in. An ingestion that does not exist is nil without an error.
type IngestionQueries interface {
	Ingestion(ctx context.Context, tenant tenancy.ID, id string) (*query.Ingestion, error)
	Ingestions(context.Context, tenancy.ID, query.IngestionPage) (*query.IngestionConnection, error)
	RejectedPoints(context.Context, tenancy.ID, query.RejectedPage) (*query.RejectedPointConnection, error)
}

// Sources turn foreign payloads into points, with errors as Commands has them.
type Sources interface {
	CreateSource(context.Context, tenancy.Identity, source.Create) (made *source.Source, secret string, err error)
	RotateSecret(ctx context.Context, as tenancy.Identity, id, secret string) (*source.Source, string, error)
	Delete(ctx context.Context, as tenancy.Identity, id string) error
	Test(ctx context.Context, tenant tenancy.ID, id string, payload json.RawMessage) ([]command.PointInput, error)
	Source(ctx context.Context, tenant tenancy.ID, id string) (*source.Source, error)
	Sources(context.Context, tenancy.ID) ([]source.Source, error)
}

// sourcesPath is where the senders of sources post to.
const sourcesPath = "/webhooks/sources/"

// now is the time by which a payload is tried.
func now() charts.Instant { return charts.InstantOf(time.Now()) }

// What the IDs of ingestions and sources begin with.
const (
	ingestionID = "ing_"
	sourceID    = "src_"
)

// sourceNode is a source of the caller's tenant, or nil.
func (r *resolver) sourceNode(ctx context.Context, id string) (model.Node, error) {
	found, err := r.sources.Source(ctx, identity(ctx).Tenant(), id)
	if refused, ok := errors.AsType[*tenancy.Refusal](err); ok && refused.Code == tenancy.NotFound {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	return r.source(ctx, found)
}

// source is one source with its chart.
func (r *resolver) source(ctx context.Context, found *source.Source) (*model.Source, error) {
	shown, err := r.withCharts(ctx, []source.Source{*found})
	if err != nil {
		return nil, err
	}
	return &shown[0], nil
}

// withCharts are sources with their charts, which are read at once.
func (r *resolver) withCharts(ctx context.Context, sources []source.Source) ([]model.Source, error) {
	refs := make([]charts.Ref, len(sources))
	for i, s := range sources {
		refs[i] = charts.Ref{ID: s.Chart}
	}
	read, err := r.queries.Named(ctx, identity(ctx).Tenant(), refs)
	if err != nil {
		return nil, err
	}
	shown := make([]model.Source, len(sources))
	for i, s := range sources {
		shown[i] = model.Source{Source: s, Chart: read[i]}
	}
	return shown, nil
}

// ingestion is an ingestion that was just undone or redone.
func (r *resolver) ingestion(ctx context.Context, id string, err error) (*query.Ingestion, error) {
	if err != nil {
		return nil, err
	}
	return r.queries.Ingestion(ctx, identity(ctx).Tenant(), id)
}
