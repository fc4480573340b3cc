package oracle

import (
	"math/big"
	"time"
)

// Chart is what of a chart's settings has a say in its figures, in the words of the API.
type Chart struct {
	Aggregation string
	Direction   string        // "" is NEUTRAL
	Target      string        // "" for none
	StaleAfter  time.Duration // 0 for never
}

// KPI is what a chart says for a span; "" and the zero time are nulls.
type KPI struct {
	Value, PreviousValue, Change, ChangePercent string
	Sentiment                                   string
	TargetProgress                              string
	Status                                      string
	AsOf                                        time.Time // UTC
}

// KPI is what a chart says for a span at an instant, after sent were recorded in that order.
func (c Calendar) KPI(chart Chart, sent []Point, s Span, now time.Time) KPI {
	points := Standing(sent)
	w := c.Window(s, now)
	counted := counting(chart, points, w.From, w.To, now)
	value := aggregate(chart.Aggregation, counted)
	previous := aggregate(chart.Aggregation, counting(chart, points, w.PreviousFrom, w.PreviousTo, now))
	k := KPI{Value: decimal(value), PreviousValue: decimal(previous), Sentiment: "NEUTRAL"}
	if value != nil {
		k.AsOf = counted[len(counted)-1].At.UTC()
	}
	if value != nil && previous != nil {
		change := new(big.Rat).Sub(value, previous)
		k.Change = decimal(change)
		k.Sentiment = sentiment(chart.Direction, change.Sign())
		if previous.Sign() != 0 {
			percent := new(big.Rat).Quo(change, new(big.Rat).Abs(previous))
			k.ChangePercent = decimal(rounded(percent.Mul(percent, big.NewRat(100, 1))))
		}
	}
	if value != nil && chart.Target != "" && number(chart.Target).Sign() != 0 {
		k.TargetProgress = decimal(rounded(new(big.Rat).Quo(value, number(chart.Target))))
	}
	k.Status = status(chart, value, points, now)
	return k
}

// counting are the points that a period's value is made of: those in it, or, for LAST, the newest before it.
func counting(chart Chart, points []Point, from, to, now time.Time) []Point {
	found := within(points, from, to, now)
	if len(found) == 0 && chart.Aggregation == "LAST" {
		found = within(points, time.Time{}, from, now)
	}
	return found
}

func sentiment(direction string, sign int) string {
	switch {
	case sign > 0 && direction == "UP_IS_GOOD", sign < 0 && direction == "DOWN_IS_GOOD":
		return "GOOD"
	case sign > 0 && direction == "DOWN_IS_GOOD", sign < 0 && direction == "UP_IS_GOOD":
		return "BAD"
	}
	return "NEUTRAL"
}

func status(chart Chart, value *big.Rat, points []Point, now time.Time) string {
	if value == nil {
		return "NO_DATA"
	}
	var newest time.Time
	for _, p := range points {
		if !p.At.After(now) {
			newest = p.At
		}
	}
	if chart.StaleAfter > 0 && now.Sub(newest) > chart.StaleAfter {
		return "STALE"
	}
	if chart.Target == "" {
		return "NO_TARGET"
	}
	above := value.Cmp(number(chart.Target))
	if above == 0 || (above > 0) == (chart.Direction != "DOWN_IS_GOOD") {
		return "ON_TRACK"
	}
	return "OFF_TRACK"
}
