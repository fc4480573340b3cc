package transfer

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/mykpi/mykpi/charts"
	"github.com/mykpi/mykpi/charts/query"
	"github.com/mykpi/mykpi/tenancy"
)

// ErrDiffer says that two stores do not tell the same of a tenant.
var ErrDiffer = errors.New("transfer: the KPIs differ")

// told is what a chart says, for all periods.
type told struct {
	Chart  *query.Chart
	Kpis   []*query.Kpi
	Trends []*query.Trend
}

// Compare asks two readers, whose clocks must show the same, for every chart's settings, KPIs and trends, and answers how many
// charts it has compared. ErrDiffer: they don't say the same.
func Compare(ctx context.Context, a, b *query.Reader, tenant tenancy.ID) (compared int, err error) {
	those, err := all(ctx, a, tenant)
	if err != nil {
		return 0, err
	}
	others, err := all(ctx, b, tenant)
	if err != nil {
		return 0, err
	}
	for id, text := range those {
		if others[id] != text {
			err = errors.Join(err, fmt.Errorf("%w: chart %s says\n%s\nand\n%s", ErrDiffer, id, text, others[id]))
		}
		delete(others, id)
	}
	for id := range others {
		err = errors.Join(err, fmt.Errorf("%w: chart %s is on one side alone", ErrDiffer, id))
	}
	return len(those), err
}

func all(ctx context.Context, r *query.Reader, tenant tenancy.ID) (map[string]string, error) {
	read, err := r.All(ctx, tenant)
	if err != nil {
		return nil, err
	}
	texts := map[string]string{}
	for _, c := range read {
		t := told{Chart: c}
		for _, period := range []charts.Period{
			charts.Today, charts.Last24Hours, charts.Last7Days, charts.Last30Days, charts.Last90Days, charts.Last12Months,
			charts.ThisWeek, charts.ThisMonth, charts.ThisQuarter, charts.ThisYear,
		} {
			kpi, err := c.Kpi(ctx, &period, nil, nil)
			if err != nil {
				return nil, err
			}
			trend, err := c.Trend(ctx, &period, nil, nil, nil)
			if err != nil {
				return nil, err
			}
			t.Kpis, t.Trends = append(t.Kpis, kpi), append(t.Trends, trend)
		}
		text, err := json.Marshal(t)
		if err != nil {
			return nil, err
		}
		texts[c.ID] = string(text)
	}
	return texts, nil
}
