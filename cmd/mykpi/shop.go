package main

import (
	"context"
	"hash/fnv"
	"log/slog"
	"math"
	"math/rand/v2"
	"time"

	"github.com/mykpi/mykpi/charts"
	"github.com/mykpi/mykpi/charts/command"
	"github.com/mykpi/mykpi/tenancy"
)

// shop is the demo's tenant: charts whose figures follow a week's rhythm, the season and some growth.
type shop struct {
	core *core
	as   tenancy.Identity
}

// shopChart is one chart of the shop and how its figures come about.
type shopChart struct {
	key, name, description string
	aggregation            charts.Aggregation
	visualization          charts.Visualization
	unit                   charts.Unit
	target                 string // "" for none
	direction              charts.Direction
	staleAfter             time.Duration
	every                  time.Duration // between points of the history
	level                  float64       // of a point, today, on an average day
	growth                 float64       // over the year before
	weekly                 float64       // 1: a quiet week-end halves it; 0: every day is alike
	daily                  bool          // quiet nights, busy evenings
	noise                  float64       // as a share of the level
	live                   time.Duration // between points from now on
	step                   float64       // of such a point, where it is not of the history's size: one order, not an hour's
}

func euros(decimals int) charts.Unit {
	return charts.Unit{Kind: charts.UnitCurrency, Currency: "EUR", Decimals: decimals}
}

func plain(decimals int, suffix string) charts.Unit {
	return charts.Unit{Kind: charts.UnitNumber, Decimals: decimals, Suffix: suffix}
}

var percent = charts.Unit{Kind: charts.UnitPercent, Decimals: 2}

const (
	anHour = time.Hour
	aDay   = 24 * time.Hour
)

var shopCharts = []shopChart{
	{key: "revenue", name: "Revenue", description: "Paid orders, VAT included", aggregation: charts.Sum, visualization: charts.Area, unit: euros(2), target: "21000", direction: charts.UpIsGood, staleAfter: 6 * anHour, every: anHour, level: 128, growth: 0.35, weekly: 0.5, daily: true, noise: 0.35, live: 20 * time.Second, step: 49},
	{key: "orders", name: "Orders", description: "Paid orders", aggregation: charts.Sum, visualization: charts.Bar, unit: plain(0, "orders"), target: "400", direction: charts.UpIsGood, staleAfter: 6 * anHour, every: anHour, level: 2.6, growth: 0.28, weekly: 0.5, daily: true, noise: 0.5, live: 20 * time.Second, step: 1},
	{key: "average-order-value", name: "Average order value", aggregation: charts.Average, visualization: charts.Line, unit: euros(2), direction: charts.UpIsGood, every: 6 * anHour, level: 49, growth: 0.06, noise: 0.12, live: 5 * time.Second},
	{key: "visitors", name: "Visitors", description: "Sessions in the shop", aggregation: charts.Sum, visualization: charts.Area, unit: plain(0, ""), direction: charts.UpIsGood, every: anHour, level: 94, growth: 0.22, weekly: 0.3, daily: true, noise: 0.2, live: 2 * time.Second, step: 1},
	{key: "conversion", name: "Conversion rate", description: "Orders per hundred visitors", aggregation: charts.Average, visualization: charts.Line, unit: percent, target: "2.5", direction: charts.UpIsGood, every: 6 * anHour, level: 2.7, growth: 0.08, noise: 0.1, live: 6 * time.Second},
	{key: "mrr", name: "Monthly recurring revenue", description: "Subscriptions to the coffee box", aggregation: charts.Last, visualization: charts.Line, unit: euros(0), target: "12500", direction: charts.UpIsGood, staleAfter: 2 * aDay, every: aDay, level: 12240, growth: 0.42, noise: 0.004, live: 9 * time.Second},
	{key: "churn", name: "Churn", description: "Subscribers who left, of all, over 30 days", aggregation: charts.Last, visualization: charts.Line, unit: percent, target: "3", direction: charts.DownIsGood, every: aDay, level: 2.6, growth: -0.2, noise: 0.06, live: 11 * time.Second},
	{key: "new-customers", name: "New customers", aggregation: charts.Count, visualization: charts.Bar, unit: plain(0, ""), target: "90", direction: charts.UpIsGood, every: 3 * anHour, level: 1, growth: 0, weekly: 0.4, noise: 0, live: 13 * time.Second},
	{key: "open-tickets", name: "Open tickets", description: "Waiting for an answer", aggregation: charts.Last, visualization: charts.Gauge, unit: plain(0, ""), target: "15", direction: charts.DownIsGood, staleAfter: aDay, every: 6 * anHour, level: 12, growth: 0.1, weekly: 0.3, noise: 0.3, live: 7 * time.Second},
	{key: "first-response", name: "First response time", description: "Hours to the first answer", aggregation: charts.Average, visualization: charts.Line, unit: plain(1, "h"), target: "4", direction: charts.DownIsGood, every: 12 * anHour, level: 3.4, growth: -0.15, noise: 0.25, live: 15 * time.Second},
	{key: "refunds", name: "Refunds", aggregation: charts.Sum, visualization: charts.Bar, unit: euros(2), direction: charts.DownIsGood, every: aDay, level: 61, growth: 0.05, weekly: 0.3, noise: 0.6, live: 90 * time.Second, step: 18},
	{key: "ad-spend", name: "Ad spend", aggregation: charts.Sum, visualization: charts.Area, unit: euros(2), direction: charts.Neutral, every: 6 * anHour, level: 24, growth: 0.3, weekly: 0.1, noise: 0.1, live: 10 * time.Second, step: 0.4},
}

func (c shopChart) settings() charts.Settings {
	s := charts.Settings{
		Name: c.name, Description: c.description, Visualization: c.visualization, Unit: c.unit,
		Direction: c.direction, StaleAfter: int(c.staleAfter / time.Second),
	}
	if c.target != "" {
		target := charts.MustDecimal(c.target)
		s.Target = &target
	}
	return s
}

// history is a year of points up to now, the same for the same chart and hour.
func (c shopChart) history(now time.Time) []command.PointInput {
	seed := fnv.New64a()
	seed.Write([]byte(c.key))
	random := rand.New(rand.NewPCG(seed.Sum64(), 1))
	end := now.UTC().Truncate(time.Hour)
	var points []command.PointInput
	for at := end.AddDate(-1, 0, 0); !at.After(end); at = at.Add(c.every) {
		points = append(points, c.point(at, c.at(at, now, random), ""))
	}
	return points
}

// at is the figure of an instant.
func (c shopChart) at(at, now time.Time, random *rand.Rand) float64 {
	value := c.level / (1 + c.growth*now.Sub(at).Hours()/(365*24))
	if c.weekly > 0 && (at.Weekday() == time.Saturday || at.Weekday() == time.Sunday) {
		value *= 1 - c.weekly/2
	}
	value *= 1 + 0.12*math.Cos(2*math.Pi*float64(at.YearDay()-350)/365) // the weeks before Christmas
	if c.daily {
		value *= 1 + 0.8*math.Sin(2*math.Pi*(float64(at.Hour())-9)/24)
	}
	return math.Max(0, value*(1+c.noise*random.NormFloat64()))
}

func (c shopChart) point(at time.Time, value float64, key string) command.PointInput {
	unit := math.Pow(10, float64(c.unit.Decimals))
	p := command.PointInput{At: &at, Value: charts.DecimalOf(0, int64(math.Round(value*unit))*int64(1e6/unit))}
	if key != "" {
		p.Key = &key
	}
	return p
}

// run records new figures until ctx ends.
func (s *shop) run(ctx context.Context, logger *slog.Logger) {
	for _, c := range shopCharts {
		go func() {
			random := rand.New(rand.NewPCG(uint64(time.Now().UnixNano()), 2))
			for {
				select {
				case <-ctx.Done():
					return
				case <-time.After(c.live/2 + rand.N(c.live)):
				}
				now := time.Now()
				value := c.at(now, now, random)
				if c.step > 0 {
					value = c.step * (1 + c.noise*random.Float64())
				}
				if err := s.record(ctx, c.key, "demo", []command.PointInput{c.point(now, value, "")}); err != nil && ctx.Err() == nil {
					logger.Warn("demo: a figure was not recorded", "chart", c.key, "error", err)
				}
			}
		}()
	}
}
