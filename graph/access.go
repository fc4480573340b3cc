package graph

import (
	"context"
	"fmt"
	"strings"

	"github.com/mykpi/mykpi/charts"
	"github.com/mykpi/mykpi/graph/internal/model"
	"github.com/mykpi/mykpi/tenancy"
	"github.com/mykpi/mykpi/tenancy/apikey"
	"github.com/mykpi/mykpi/tenancy/members"
)

// chartIDs are the IDs of charts that have to be there; nil for nil.
func (r *resolver) chartIDs(ctx context.Context, refs []model.ChartRef) ([]string, error) {
	if refs == nil {
		return nil, nil
	}
	if len(refs) > apikey.MaxCharts {
		return nil, tenancy.Refuse(tenancy.BadUserInput, "charts", "must name at most %d charts, has %d", apikey.MaxCharts, len(refs))
	}
	ids := make([]string, len(refs))
	for i, ref := range refs {
		chart, err := r.queries.Chart(ctx, identity(ctx).Tenant(), ref.Ref())
		if err != nil {
			return nil, err
		}
		if chart == nil {
			return nil, tenancy.Refuse(tenancy.NotFound, fmt.Sprintf("charts[%d]", i), "there is no such chart")
		}
		ids[i] = chart.ID
	}
	return ids, nil
}

// node is what has an ID in the caller's tenant, or nil; what only administrators may list is there for them alone.
func (r *resolver) node(ctx context.Context, id string) (model.Node, error) {
	as := identity(ctx)
	switch {
	case id == as.Tenant().String():
		return r.directory.Tenant(ctx, as.Tenant())
	case apikey.IsID(id) && as.Can(tenancy.Administer):
		key, err := r.apiKeys.Key(ctx, as.Tenant(), id)
		if key == nil {
			return nil, err
		}
		return key, err
	case strings.HasPrefix(id, ingestionID) && as.Can(tenancy.Record):
		ingestion, err := r.queries.Ingestion(ctx, as.Tenant(), id)
		if ingestion == nil {
			return nil, err
		}
		return ingestion, err
	case strings.HasPrefix(id, sourceID) && as.Can(tenancy.Edit):
		return r.sourceNode(ctx, id)
	case members.IsID(id) && as.Can(tenancy.Administer):
		member, err := r.members.Member(ctx, as.Tenant(), id)
		if member == nil {
			return nil, err
		}
		return member, err
	}
	chart, err := r.queries.Chart(ctx, as.Tenant(), charts.Ref{ID: charts.ID(id)})
	if chart == nil {
		return nil, err
	}
	return chart, err
}
