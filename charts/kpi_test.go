package charts

import (
	"fmt"
	"testing"

	"pgregory.net/rapid"
)

// say is a tally's result as text.
func say(d *Decimal) string {
	if d == nil {
		return "-"
	}
	return d.String()
}

func decimalAt(s string) *Decimal {
	if s == "-" {
		return nil
	}
	d := MustDecimal(s)
	return &d
}

func single(value string, at Instant) Tally {
	var t Tally
	if value != "-" {
		t.Add(Last, at, MustDecimal(value))
	}
	return t
}

// Each row: the values of a period and of the one before, and what is said of them.
func TestJudge(t *testing.T) {
	const hour = int(oneHour / 1e9)
	for _, c := range []struct {
		name            string
		direction       Direction
		target          string
		value, previous string
		age             Instant // of the newest point
		staleAfter      int
		want            string // change, percent, sentiment, progress, status
	}{
		{"no data", UpIsGood, "100", "-", "5", 0, 0, "- - NEUTRAL - NO_DATA"},
		{"no data, stale", UpIsGood, "-", "-", "-", oneDay, hour, "- - NEUTRAL - NO_DATA"},
		{"nothing before", UpIsGood, "-", "5", "-", 0, 0, "- - NEUTRAL - NO_TARGET"},
		{"a rise", UpIsGood, "-", "150", "100", 0, 0, "50 50 GOOD - NO_TARGET"},
		{"a rise that is bad", DownIsGood, "-", "150", "100", 0, 0, "50 50 BAD - NO_TARGET"},
		{"a rise that is neither", Neutral, "-", "150", "100", 0, 0, "50 50 NEUTRAL - NO_TARGET"},
		{"a fall", UpIsGood, "-", "50", "100", 0, 0, "-50 -50 BAD - NO_TARGET"},
		{"a fall that is good", DownIsGood, "-", "50", "100", 0, 0, "-50 -50 GOOD - NO_TARGET"},
		{"no change", UpIsGood, "-", "100", "100", 0, 0, "0 0 NEUTRAL - NO_TARGET"},
		{"from zero", UpIsGood, "-", "3", "0", 0, 0, "3 - GOOD - NO_TARGET"},
		{"zero stays zero", UpIsGood, "-", "0", "0", 0, 0, "0 - NEUTRAL - NO_TARGET"},
		{"from a loss into profit", UpIsGood, "-", "50", "-100", 0, 0, "150 150 GOOD - NO_TARGET"},
		{"a deeper loss", UpIsGood, "-", "-150", "-100", 0, 0, "-50 -50 BAD - NO_TARGET"},
		{"percents are rounded away from zero", UpIsGood, "-", "5", "3", 0, 0, "2 66.666667 GOOD - NO_TARGET"},
		{"target met", UpIsGood, "100", "100", "-", 0, 0, "- - NEUTRAL 1 ON_TRACK"},
		{"target missed", UpIsGood, "100", "99.999999", "-", 0, 0, "- - NEUTRAL 1 OFF_TRACK"},
		{"target passed", UpIsGood, "100", "250", "-", 0, 0, "- - NEUTRAL 2.5 ON_TRACK"},
		{"below the most there may be", DownIsGood, "10", "4", "-", 0, 0, "- - NEUTRAL 0.4 ON_TRACK"},
		{"exactly the most there may be", DownIsGood, "10", "10", "-", 0, 0, "- - NEUTRAL 1 ON_TRACK"},
		{"above the most there may be", DownIsGood, "10", "11", "-", 0, 0, "- - NEUTRAL 1.1 OFF_TRACK"},
		{"neutral counts as up", Neutral, "10", "11", "-", 0, 0, "- - NEUTRAL 1.1 ON_TRACK"},
		{"neutral counts as up, below", Neutral, "10", "9", "-", 0, 0, "- - NEUTRAL 0.9 OFF_TRACK"},
		{"target zero met", DownIsGood, "0", "0", "-", 0, 0, "- - NEUTRAL - ON_TRACK"},
		{"target zero missed", DownIsGood, "0", "1", "-", 0, 0, "- - NEUTRAL - OFF_TRACK"},
		{"target below zero", UpIsGood, "-10", "-5", "-", 0, 0, "- - NEUTRAL 0.5 ON_TRACK"},
		{"as old as may be", UpIsGood, "100", "100", "-", oneHour, hour, "- - NEUTRAL 1 ON_TRACK"},
		{"a nanosecond older", UpIsGood, "100", "100", "-", oneHour + 1, hour, "- - NEUTRAL 1 STALE"},
		{"never stale", UpIsGood, "100", "100", "-", 1000 * oneDay, 0, "- - NEUTRAL 1 ON_TRACK"},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := Settings{Direction: c.direction, Target: decimalAt(c.target), StaleAfter: c.staleAfter}
			k := Judge(Last, s, single(c.value, noon-c.age), single(c.previous, noon-oneDay), noon-c.age, noon)
			got := fmt.Sprint(say(k.Change), " ", say(k.ChangePercent), " ", k.Sentiment, " ", say(k.TargetProgress), " ", k.Status)
			if got != c.want {
				t.Errorf("%s, want %s", got, c.want)
			}
			if say(k.Value) != c.value || say(k.PreviousValue) != c.previous {
				t.Errorf("%s after %s, want %s after %s", say(k.Value), say(k.PreviousValue), c.value, c.previous)
			}
			if (k.AsOf == nil) != (c.value == "-") || k.AsOf != nil && *k.AsOf != noon-c.age {
				t.Errorf("as of %v", k.AsOf)
			}
		})
	}
}

// An average compares as it is shown, rounded: value, change and percent agree with each other.
func TestJudgeComparesWhatItShows(t *testing.T) {
	var third, half Tally
	for i, v := range []string{"1", "0", "0"} {
		third.Add(Average, noon+Instant(i), MustDecimal(v))
	}
	half.Add(Average, noon, MustDecimal("0.5"))
	k := Judge(Average, Settings{Direction: UpIsGood}, third, half, noon, noon)
	if got := say(k.Value) + " " + say(k.Change) + " " + say(k.ChangePercent); got != "0.333333 -0.166667 -33.3334" {
		t.Errorf("value, change, percent: %s", got)
	}
}

func TestTally(t *testing.T) {
	type sample struct {
		at    Instant
		value string
	}
	for _, c := range []struct {
		name   string
		points []sample
		want   map[Aggregation]string
	}{
		{"none", nil, map[Aggregation]string{Last: "-", Sum: "-", Average: "-", Minimum: "-", Maximum: "-", Count: "-"}},
		{"one zero", []sample{{1, "0"}}, map[Aggregation]string{Last: "0", Sum: "0", Average: "0", Minimum: "0", Maximum: "0", Count: "1"}},
		{"in order", []sample{{1, "3"}, {2, "-1"}, {3, "2.5"}},
			map[Aggregation]string{Last: "2.5", Sum: "4.5", Average: "1.5", Minimum: "-1", Maximum: "3", Count: "3"}},
		{"out of order", []sample{{3, "2.5"}, {1, "3"}, {2, "-1"}},
			map[Aggregation]string{Last: "2.5", Sum: "4.5", Average: "1.5", Minimum: "-1", Maximum: "3", Count: "3"}},
		{"one instant: the later recorded", []sample{{1, "7"}, {1, "5"}},
			map[Aggregation]string{Last: "5", Sum: "12", Average: "6", Minimum: "5", Maximum: "7", Count: "2"}},
		{"cents", []sample{{1, "0.1"}, {2, "0.2"}}, map[Aggregation]string{Last: "0.2", Sum: "0.3", Average: "0.15", Minimum: "0.1", Maximum: "0.2", Count: "2"}},
		{"thirds", []sample{{1, "1"}, {2, "0"}, {3, "0"}}, map[Aggregation]string{Average: "0.333333"}},
		{"two thirds, below zero", []sample{{1, "-1"}, {2, "-1"}, {3, "0"}}, map[Aggregation]string{Average: "-0.666667"}},
		{"as large as may be", []sample{{1, "999999999999.999999"}, {2, "999999999999.999999"}},
			map[Aggregation]string{Sum: "1999999999999.999998", Average: "999999999999.999999", Maximum: "999999999999.999999"}},
	} {
		for a, want := range c.want {
			var tally Tally
			for _, p := range c.points {
				tally.Add(a, p.at, MustDecimal(p.value))
			}
			got := "-"
			if v, ok := tally.Result(a); ok {
				got = v.String()
			}
			if got != want {
				t.Errorf("%s, %s: %s, want %s", c.name, a, got, want)
			}
		}
	}
}

// However points are grouped, the merged tallies are the tally of all.
func TestTalliesMerge(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a := rapid.SampledFrom([]Aggregation{Last, Sum, Average, Minimum, Maximum, Count}).Draw(t, "aggregation")
		var whole, merged, part Tally
		for i := range rapid.IntRange(0, 30).Draw(t, "points") {
			at, v := Instant(rapid.IntRange(1, 10).Draw(t, "at")), DecimalOf(rapid.Int64Range(-9, 9).Draw(t, "value"), 0)
			whole.Add(a, at, v)
			part.Add(a, at, v)
			if rapid.Bool().Draw(t, fmt.Sprint("cut after ", i)) {
				merged.Merge(a, &part)
				part = Tally{}
			}
		}
		merged.Merge(a, &part)
		if merged != whole {
			t.Fatalf("%s: merged %+v, at once %+v", a, merged, whole)
		}
		from, to := Instant(rapid.IntRange(0, 11).Draw(t, "from")), Instant(rapid.IntRange(0, 11).Draw(t, "to"))
		if whole.Count > 0 && from < to && whole.Within(from, to) && whole.Outside(from, to) {
			t.Fatalf("%+v is both within and outside %d to %d", whole, from, to)
		}
	})
}
