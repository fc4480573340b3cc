package graph

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/mykpi/mykpi/charts"
	"github.com/mykpi/mykpi/tenancy"
	"github.com/mykpi/mykpi/tenancy/directory"
)

const create = `mutation($input: CreateChartInput!) { createChart(input: $input) { chart { key version } } }`

func TestDecimalsComeExact(t *testing.T) {
	a := serve(t)
	for _, number := range []string{"0.1", "999999999999.999999", "123456789012.345678", "-0.000001", "9007199254740993", "0", "1e3"} {
		for name, ask := range map[string]func() answer{
			"number": func() answer {
				return a.as(tenancy.Admin, create, `{"input":{"name":"x","target":`+number+`}}`)
			},
			"string": func() answer {
				return a.as(tenancy.Admin, create, `{"input":{"name":"x","target":"`+number+`"}}`)
			},
			"variable": func() answer {
				return a.as(tenancy.Admin, `mutation($t: Decimal) { createChart(input: {name: "x", target: $t}) { chart { key } } }`, `{"t":`+number+`}`)
			},
			"default": func() answer {
				return a.as(tenancy.Admin, `mutation($t: Decimal = `+number+`) { createChart(input: {name: "x", target: $t}) { chart { key } } }`, "")
			},
			"literal": func() answer {
				return a.as(tenancy.Admin, `mutation { createChart(input: {name: "x", target: `+number+`}) { chart { key } } }`, "")
			},
			"fragment": func() answer {
				return a.as(tenancy.Admin, `mutation { ...F } fragment F on Mutation { createChart(input: {name: "x", target: `+number+`}) { chart { key } } }`, "")
			},
		} {
			a.domain.created.Target = nil
			got := ask()
			want, err := charts.ParseDecimal(number)
			if err != nil { // too large: it has to be refused, not rounded or cut
				got.refused(t, tenancy.BadUserInput, "input.target")
				continue
			}
			got.fine(t)
			if target := a.domain.created.Target; target == nil || *target != want {
				t.Errorf("%s as %s came as %v", number, name, target)
			}
		}
	}
}

func TestBadValues(t *testing.T) {
	a := serve(t)
	for _, c := range []struct{ input, field string }{
		{`{"name":"x","target":1e308}`, "input.target"},
		{`{"name":"x","target":"NaN"}`, "input.target"},
		{`{"name":"x","target":"Infinity"}`, "input.target"},
		{`{"name":"x","target":"1,5"}`, "input.target"},
		{`{"name":"x","target":1.00000000000000000001}`, "input.target"},
		{`{"name":"x","target":true}`, "input.target"},
		{`{"name":"x","target":[1,2]}`, "input.target"},
		{`{"name":"x","visualization":"line"}`, "input.visualization"},
		{`{"name":"x","unit":{"kind":"money"}}`, "input.unit.kind"},
		{`{"name":"x","key":""}`, "input.key"},
		{`{"name":"x","more":1}`, "input.more"},
		{`{"name":7}`, "input.name"},
		{`{"name":null}`, "input.name"},
		{`{}`, "input.name"},
		{`[]`, "input"},
	} {
		got := a.as(tenancy.Admin, create, `{"input":`+c.input+`}`)
		t.Run(c.input, func(t *testing.T) { got.refused(t, tenancy.BadUserInput, c.field) })
	}
	if len(a.domain.tenants) != 0 {
		t.Error("a bad value reached the domain")
	}
}

func TestANewChartHasTheDefaultsOfTheSchema(t *testing.T) {
	a := serve(t)
	a.as(tenancy.Admin, create, `{"input":{"name":"Revenue"}}`).fine(t)
	c := a.domain.created
	want := charts.Settings{Name: "Revenue", Visualization: charts.Line, Direction: charts.UpIsGood, Unit: charts.Unit{Kind: charts.UnitNumber, Decimals: 2}}
	if c.Key != "" || c.Aggregation != charts.Last || c.Settings != want {
		t.Errorf("%+v", c)
	}
	a.as(tenancy.Admin, create, `{"input":{"name":"Revenue","unit":{"kind":"CURRENCY","currency":"EUR","decimals":null},"staleAfter":0}}`).fine(t)
	c = a.domain.created
	if c.Unit != (charts.Unit{Kind: charts.UnitCurrency, Currency: "EUR", Decimals: 2}) {
		t.Errorf("%+v", c.Unit)
	}
	if c.Settings.Check() == nil {
		t.Error("a chart that is stale after 0 seconds was taken for one that never is")
	}
}

func TestUpdateTellsLeftOutFromNull(t *testing.T) {
	target := charts.MustDecimal("5")
	before := charts.Settings{
		Name: "Churn", Description: "of customers", Visualization: charts.Bar, Direction: charts.DownIsGood,
		Unit: charts.Unit{Kind: charts.UnitPercent, Decimals: 1, Suffix: "pp"}, Target: &target, StaleAfter: 60,
	}
	cleared := charts.Settings{
		Name: "Churn", Visualization: charts.Line, Direction: charts.UpIsGood, Unit: charts.Unit{Kind: charts.UnitNumber, Decimals: 2},
	}
	named := before
	named.Name = "Loss"
	nameless := before
	nameless.Name = ""

	for input, want := range map[string]charts.Settings{
		``:               before,
		`,"name":"Loss"`: named,
		`,"name":null`:   nameless,
		`,"description":null,"visualization":null,"unit":null,"target":null,"direction":null,"staleAfter":null`: cleared,
	} {
		a := serve(t)
		a.as(tenancy.Admin, `mutation($input: UpdateChartInput!) { updateChart(input: $input) { chart { key } } }`,
			`{"input":{"chart":{"key":"churn"},"expectedVersion":7`+input+`}}`).fine(t)
		u := a.domain.updated
		if u.Chart != (charts.Ref{Key: "churn"}) || u.ExpectedVersion != 7 {
			t.Errorf("%+v", u)
		}
		if got := u.Change(before); got != want {
			t.Errorf("%s: %+v, want %+v", input, got, want)
		}
	}
	if nameless.Check() == nil {
		t.Error("a name can be cleared")
	}
}

const record = `mutation($input: RecordDataPointsInput!) {
	recordDataPoints(input: $input) { recorded ingestionId rejected { index code message } chart { key } }
}`

func TestOneBadPointIsRefusedAlone(t *testing.T) {
	a := serve(t)
	got := a.as(tenancy.Editor, record, `{"input":{"chart":{"id":"c1"},"source":"n8n","points":[
		{"value":1.10,"at":"2026-03-01T00:00:00+01:00"},
		{"value":"1,5"},
		{"value":2,"at":"2026-03-01T00:00:00"},
		{"value":"NaN","at":""},
		{"value":4,"key":5},
		{"value":"3.5","key":"order-7","at":null}
	]}}`).fine(t)
	var rejected []string
	for _, r := range got.Data["recordDataPoints"].(map[string]any)["rejected"].([]any) {
		r := r.(map[string]any)
		field, _, _ := strings.Cut(r["message"].(string), ":")
		rejected = append(rejected, fmt.Sprint(r["index"], r["code"], " ", field))
	}
	if want := "[1BAD_USER_INPUT value 2BAD_USER_INPUT at 3BAD_USER_INPUT at 4BAD_USER_INPUT key]"; fmt.Sprint(rejected) != want {
		t.Errorf("%v, want %s", rejected, want)
	}
	c := a.domain.recorded
	first, last := c.Points[0], c.Points[5]
	if first.At == nil || !first.At.Equal(time.Date(2026, 2, 28, 23, 0, 0, 0, time.UTC)) || first.Value != charts.MustDecimal("1.1") || first.Key != nil {
		t.Errorf("first %+v", first)
	}
	if last.At != nil || last.Key == nil || *last.Key != "order-7" || last.Value != charts.MustDecimal("3.5") {
		t.Errorf("last %+v", last)
	}
	if c.Chart != (charts.Ref{ID: "c1"}) || c.Source != "n8n" || c.IdempotencyKey != "" || c.FailOnInvalid || c.Backfill || c.DryRun {
		t.Errorf("%+v", c)
	}
	if got.Data["recordDataPoints"].(map[string]any)["ingestionId"] != nil {
		t.Errorf("an ID for nothing: %s", got.body)
	}
}

func TestPointsAsLiteralsAreExact(t *testing.T) {
	a := serve(t)
	a.as(tenancy.Editor, `mutation { recordDataPoints(input: {chart: {key: "revenue"}, onInvalid: FAIL, mode: BACKFILL, dryRun: true, idempotencyKey: "k",
		points: [{value: 123456789012.345678}, {value: 99999999999999999999}]}) { recorded } }`, "").fine(t)
	c := a.domain.recorded
	if c.Points[0].Value != charts.MustDecimal("123456789012.345678") || c.Points[1].Invalid == nil {
		t.Errorf("%+v", c.Points)
	}
	if !c.FailOnInvalid || !c.Backfill || !c.DryRun || c.IdempotencyKey != "k" {
		t.Errorf("%+v", c)
	}
}

func TestPointsThatAreNoneRefuseTheRequest(t *testing.T) {
	a := serve(t)
	for points, field := range map[string]string{
		`[{"value":1},{"at":"2026-01-01T00:00:00Z"}]`: "input.points[1].value",
		`[{"value":1},{"value":null}]`:                "input.points[1].value",
		`[null]`:                                      "input.points[0]",
		`[{"value":1,"vlaue":1}]`:                     "input.points[0].vlaue",
		`"none"`:                                      "input.points[0]",
		`null`:                                        "input.points",
	} {
		a.as(tenancy.Editor, record, `{"input":{"chart":{"id":"c1"},"points":`+points+`}}`).refused(t, tenancy.BadUserInput, field)
		// The same by another variable: the field is the input's, whatever the variable is called.
		a.as(tenancy.Editor, `mutation($p: [DataPointInput!]!) { recordDataPoints(input: {chart: {id: "c1"}, points: $p}) { recorded } }`,
			`{"p":`+points+`}`).refused(t, tenancy.BadUserInput, field)
	}
	a.as(tenancy.Editor, record, `{"input":{"chart":{"id":"c1"},"points":[{"value":1}],"idempotencyKey":""}}`).
		refused(t, tenancy.BadUserInput, "input.idempotencyKey")
}

// A flow that asks for counts alone pays for no reading of the chart.
func TestAMutationReadsItsChartWhereItIsAskedFor(t *testing.T) {
	a := serve(t)
	for selection, calls := range map[string]int{
		"recorded":                               1,
		"recorded chart @skip(if: true) { key }": 1,
		"chart { key }":                          2,
		"... on RecordDataPointsPayload { of: chart { key } }": 2,
	} {
		a.domain.tenants = nil
		got := a.as(tenancy.Editor, `mutation { recordDataPoints(input: {chart: {id: "c1"}, points: [{value: 1}]}) { `+selection+` } }`, "").fine(t)
		if len(a.domain.tenants) != calls {
			t.Errorf("%s: %d calls, want %d", selection, len(a.domain.tenants), calls)
		}
		if read := strings.Contains(got.body, `{"key":`); read != (calls == 2) {
			t.Errorf("%s: %s", selection, got.body)
		}
	}
}

func TestACommandsRefusalOfAPointNamesIt(t *testing.T) {
	a := serve(t)
	a.domain.fail = func() error { return tenancy.Refuse(tenancy.BadUserInput, "points[3].value", "not a decimal") }
	a.as(tenancy.Editor, record, `{"input":{"chart":{"id":"c1"},"points":[{"value":1}]}}`).refused(t, tenancy.BadUserInput, "input.points[3].value")
}

func TestTenThousandPoints(t *testing.T) {
	type point struct {
		Key   string      `json:"key"`
		Value json.Number `json:"value"`
	}
	points := make([]point, charts.MaxPointsPerCommand)
	for i := range points {
		points[i] = point{fmt.Sprint("order-", i), json.Number(fmt.Sprintf("%d.25", i))}
	}
	encoded, err := json.Marshal(points)
	if err != nil {
		t.Fatal(err)
	}
	a := serve(t)
	a.as(tenancy.Editor, record, `{"input":{"chart":{"id":"c1"},"points":`+string(encoded)+`}}`).fine(t)
	got := a.domain.recorded.Points
	if last := got[len(got)-1]; len(got) != len(points) || *last.Key != "order-9999" || last.Value != charts.MustDecimal("9999.25") {
		t.Errorf("%d points, the last %+v", len(got), last)
	}
}

func TestRemoveDataPoints(t *testing.T) {
	a := serve(t)
	const remove = `mutation($input: RemoveDataPointsInput!) { removeDataPoints(input: $input) { removed chart { key } } }`
	a.as(tenancy.Editor, remove, `{"input":{"chart":{"id":"c1"},"keys":["a"],"instants":["2026-01-01T01:00:00+01:00"],"reason":"test"}}`).fine(t)
	c := a.domain.removed
	if len(c.Keys) != 1 || c.Keys[0] != "a" || len(c.Instants) != 1 || !c.Instants[0].Equal(time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)) || c.Reason != "test" {
		t.Errorf("%+v", c)
	}
	a.as(tenancy.Editor, remove, `{"input":{"chart":{"id":"c1"},"instants":["2026-01-01T01:00:00Z","yesterday"]}}`).
		refused(t, tenancy.BadUserInput, "input.instants[1]")
}

func TestUpdateTenant(t *testing.T) {
	a := serve(t)
	const update = `mutation($input: UpdateTenantInput!) { updateTenant(input: $input) { tenant { id } } }`
	a.as(tenancy.Admin, update, `{"input":{"timeZone":"Asia/Kathmandu","weekStart":"SUNDAY"}}`).fine(t)
	c := a.domain.changes
	if c.Name != nil || *c.TimeZone != "Asia/Kathmandu" || *c.WeekStart != directory.Sunday {
		t.Errorf("%+v", c)
	}
	for _, zone := range []string{`"Mars/Olympus"`, `""`, `"Local"`, `"../etc/passwd"`, `1`} {
		a.as(tenancy.Admin, update, `{"input":{"timeZone":`+zone+`}}`).refused(t, tenancy.BadUserInput, "input.timeZone")
	}
}

func TestPagesOfCharts(t *testing.T) {
	a := serve(t)
	a.as(tenancy.Viewer, `{ charts { totalCount edges { cursor } nodes { id } pageInfo { hasNextPage endCursor } } }`, "").fine(t)
	if p := a.domain.page; p.First != 50 || p.After != nil || *p.Status != charts.Active || p.Search != nil {
		t.Errorf("%+v", p)
	}
	a.as(tenancy.Viewer, `{ charts(first: null, status: null, after: "x", search: "rev") { totalCount } }`, "").fine(t)
	if p := a.domain.page; p.First != 50 || *p.After != "x" || p.Status != nil || *p.Search != "rev" {
		t.Errorf("%+v", p)
	}
}
