package charts

// Sentiment says whether a change is welcome.
type Sentiment string

// The sentiments.
const (
	Good             Sentiment = "GOOD"
	Bad              Sentiment = "BAD"
	NeutralSentiment Sentiment = "NEUTRAL"
)

// KpiStatus says how a chart stands.
type KpiStatus string

// The statuses of a KPI.
const (
	OnTrack  KpiStatus = "ON_TRACK"
	OffTrack KpiStatus = "OFF_TRACK"
	NoTarget KpiStatus = "NO_TARGET"
	NoData   KpiStatus = "NO_DATA"
	Stale    KpiStatus = "STALE"
)

// KPI is what a chart says for a period. Nil pointers are what can't be said.
type KPI struct {
	Value          *Decimal
	PreviousValue  *Decimal
	Change         *Decimal
	ChangePercent  *Decimal // nil where the previous value is 0 or absent
	Sentiment      Sentiment
	TargetProgress *Decimal // value / target
	Status         KpiStatus
	AsOf           *Instant // of the newest point that counts
}

// Judge makes a KPI of the tallies of a period and of the one before. newest is the instant of the chart's newest
// point that has come by now, or 0.
func Judge(a Aggregation, s Settings, current, previous Tally, newest, now Instant) KPI {
	k := KPI{Sentiment: NeutralSentiment}
	if v, ok := current.Result(a); ok {
		at := current.Last
		k.Value, k.AsOf = &v, &at
	}
	if v, ok := previous.Result(a); ok {
		k.PreviousValue = &v
	}
	if k.Value != nil && k.PreviousValue != nil {
		change := k.Value.Sub(*k.PreviousValue)
		k.Change = &change
		k.Sentiment = sentiment(s.Direction, change)
		if !k.PreviousValue.IsZero() {
			// Of the size of the previous value, so that a rise from a loss is a rise.
			percent := change.PercentOf(k.PreviousValue.Abs())
			k.ChangePercent = &percent
		}
	}
	if k.Value != nil && s.Target != nil && !s.Target.IsZero() {
		progress := k.Value.Ratio(*s.Target)
		k.TargetProgress = &progress
	}
	k.Status = status(s, k.Value, newest, now)
	return k
}

func sentiment(d Direction, change Decimal) Sentiment {
	sign := change.Sign()
	if d == DownIsGood {
		sign = -sign
	}
	switch {
	case d == Neutral || sign == 0:
		return NeutralSentiment
	case sign > 0:
		return Good
	}
	return Bad
}

func status(s Settings, value *Decimal, newest, now Instant) KpiStatus {
	if value == nil {
		return NoData
	}
	if s.IsStale(newest, now) {
		return Stale
	}
	if s.Target == nil {
		return NoTarget
	}
	met := value.Cmp(*s.Target) >= 0
	if s.Direction == DownIsGood {
		met = value.Cmp(*s.Target) <= 0
	}
	if met {
		return OnTrack
	}
	return OffTrack
}

// IsStale reports whether the newest point is older than StaleAfter.
func (s Settings) IsStale(newest, now Instant) bool {
	return s.StaleAfter > 0 && newest > 0 && now-newest > Instant(s.StaleAfter)*1e9
}
