package graph

import (
	"context"

	"github.com/99designs/gqlgen/graphql"

	"github.com/mykpi/mykpi/charts"
	"github.com/mykpi/mykpi/charts/command"
	"github.com/mykpi/mykpi/charts/live"
	"github.com/mykpi/mykpi/charts/query"
	"github.com/mykpi/mykpi/graph/internal/model"
	"github.com/mykpi/mykpi/tenancy"
	"github.com/mykpi/mykpi/tenancy/apikey"
	"github.com/mykpi/mykpi/tenancy/directory"
	"github.com/mykpi/mykpi/tenancy/httpauth"
	"github.com/mykpi/mykpi/tenancy/members"
	"github.com/mykpi/mykpi/tenancy/quota"
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
	Ingestions
}

// Queries read charts as they are after every acknowledged command. A chart that does not exist, whatever its ref
// looks like, is nil without an error.
type Queries interface {
	Chart(context.Context, tenancy.ID, charts.Ref) (*query.Chart, error)
	// Named answers charts in the order of their names; nil for one that is not there.
	Named(context.Context, tenancy.ID, []charts.Ref) ([]*query.Chart, error)
	Charts(context.Context, tenancy.ID, query.Page) (*query.ChartConnection, error)
	IngestionQueries
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

// APIKeys makes, lists and revokes the keys of machines, with errors as Commands has them.
type APIKeys interface {
	Create(context.Context, tenancy.Identity, apikey.New) (*apikey.Key, string, error)
	Revoke(ctx context.Context, as tenancy.Identity, id string) (*apikey.Key, error)
	List(context.Context, tenancy.ID) ([]apikey.Key, error)
	Key(ctx context.Context, tenant tenancy.ID, id string) (*apikey.Key, error)
}

// Members reads and changes who belongs to a tenant, with errors as Commands has them.
type Members interface {
	Invite(ctx context.Context, tenant tenancy.ID, by tenancy.Actor, email string, role tenancy.Role) (*members.Member, error)
	ChangeRole(ctx context.Context, as tenancy.Identity, id string, role tenancy.Role) (*members.Member, error)
	Remove(ctx context.Context, as tenancy.Identity, id string) (*members.Member, error)
	List(context.Context, tenancy.ID) ([]members.Member, error)
	Member(ctx context.Context, tenant tenancy.ID, id string) (*members.Member, error)
}

// Quotas counts what a tenant has of what it may have.
type Quotas interface {
	Usage(context.Context, tenancy.ID) (*quota.Usage, error)
}

// resolver is the root of what gqlgen calls.
type resolver struct {
	commands  Commands
	queries   Queries
	directory Directory
	live      Live
	apiKeys   APIKeys
	members   Members
	quotas    Quotas
	sources   Sources
	version   string
}

// identity is the caller. Fields that are not public are only reached with one (see tenantScoped); without, this is
// the zero Identity, which every command and store refuses.
func identity(ctx context.Context) tenancy.Identity {
	as, _ := httpauth.From(ctx)
	return as
}

// changed answers the chart that a command has changed, as the field "chart" of a payload; nil where that is not asked for,
// as by most flows that record points, and reading it would cost as much as recording one.
func (r *resolver) changed(ctx context.Context, id charts.ID, err error) (*query.Chart, error) {
	if err != nil || !graphql.FieldRequested(ctx, "chart") {
		return nil, err
	}
	return r.queries.Chart(ctx, identity(ctx).Tenant(), charts.Ref{ID: id})
}

// changedPayload is what a command answers that has no more to tell than its chart.
func (r *resolver) changedPayload(ctx context.Context, id charts.ID, err error) (*model.ChartPayload, error) {
	chart, err := r.changed(ctx, id, err)
	return &model.ChartPayload{Chart: chart}, err
}
