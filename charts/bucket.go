package charts

import (
	"slices"

	"github.com/mykpi/mykpi/tenancy"
)

// Granularity is the unit of the calendar that a bucket of a trend is.
type Granularity string

// The granularities.
const (
	ByHour  Granularity = "HOUR"
	ByDay   Granularity = "DAY"
	ByWeek  Granularity = "WEEK"
	ByMonth Granularity = "MONTH"
)

// nominal is how long a unit usually is, or 0 for an unknown one.
func (g Granularity) nominal() Instant {
	switch g {
	case ByHour:
		return oneHour
	case ByDay:
		return oneDay
	case ByWeek:
		return daysPerWeek * oneDay
	case ByMonth:
		return 30 * oneDay
	}
	return 0
}

// MaxBuckets is the longest trend that may be asked for.
const MaxBuckets = 10_000

// Bucket is a stretch of time From <= t < To: a unit of the calendar, or what a period has of it.
type Bucket struct{ From, To Instant }

// Complete reports whether nothing can come to the bucket any more but late points.
func (b Bucket) Complete(now Instant) bool { return b.To <= now }

// UnitStart is the first instant of the unit that t is in.
func (c Calendar) UnitStart(t Instant, g Granularity) Instant {
	switch g {
	case ByHour:
		return c.HourStart(t)
	case ByDay:
		return c.StartOf(c.Date(t))
	case ByWeek:
		return c.StartOf(c.StartOfWeek(c.Date(t)))
	case ByMonth:
		return c.StartOf(c.Date(t).StartOfMonth())
	}
	panic("charts: unknown granularity " + string(g))
}

// UnitEnd is the first instant after the unit that t is in.
func (c Calendar) UnitEnd(t Instant, g Granularity) Instant {
	switch g {
	case ByHour:
		return c.NextHour(t)
	case ByDay:
		return c.StartOf(c.Date(t) + 1)
	case ByWeek:
		return c.StartOf(c.StartOfWeek(c.Date(t)) + daysPerWeek)
	case ByMonth:
		return c.StartOf(c.Date(t).StartOfMonth().AddMonths(1))
	}
	panic("charts: unknown granularity " + string(g))
}

// AppendBuckets appends the units that touch from <= t < to, cut to it at both ends. They follow each other without
// gap; days that the zone left out are not among them. More than MaxBuckets are refused with a tenancy.Refusal, and
// dst is answered as it was.
func (c Calendar) AppendBuckets(dst []Bucket, from, to Instant, g Granularity) ([]Bucket, error) {
	nominal := g.nominal()
	if nominal == 0 {
		return dst, tenancy.Refuse(tenancy.BadUserInput, "granularity", "must be HOUR, DAY, WEEK or MONTH")
	}
	if from >= to {
		return dst, nil
	}
	// No unit is ever twice as long as usual: this refuses what is far too much before any work is done.
	if (to-from)/(2*nominal) >= MaxBuckets {
		return dst, refuseBuckets()
	}
	all := slices.Grow(dst, min(int((to-from)/nominal)+2, MaxBuckets))
	for from < to {
		if len(all)-len(dst) == MaxBuckets {
			return dst, refuseBuckets()
		}
		end := min(c.UnitEnd(from, g), to)
		all = append(all, Bucket{from, end})
		from = end
	}
	return all, nil
}

func refuseBuckets() error {
	return tenancy.Refuse(tenancy.BadUserInput, "granularity",
		"makes more than %d buckets of this period; choose a coarser one or a shorter period", MaxBuckets)
}
