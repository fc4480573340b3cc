package command

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/mykpi/mykpi/charts"
	"github.com/mykpi/mykpi/charts/journal"
	"github.com/mykpi/mykpi/tenancy"
)

// CreateChart asks for a new chart.
type CreateChart struct {
	Key         string // "": made from the name, with a number behind it where that is taken
	Aggregation charts.Aggregation
	charts.Settings
}

// mostKeys is how many keys are tried for a name before the caller must choose one.
const mostKeys = 20

// CreateChart makes a chart and answers its ID. KEY_TAKEN where another chart of the tenant has the key.
func (h *Handlers) CreateChart(ctx context.Context, as tenancy.Identity, c CreateChart) (charts.ID, error) {
	if h.Quota != nil {
		if err := h.Quota.Chart(ctx, as.Tenant()); err != nil {
			return "", err
		}
	}
	id := charts.ID("chart_" + strings.ToLower(h.NewID()))
	key := c.Key
	if key == "" {
		key = charts.KeyFromName(c.Name)
	}
	for n := 2; ; n++ {
		events, err := charts.Decide(charts.Chart{}, charts.Create{ID: id, Key: key, Aggregation: c.Aggregation, Settings: c.Settings})
		if err != nil {
			return "", err
		}
		err = h.Journal.Create(ctx, as.Tenant(), journal.Meta{By: as.Actor()}, events[0].(charts.ChartCreated))
		if !errors.Is(err, journal.ErrKeyTaken) {
			return id, err
		}
		if c.Key != "" || n > mostKeys {
			return "", tenancy.Refuse(tenancy.KeyTaken, "key", "another chart has the key %q: choose another one", key)
		}
		key = fmt.Sprintf("%s-%d", charts.KeyFromName(c.Name), n)
	}
}
