package charts

import (
	"errors"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/mykpi/mykpi/tenancy"
)

// scenario is given what happened, when a command comes, then what happens: events, or a refusal.
type scenario struct {
	name   string
	given  []Event
	when   Command
	then   []Event
	refuse tenancy.Code
	field  string
}

func (s scenario) run(t *testing.T) {
	var c Chart
	for i, e := range s.given {
		c = Evolve(c, e, time.Unix(int64(i), 0))
	}
	before := c
	events, err := Decide(c, s.when)
	if !reflect.DeepEqual(c, before) {
		t.Errorf("the decision changed the chart: %+v, was %+v", c, before)
	}
	if s.refuse != "" {
		var refusal *tenancy.Refusal
		if !errors.As(err, &refusal) || refusal.Code != s.refuse || refusal.Field != s.field {
			t.Errorf("answered %v and %v, want a refusal %s of %s", events, err, s.refuse, s.field)
		}
		if events != nil {
			t.Errorf("a refusal with events %v", events)
		}
		return
	}
	if err != nil {
		t.Fatalf("refused: %v", err)
	}
	if !reflect.DeepEqual(events, s.then) {
		t.Errorf("answered\n%+v, want\n%+v", events, s.then)
	}
}

func run(t *testing.T, scenarios []scenario) {
	for _, s := range scenarios {
		t.Run(s.name, s.run)
	}
}

var (
	revenue = Settings{Name: "Revenue", Visualization: Line, Unit: Unit{Kind: UnitCurrency, Currency: "EUR", Decimals: 2}, Direction: UpIsGood}
	created = ChartCreated{ID: "chart_1", Key: "revenue", Aggregation: Sum, Settings: revenue}
	noon    = InstantOf(time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC))
	one     = DecimalOf(1, 0)
	two     = DecimalOf(2, 0)
)

func with(s Settings, change func(*Settings)) Settings {
	change(&s)
	return s
}

func TestCreate(t *testing.T) {
	create := Create(created)
	broken := create
	broken.Key = "Revenue!"
	nameless := create
	nameless.Name = " "
	run(t, []scenario{
		{name: "a new chart", when: create, then: []Event{created}},
		{name: "a key that is none", when: broken, refuse: tenancy.BadUserInput, field: "key"},
		{name: "settings that no chart may have", when: nameless, refuse: tenancy.BadUserInput, field: "name"},
	})
	if events, err := Decide(Evolve(Chart{}, created, time.Time{}), create); err == nil || events != nil {
		t.Errorf("a chart was created twice: %v", events)
	}
}

func TestUpdate(t *testing.T) {
	rename := func(s Settings) Settings { s.Name = "Sales"; return s }
	renamed := ChartUpdated{Settings: with(revenue, func(s *Settings) { s.Name = "Sales" }), Changed: []string{"name"}}
	aim := func(s Settings) Settings {
		target := DecimalOf(100, 0)
		s.Target = &target
		s.StaleAfter = 60
		return s
	}
	aimed := ChartUpdated{Settings: aim(revenue), Changed: []string{"staleAfter", "target"}}
	run(t, []scenario{
		{name: "another name", given: []Event{created}, when: Update{Change: rename}, then: []Event{renamed}},
		{name: "at the expected version", given: []Event{created}, when: Update{1, rename}, then: []Event{renamed}},
		{name: "the fields that change are told in order", given: []Event{created}, when: Update{Change: aim}, then: []Event{aimed}},
		{name: "the same target in another place", given: []Event{created, aimed}, when: Update{Change: aim}},
		{name: "a target taken away", given: []Event{created, aimed}, when: Update{Change: func(s Settings) Settings { s.Target = nil; return s }},
			then: []Event{ChartUpdated{Settings: with(aimed.Settings, func(s *Settings) { s.Target = nil }), Changed: []string{"target"}}}},
		{name: "what is already so", given: []Event{created, renamed}, when: Update{Change: rename}},
		{name: "of an archived chart", given: []Event{created, ChartArchived{}}, when: Update{Change: rename}, then: []Event{renamed}},
		{name: "at another version", given: []Event{created, renamed}, when: Update{1, rename}, refuse: tenancy.VersionConflict, field: "expectedVersion"},
		{name: "at a version to come", given: []Event{created}, when: Update{2, rename}, refuse: tenancy.VersionConflict, field: "expectedVersion"},
		{name: "to what no chart may be", given: []Event{created}, when: Update{Change: func(s Settings) Settings { s.Unit.Decimals = 7; return s }},
			refuse: tenancy.BadUserInput, field: "unit.decimals"},
		{name: "of no chart", when: Update{Change: rename}, refuse: tenancy.NotFound, field: "chart"},
	})
}

func TestArchiveAndRestore(t *testing.T) {
	archived := []Event{created, ChartArchived{}}
	run(t, []scenario{
		{name: "archive", given: []Event{created}, when: Archive{}, then: []Event{ChartArchived{}}},
		{name: "archive at the expected version", given: []Event{created}, when: Archive{1}, then: []Event{ChartArchived{}}},
		{name: "archive what is archived", given: archived, when: Archive{}},
		{name: "archive at another version", given: archived, when: Archive{1}, refuse: tenancy.VersionConflict, field: "expectedVersion"},
		{name: "archive no chart", when: Archive{}, refuse: tenancy.NotFound, field: "chart"},
		{name: "restore", given: archived, when: Restore{}, then: []Event{ChartRestored{}}},
		{name: "restore what is active", given: []Event{created}, when: Restore{}},
		{name: "restore at another version", given: archived, when: Restore{3}, refuse: tenancy.VersionConflict, field: "expectedVersion"},
		{name: "restore no chart", when: Restore{}, refuse: tenancy.NotFound, field: "chart"},
	})
}

func recorded(points ...RecordedPoint) []Event { return []Event{DataPointsRecorded{Points: points}} }

func TestRecord(t *testing.T) {
	given := []Event{created}
	at := noon - 3600e9
	point := Point{At: at, Value: one}
	keyed := Point{Key: "evt_1", At: at, Value: one}
	known := func(points ...Point) Known {
		k := Known{}
		for _, p := range points {
			k[p.ID()] = p
		}
		return k
	}
	run(t, []scenario{
		{name: "a new point", given: given, when: Record{[]Point{point}, nil, noon}, then: recorded(RecordedPoint{Point: point})},
		{name: "without key and instant: it is of now", given: given, when: Record{[]Point{{Value: one}}, nil, noon},
			then: recorded(RecordedPoint{Point: Point{At: noon, Value: one}})},
		{name: "the same again", given: given, when: Record{[]Point{point}, known(point), noon}},
		{name: "another value corrects", given: given, when: Record{[]Point{{At: at, Value: two}}, known(point), noon},
			then: recorded(RecordedPoint{Point{At: at, Value: two}, true, Was{at, one}})},
		{name: "a key and an instant are two identities", given: given, when: Record{[]Point{keyed}, known(point), noon},
			then: recorded(RecordedPoint{Point: keyed})},
		{name: "a keyed point moves", given: given, when: Record{[]Point{{"evt_1", noon, one}}, known(keyed), noon},
			then: recorded(RecordedPoint{Point{"evt_1", noon, one}, true, Was{at, one}})},
		{name: "keyed, new and without an instant: of now", given: given, when: Record{[]Point{{Key: "evt_1", Value: one}}, nil, noon},
			then: recorded(RecordedPoint{Point: Point{"evt_1", noon, one}})},
		{name: "keyed, known and without an instant: it keeps its own", given: given, when: Record{[]Point{{Key: "evt_1", Value: two}}, known(keyed), noon},
			then: recorded(RecordedPoint{Point{"evt_1", at, two}, true, Was{at, one}})},
		{name: "keyed, known, the same and without an instant", given: given, when: Record{[]Point{{Key: "evt_1", Value: one}}, known(keyed), noon}},
		{name: "twice in one command", given: given, when: Record{[]Point{point, point}, nil, noon}, then: recorded(RecordedPoint{Point: point})},
		{name: "twice with another value: the later corrects", given: given, when: Record{[]Point{point, {At: at, Value: two}}, nil, noon},
			then: recorded(RecordedPoint{Point: point}, RecordedPoint{Point{At: at, Value: two}, true, Was{at, one}})},
		{name: "there and back: both are told", given: given, when: Record{[]Point{{At: at, Value: two}, point}, known(point), noon},
			then: recorded(RecordedPoint{Point{At: at, Value: two}, true, Was{at, one}}, RecordedPoint{point, true, Was{at, two}})},
		{name: "a key twice, the later without an instant", given: given, when: Record{[]Point{keyed, {Key: "evt_1", Value: two}}, nil, noon},
			then: recorded(RecordedPoint{Point: keyed}, RecordedPoint{Point{"evt_1", at, two}, true, Was{at, one}})},
		{name: "nothing", given: given, when: Record{Now: noon}},
		{name: "into an archived chart", given: []Event{created, ChartArchived{}}, when: Record{[]Point{point}, nil, noon},
			refuse: tenancy.BadUserInput, field: "chart"},
		{name: "into a restored chart", given: []Event{created, ChartArchived{}, ChartRestored{}}, when: Record{[]Point{point}, nil, noon},
			then: recorded(RecordedPoint{Point: point})},
		{name: "into no chart", when: Record{[]Point{point}, nil, noon}, refuse: tenancy.NotFound, field: "chart"},
	})
}

func TestRemove(t *testing.T) {
	given := []Event{created}
	point, keyed := Point{At: noon, Value: one}, Point{"evt_1", noon, two}
	known := Known{point.ID(): point, keyed.ID(): keyed}
	run(t, []scenario{
		{name: "by instant and by key, as they stood", given: given, when: Remove{[]PointID{point.ID(), keyed.ID()}, known, "test"},
			then: []Event{DataPointsRemoved{[]Point{point, keyed}, "test"}}},
		{name: "twice in one command", given: given, when: Remove{[]PointID{point.ID(), point.ID()}, known, ""},
			then: []Event{DataPointsRemoved{[]Point{point}, ""}}},
		{name: "what is not there", given: given, when: Remove{IDs: []PointID{{Key: "evt_2"}, {At: noon + 1}}, Known: known}},
		{name: "from an archived chart", given: []Event{created, ChartArchived{}}, when: Remove{[]PointID{keyed.ID()}, known, ""},
			then: []Event{DataPointsRemoved{[]Point{keyed}, ""}}},
		{name: "from no chart", when: Remove{IDs: []PointID{point.ID()}, Known: known}, refuse: tenancy.NotFound, field: "chart"},
	})
}

func TestEvolve(t *testing.T) {
	other := with(revenue, func(s *Settings) { s.Name = "Sales" })
	start := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	c := Chart{ID: "chart_1", Key: "revenue", Aggregation: Sum, Settings: revenue, Status: Active, CreatedAt: start, ChangedAt: start, Version: 1}
	for i, step := range []struct {
		event Event
		want  func(c *Chart, at time.Time)
	}{
		{created, func(*Chart, time.Time) {}},
		{ChartUpdated{Settings: other, Changed: []string{"name"}}, func(c *Chart, at time.Time) { c.Settings, c.ChangedAt = other, at }},
		{DataPointsRecorded{Points: []RecordedPoint{{}}}, func(*Chart, time.Time) {}},
		{ChartArchived{}, func(c *Chart, at time.Time) { c.Status, c.ChangedAt = Archived, at }},
		{DataPointsRemoved{}, func(*Chart, time.Time) {}},
		{ChartRestored{}, func(c *Chart, at time.Time) { c.Status, c.ChangedAt = Active, at }},
	} {
		at := start.Add(time.Duration(i) * time.Hour)
		before := c
		if i == 0 {
			before = Chart{}
		} else {
			c.Version++
		}
		step.want(&c, at)
		got := Evolve(before, step.event, at)
		if !reflect.DeepEqual(got, c) || !got.Exists() {
			t.Errorf("after %T: %+v, want %+v", step.event, got, c)
		}
	}
	if (Chart{}).Exists() {
		t.Error("the zero Chart exists")
	}
}

func TestCheckPointKey(t *testing.T) {
	for key, valid := range map[string]bool{
		"evt_1": true, "2026-11-23T12:00:00Z": true, "Zürich/8001 #4": true, strings.Repeat("k", MaxPointKey): true,
		"": false, strings.Repeat("k", MaxPointKey+1): false, "a\x00b": false, "a\nb": false, "\xff": false, "a\u0085": false,
	} {
		expectRefusal(t, "key", key, CheckPointKey("key", key), valid)
	}
}

func TestCheckInstant(t *testing.T) {
	now := noon.Time()
	for at, valid := range map[time.Time]bool{
		now: true, now.Add(MaxAhead): true, now.AddDate(-10, 0, 0): true, EarliestPoint.Time(): true,
		time.Date(1990, 1, 1, 1, 0, 0, 0, time.FixedZone("", 3600)): true,
		now.Add(MaxAhead + 1): false, now.Add(6 * time.Minute): false, EarliestPoint.Time().Add(-1): false,
		{}: false, time.Date(1, 1, 1, 0, 0, 0, 0, time.UTC): false, time.Date(9999, 1, 1, 0, 0, 0, 0, time.UTC): false,
		time.Date(2610, 1, 1, 0, 0, 0, 0, time.UTC):                  false, // nanoseconds since 1970 would wrap round to the past
		time.Date(1990, 1, 1, 0, 30, 0, 0, time.FixedZone("", 3600)): false,
	} {
		expectRefusal(t, "at", at, CheckInstant("at", at, noon), valid)
	}
}

func expectRefusal(t *testing.T, field string, input any, err error, valid bool) {
	t.Helper()
	if valid {
		if err != nil {
			t.Errorf("%.60v was refused: %v", input, err)
		}
		return
	}
	var refusal *tenancy.Refusal
	if !errors.As(err, &refusal) || refusal.Code != tenancy.BadUserInput || refusal.Field != field {
		t.Errorf("%.60q: %v, want a refusal of %s", input, err, field)
	}
}

func TestPointsAreNamedByKeyOrInstant(t *testing.T) {
	for want, p := range map[string]Point{
		"evt_1":                          {Key: "evt_1", At: noon},
		"2026-11-23T12:00:00Z":           {At: noon},
		"2026-11-23T12:00:00.000000001Z": {At: noon + 1},
	} {
		if p.Name() != want {
			t.Errorf("%+v is named %s, want %s", p, p.Name(), want)
		}
	}
}
