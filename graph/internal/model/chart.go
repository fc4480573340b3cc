package model

import (
	"github.com/99designs/gqlgen/graphql"

	"github.com/mykpi/mykpi/charts"
	"github.com/mykpi/mykpi/charts/command"
)

// What a chart has that was made without saying so: the defaults of the schema.
const (
	defaultVisualization = charts.Line
	defaultDirection     = charts.UpIsGood
	defaultDecimals      = 2
)

var defaultUnit = charts.Unit{Kind: charts.UnitNumber, Decimals: defaultDecimals}

// Command is the command that the input asks for.
func (in CreateChartInput) Command() (command.CreateChart, error) {
	key := given(in.Key, "")
	if in.Key.Value() != nil {
		// To the command an empty key is one to be made from the name, which nobody asks for by sending one.
		if err := charts.CheckKey("key", key); err != nil {
			return command.CreateChart{}, err
		}
	}
	return command.CreateChart{
		Key:         key,
		Aggregation: in.Aggregation,
		Settings: charts.Settings{
			Name:          in.Name,
			Description:   given(in.Description, ""),
			Visualization: in.Visualization,
			Unit:          unit(in.Unit),
			Target:        in.Target.Value(),
			Direction:     in.Direction,
			StaleAfter:    staleAfter(in.StaleAfter),
		},
	}, nil
}

// Command is the command that the input asks for.
func (in UpdateChartInput) Command() command.UpdateChart {
	return command.UpdateChart{
		Chart:           in.Chart.Ref(),
		ExpectedVersion: int64(given(in.ExpectedVersion, 0)),
		Change:          in.apply,
	}
}

// apply answers the settings with what was given in their place. A name that is null becomes empty, which no chart's
// settings may be: so it is refused.
func (in UpdateChartInput) apply(s charts.Settings) charts.Settings {
	change(&s.Name, in.Name, "")
	change(&s.Description, in.Description, "")
	change(&s.Visualization, in.Visualization, defaultVisualization)
	change(&s.Direction, in.Direction, defaultDirection)
	if in.Unit.IsSet() {
		s.Unit = unit(in.Unit)
	}
	if in.Target.IsSet() {
		s.Target = in.Target.Value()
	}
	if in.StaleAfter.IsSet() {
		s.StaleAfter = staleAfter(in.StaleAfter)
	}
	return s
}

// Command is the command that the input asks for.
func (in ArchiveChartInput) Command() command.ArchiveChart {
	return command.ArchiveChart{Chart: in.Chart.Ref(), ExpectedVersion: int64(given(in.ExpectedVersion, 0))}
}

// Command is the command that the input asks for.
func (in RestoreChartInput) Command() command.RestoreChart {
	return command.RestoreChart{Chart: in.Chart.Ref(), ExpectedVersion: int64(given(in.ExpectedVersion, 0))}
}

func unit(o graphql.Omittable[*UnitInput]) charts.Unit {
	in := o.Value()
	if in == nil {
		return defaultUnit
	}
	return charts.Unit{
		Kind:     in.Kind,
		Currency: given(in.Currency, ""),
		Decimals: given(in.Decimals, defaultDecimals),
		Suffix:   given(in.Suffix, ""),
	}
}

// staleAfter is the setting: 0 where nothing was given, for never. A given 0 is none of the seconds a chart may have,
// and becomes a number that the chart refuses.
func staleAfter(o graphql.Omittable[*int]) int {
	switch seconds := o.Value(); {
	case seconds == nil:
		return 0
	case *seconds == 0:
		return -1
	default:
		return *seconds
	}
}
