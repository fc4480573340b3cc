package charts

// Tally is what is kept of the points of a span of time: enough for the chart's aggregation, and no more. The zero
// Tally holds no point.
type Tally struct {
	Count int64
	First Instant // of the earliest and the latest point
	Last  Instant
	Value Decimal // by aggregation: sum (SUM, AVERAGE), least, greatest, the newest value (LAST); unused for COUNT
}

// Add counts one more point in. Of points at one instant the one added later is the newer.
func (t *Tally) Add(a Aggregation, at Instant, v Decimal) {
	t.Merge(a, &Tally{Count: 1, First: at, Last: at, Value: v})
}

// Merge counts the points of another Tally in, as if they were added after t's own.
func (t *Tally) Merge(a Aggregation, o *Tally) {
	if o.Count == 0 {
		return
	}
	if t.Count == 0 {
		*t = *o
		return
	}
	switch a {
	case Sum, Average:
		t.Value = t.Value.Add(o.Value)
	case Minimum:
		if o.Value.Cmp(t.Value) < 0 {
			t.Value = o.Value
		}
	case Maximum:
		if o.Value.Cmp(t.Value) > 0 {
			t.Value = o.Value
		}
	case Last:
		if o.Last >= t.Last {
			t.Value = o.Value
		}
	case Count:
	}
	t.Count += o.Count
	t.First, t.Last = min(t.First, o.First), max(t.Last, o.Last)
}

// Result is the aggregate of the points; ok is false where there are none. An average is rounded to the millionth.
func (t *Tally) Result(a Aggregation) (d Decimal, ok bool) {
	switch {
	case t.Count == 0:
		return Decimal{}, false
	case a == Count:
		return DecimalOf(t.Count, 0), true
	case a == Average:
		return t.Value.DividedBy(t.Count), true
	}
	return t.Value, true
}

// Within reports whether all points lie in from <= instant < to, Outside whether none does. Where neither holds, a
// finer tally or the points themselves must tell.
func (t *Tally) Within(from, to Instant) bool  { return t.First >= from && t.Last < to }
func (t *Tally) Outside(from, to Instant) bool { return t.Count == 0 || t.Last < from || t.First >= to }
