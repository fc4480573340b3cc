package graph

import (
	"context"

	"github.com/mykpi/mykpi/charts"
	"github.com/mykpi/mykpi/charts/command"
	"github.com/mykpi/mykpi/charts/live"
	"github.com/mykpi/mykpi/charts/query"
	"github.com/mykpi/mykpi/graph/internal/model"
	"github.com/mykpi/mykpi/tenancy"
	"github.com/mykpi/mykpi/tenancy/directory"
	"github.com/mykpi/mykpi/tenancy/httpauth"
)

// Commands change charts. An error that callers may see is a *tenancy.Refusal whose Field is relative to the
// mutation's input.
type Commands interface {
	CreateChart(context.Context, tenancy.Identity, command.CreateChart) (charts.ID, error)
	UpdateChart(context.Context, tenancy.Identity, command.UpdateChart) (charts.ID, error)
	ArchiveChart(context.Context, tenancy.Identity, command.ArchiveChart) (charts.ID, error)
	RestoreChart(context.Context, tenancy.Identity, command.RestoreChart) (charts.ID, error)
	RecordDataPoints(context.Context, tenancy.Identity, command.RecordDataPoints) (command.Recorded, error)
	RemoveDataPoints(context.Context, tenancy.Identity, command.RemoveDataPoints) (command.Removed, error)
}

// Queries read charts as they are after every acknowledged command. A chart that does not exist, whatever its ref
// looks like, is nil without an error.
type Queries interface {
	Chart(context.Context, tenancy.ID, charts.Ref) (*query.Chart, error)
	Charts(context.Context, tenancy.ID, query.Page) (*query.ChartConnection, error)
}

// Directory reads and changes tenants, with errors as Commands has them.
type Directory interface {
	Tenant(context.Context, tenancy.ID) (*directory.Tenant, error)
	UpdateTenant(context.Context, tenancy.Identity, directory.Changes) (*directory.Tenant, error)
}

// Live follows charts. The channel is closed soon after the context has ended; nil refs are all charts.
type Live interface {
	KpiUpdated(ctx context.Context, tenant tenancy.ID, refs []charts.Ref, after *string) (<-chan *live.KpiUpdate, error)
}

// resolver is the root of what gqlgen calls.
type resolver struct {
	commands  Commands
	queries   Queries
	directory Directory
	live      Live
	version   string
}

// identity is the caller. Fields that are not public are only reached with one (see tenantScoped); without, this is
// the zero Identity, which every command and store refuses.
func identity(ctx context.Context) tenancy.Identity {
	as, _ := httpauth.From(ctx)
	return as
}

// changed answers the chart that a command has changed.
func (r *resolver) changed(ctx context.Context, id charts.ID, err error) (*query.Chart, error) {
	if err != nil {
		return nil, err
	}
	return r.queries.Chart(ctx, identity(ctx).Tenant(), charts.Ref{ID: id})
}

// changedPayload is what a command answers that has no more to tell than its chart.
func (r *resolver) changedPayload(ctx context.Context, id charts.ID, err error) (*model.ChartPayload, error) {
	chart, err := r.changed(ctx, id, err)
	return &model.ChartPayload{Chart: chart}, err
}
