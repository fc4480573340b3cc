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
	// What the pointers point to, in one allocation.
	said := new(struct {
		value, previous, change, percent, progress Decimal
		at                                         Instant
	})
	var ok bool
	if said.value, ok = current.Result(a); ok {
		said.at = current.Last
		k.Value, k.AsOf = &said.value, &said.at
	}
	if said.previous, ok = previous.Result(a); ok {
		k.PreviousValue = &said.previous
	}
	if k.Value != nil && k.PreviousValue != nil {
		said.change = said.value.Sub(said.previous)
		k.Change = &said.change
		k.Sentiment = sentiment(s.Direction, said.change)
		if !said.previous.IsZero() {
			// Of the size of the previous value, so that a rise from a loss is a rise.
			said.percent = said.change.PercentOf(said.previous.Abs())
			k.ChangePercent = &said.percent
		}
	}
	if k.Value != nil && s.Target != nil && !s.Target.IsZero() {
		said.progress = said.value.Ratio(*s.Target)
		k.TargetProgress = &said.progress
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
