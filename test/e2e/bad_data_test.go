package e2e

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"
)

// The invalid values of security.md, "Bad data", as JSON texts.
var badValues = map[string]string{
	"NaN":              `"NaN"`,
	"Infinity":         `"Infinity"`,
	"-Infinity":        `"-Infinity"`,
	"1e308":            `1e308`,
	"1e308 as a text":  `"1e308"`,
	"1e-308":           `1e-308`,
	"1e12":             `1000000000000`,
	"-1e12":            `-1000000000000`,
	"20 decimals":      `0.12345678901234567890`,
	"7 decimals":       `"0.1234567"`,
	"a comma":          `"1,5"`,
	"a group":          `"1,234.5"`,
	"a space":          `" 1"`,
	"empty":            `""`,
	"a word":           `"many"`,
	"hexadecimal":      `"0x10"`,
	"a leading zero":   `"01"`,
	"Arabic digits":    `"١٢"`,
	"true":             `true`,
	"a list":           `[1]`,
	"an object":        `{"value": 1}`,
	"an endless digit": `"` + strings.Repeat("1", 500) + `"`,
}

// Values at the edge that are valid, and how they are answered.
var goodValues = map[string]string{
	`0`:                           "0",
	`-0`:                          "0",
	`0.000001`:                    "0.000001",
	`"-999999999999.999999"`:      "-999999999999.999999",
	`999999999999.999999`:         "999999999999.999999",
	`1e3`:                         "1000",
	`"1.50000000000000000000000"`: "1.5",
	`12e-1`:                       "1.2",
}

// badInstants are instants that no point may have, as functions of now.
var badInstants = map[string]func(now time.Time) string{
	"six minutes ahead": func(now time.Time) string { return now.Add(6 * time.Minute).Format(time.RFC3339) },
	"next year":         func(now time.Time) string { return now.AddDate(1, 0, 0).Format(time.RFC3339) },
	"year 1":            func(time.Time) string { return "0001-01-01T00:00:00Z" },
	"year 9999":         func(time.Time) string { return "9999-12-31T23:59:59Z" },
	"1989":              func(time.Time) string { return "1989-12-31T23:59:59Z" },
	"empty":             func(time.Time) string { return "" },
	"no offset":         func(time.Time) string { return "2026-01-01T00:00:00" },
	"a date alone":      func(time.Time) string { return "2026-01-01" },
	"a space for the T": func(time.Time) string { return "2026-01-01 00:00:00Z" },
	"February 30":       func(time.Time) string { return "2026-02-30T00:00:00Z" },
	"hour 25":           func(time.Time) string { return "2026-01-01T25:00:00Z" },
	"second 60":         func(time.Time) string { return "2026-01-01T00:00:60Z" },
	"seconds since":     func(time.Time) string { return "1767225600" },
	"picoseconds":       func(time.Time) string { return "2026-01-01T00:00:00.000000000001Z" },
}

// TestBadPoints sends each invalid value and instant among good points: SKIP counts the good ones and tells the other,
// FAIL refuses all with the path of the field, and the KPI can be read after each.
func TestBadPoints(t *testing.T) {
	type bad struct{ name, field, point string }
	var all []bad
	for name, value := range badValues {
		all = append(all, bad{"value " + name, "value", `{"at": "2026-01-01T00:00:00Z", "value": ` + value + `}`})
	}
	for name, at := range badInstants {
		all = append(all, bad{"at " + name, "at", `{"value": 1, "at": ` + quote(at(time.Now())) + `}`})
	}
	for name, key := range map[string]string{
		"empty": `""`, "too long": `"` + strings.Repeat("é", 128) + `"`, "a line break": `"a\nb"`, "NUL": `"a\u0000"`, "a number": `7`,
	} {
		all = append(all, bad{"key " + name, "key", `{"value": 1, "key": ` + key + `}`})
	}
	slices.SortFunc(all, func(a, b bad) int { return strings.Compare(a.name, b.name) })

	engines(t, func(t *testing.T, start starter) {
		c := start(t).admin(t)
		c.create(t, vars{"key": "sum", "aggregation": "SUM"})
		send := func(t *testing.T, bad, onInvalid string, n int) answer {
			return c.post(t, fmt.Sprintf(`{"query": %s, "variables": {"input": {"chart": {"key": "sum"}, "onInvalid": %q,
				"points": [{"key": "before-%d", "at": "2026-02-01T00:00:00Z", "value": 1}, %s, {"key": "after-%d", "at": "2026-02-01T00:00:00Z", "value": 1}]}}}`,
				quote(record), onInvalid, n, bad, n))
		}
		for i, b := range all {
			t.Run(b.name, func(t *testing.T) {
				refused(t, send(t, b.point, "FAIL", i), "BAD_USER_INPUT", "input.points[1]."+b.field)

				a := send(t, b.point, "SKIP", i)
				if a.Errors != nil {
					t.Fatalf("SKIP: %s", a.body)
				}
				got := read[struct{ RecordDataPoints recorded }](t, a.Data).RecordDataPoints
				if got.Recorded != 2 || len(got.Rejected) != 1 || got.Rejected[0].Index != 1 || got.Rejected[0].Code != "BAD_USER_INPUT" ||
					!strings.HasPrefix(got.Rejected[0].Message, b.field+": ") {
					t.Errorf("SKIP: %s", a.body)
				}
				if k := c.kpi(t, "sum", "2026-01-01T00:00:00Z", "2026-03-01T00:00:00Z"); number(k.Value) != fmt.Sprint(2*(i+1)) {
					t.Errorf("the KPI is %s after %d good points", number(k.Value), 2*(i+1))
				}
			})
		}
	})
}

// TestGoodPointsAtTheEdge records what is unusual and valid.
func TestGoodPointsAtTheEdge(t *testing.T) {
	engines(t, func(t *testing.T, start starter) {
		c := start(t).admin(t)
		c.create(t, vars{"key": "last"})
		i := 0
		for value, want := range goodValues {
			at := time.Date(2026, 1, 1, 0, i, 0, 0, time.UTC)
			a := c.post(t, fmt.Sprintf(`{"query": %s, "variables": {"input": {"chart": {"key": "last"}, "onInvalid": "FAIL", "points": [{"at": %q, "value": %s}]}}}`,
				quote(record), at.Format(time.RFC3339), value))
			if a.Errors != nil {
				t.Errorf("%s: %s", value, a.body)
				continue
			}
			k := c.kpi(t, "last", at.Format(time.RFC3339), at.Add(time.Minute).Format(time.RFC3339))
			if number(k.Value) != want {
				t.Errorf("%s is answered as %s, want %s", value, number(k.Value), want)
			}
			i++
		}

		now := time.Now()
		c.create(t, vars{"key": "count", "aggregation": "COUNT"})
		instants := []string{
			now.Add(4 * time.Minute).Format(time.RFC3339Nano), // accepted, and counts once its time has come
			now.AddDate(-10, 0, 0).Format(time.RFC3339),       // ten years old
			"1990-01-01T00:00:00Z",
			"2026-03-29T02:30:00+01:00",                              // an hour that clocks in Paris skip, with an offset that tells it
			"2026-10-25T02:30:00+02:00", "2026-10-25T02:30:00+01:00", // the hour that they show twice: two points
			"2024-02-29T12:00:00-11:30",
			"2026-01-01T00:00:00.123456789Z",
		}
		var points []point
		for _, at := range instants {
			points = append(points, point{"at": at, "value": 1})
		}
		got := c.record(t, "count", points, vars{"onInvalid": "FAIL"})
		if got.Recorded != len(instants) {
			t.Errorf("recorded %+v", got)
		}
		stored := c.points(t, "count")
		if len(stored) != len(instants) {
			t.Errorf("points %+v", stored)
		}
		for _, at := range instants {
			want, err := time.Parse(time.RFC3339Nano, at)
			if err != nil {
				t.Fatal(err)
			}
			if !slices.ContainsFunc(stored, func(p dataPoint) bool { return p.At.Equal(want) }) {
				t.Errorf("no point at %s among %+v", at, stored)
			}
		}
		if k := c.kpi(t, "count", "1990-01-01T00:00:00Z", now.Add(time.Hour).Format(time.RFC3339)); number(k.Value) != fmt.Sprint(len(instants)-1) {
			t.Errorf("the KPI counts %s", number(k.Value))
		}
	})
}

// TestManyPointsAtOnce sends the most points a mutation may have, one more, none, and the same key over and over.
func TestManyPointsAtOnce(t *testing.T) {
	engines(t, func(t *testing.T, start starter) {
		c := start(t).admin(t)
		c.create(t, vars{"key": "sum", "aggregation": "SUM"})
		first := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
		many := make([]point, 10_001)
		for i := range many {
			many[i] = point{"at": first.Add(time.Duration(i) * time.Second).Format(time.RFC3339), "value": 1}
		}
		refused(t, c.do(t, record, recordInput("sum", many, nil)), "BAD_USER_INPUT", "input.points")
		refused(t, c.do(t, record, recordInput("sum", []point{}, nil)), "BAD_USER_INPUT", "input.points")
		if got := c.record(t, "sum", many[:10_000], nil); got.Recorded != 10_000 {
			t.Errorf("recorded %+v", got)
		}
		if got := c.record(t, "sum", many[1:], nil); got.Unchanged != 9_999 || got.Recorded != 1 {
			t.Errorf("recorded again %+v", got)
		}

		got := c.record(t, "sum", []point{
			{"key": "twice", "at": "2026-01-02T00:00:00Z", "value": 1}, {"key": "twice", "at": "2026-01-02T00:00:00Z", "value": 1},
			{"key": "twice", "at": "2026-01-02T00:00:00Z", "value": 3}, {"at": "2026-01-03T00:00:00Z", "value": 5}, {"at": "2026-01-03T01:00:00+01:00", "value": 7},
		}, nil)
		if got.Recorded != 2 || got.Corrected != 2 || got.Unchanged != 1 {
			t.Errorf("the same keys in one request: %+v", got)
		}
		if k := c.kpi(t, "sum", "2026-01-01T00:00:00Z", "2026-02-01T00:00:00Z"); number(k.Value) != "10011" {
			t.Errorf("the KPI is %s, want 10011", number(k.Value))
		}
	})
}

// TestHalfOfABatchInvalid counts the valid half once, however often the batch comes, and tells the rest each time.
func TestHalfOfABatchInvalid(t *testing.T) {
	engines(t, func(t *testing.T, start starter) {
		c := start(t).admin(t)
		c.create(t, vars{"key": "sum", "aggregation": "SUM"})
		points := make([]point, 1000)
		for i := range points {
			points[i] = point{"key": fmt.Sprint("p", i), "at": "2026-01-01T00:00:00Z", "value": 1}
			if i%2 == 1 {
				points[i]["value"] = "1,5"
			}
		}
		for _, want := range []int{500, 0, 0} {
			got := c.record(t, "sum", points, nil)
			if got.Recorded != want || got.Unchanged != 500-want || len(got.Rejected) != 500 {
				t.Errorf("recorded %d, unchanged %d, rejected %d", got.Recorded, got.Unchanged, len(got.Rejected))
			}
			for i, r := range got.Rejected {
				if r.Index != 2*i+1 {
					t.Fatalf("rejection %d is of the point %d", i, r.Index)
				}
			}
		}
		if k := c.kpi(t, "sum", "2026-01-01T00:00:00Z", "2026-01-02T00:00:00Z"); number(k.Value) != "500" {
			t.Errorf("the KPI is %s", number(k.Value))
		}
	})
}

// TestBadSettings sends settings that no chart may have, to a new chart and to one that is there.
func TestBadSettings(t *testing.T) {
	cases := map[string]struct{ field, json string }{
		"empty name":                    {"name", `""`},
		"blank name":                    {"name", `"  "`},
		"long name":                     {"name", `"` + strings.Repeat("ä", 121) + `"`},
		"name with a line break":        {"name", `"a\nb"`},
		"name right to left":            {"name", `"safe\u202Eexe"`},
		"name with an isolate":          {"name", `"\u2066a\u2069"`},
		"name with NUL":                 {"name", `"a\u0000b"`},
		"name of a lone high surrogate": {"name", `"a\ud800b"`},
		"name of a lone low surrogate":  {"name", `"a\udc00b"`},
		"name of invalid UTF-8":         {"name", "\"a\xff\xfeb\""},
		"name of overlong UTF-8":        {"name", "\"a\xc0\xafb\""},
		"long description":              {"description", `"` + strings.Repeat("x", 2001) + `"`},
		"description right to left":     {"description", `"\u202e"`},
		"negative staleAfter":           {"staleAfter", `-1`},
		"endless staleAfter":            {"staleAfter", `2147483647`},
		"half of a second":              {"staleAfter", `0.5`},
		"currency without kind":         {"unit.currency", `{"currency": "EUR"}`},
		"kind without currency":         {"unit.currency", `{"kind": "CURRENCY"}`},
		"currency that is none":         {"unit.currency", `{"kind": "CURRENCY", "currency": "euro"}`},
		"7 decimals":                    {"unit.decimals", `{"decimals": 7}`},
		"-1 decimals":                   {"unit.decimals", `{"decimals": -1}`},
		"long suffix":                   {"unit.suffix", `{"suffix": "12345678901234567"}`},
		"suffix right to left":          {"unit.suffix", `{"suffix": "\u202e"}`},
		"unknown visualization":         {"visualization", `"PIE"`},
		"unknown direction":             {"direction", `"SIDEWAYS"`},
	}
	for name, value := range badValues {
		cases["target "+name] = struct{ field, json string }{"target", value}
	}
	engines(t, func(t *testing.T, start starter) {
		c := start(t).admin(t)
		c.create(t, vars{"key": "kept"})
		c.record(t, "kept", []point{{"at": "2026-01-01T00:00:00Z", "value": 7}}, nil)
		for name, tt := range cases {
			t.Run(name, func(t *testing.T) {
				top, _, _ := strings.Cut(tt.field, ".")
				for mutation, first := range map[string]string{createChart: `"key": "new"`, updateChart: `"chart": {"key": "kept"}`} {
					more := ""
					if mutation == createChart && top != "name" {
						more = `"name": "New", `
					}
					a := c.post(t, fmt.Sprintf(`{"query": %s, "variables": {"input": {%s, %s%q: %s}}}`, quote(mutation), first, more, top, tt.json))
					if !unreadable(tt.json) {
						refused(t, a, "BAD_USER_INPUT", "input."+tt.field)
						continue
					}
					refused(t, a, "BAD_USER_INPUT", "") // the request as a whole may be at fault
				}
				if c.chart(t, "new", "id", nil) != nil {
					t.Error("a chart was made")
				}
				kept := c.chart(t, "kept", `version kpi(from: "2026-01-01T00:00:00Z", to: "2026-01-02T00:00:00Z") { value }`, nil)
				if kept.Version != 2 || number(kept.Kpi.Value) != "7" {
					t.Errorf("the chart is now %+v", kept)
				}
			})
		}
		for name, key := range map[string]string{
			"empty": "", "capitals": "Orders", "a leading hyphen": "-orders", "an underscore": "a_b", "a slash": "a/b", "a hash": "a#b", "percent": "a%2fb",
			"not ASCII": "umsätze", "64 characters": strings.Repeat("k", 64), "a space": "a b",
		} {
			t.Run("key "+name, func(t *testing.T) {
				refused(t, c.do(t, createChart, vars{"input": vars{"name": "x", "key": key}}), "BAD_USER_INPUT", "input.key")
			})
		}
	})
}

// unreadable reports whether a JSON text is no text that JSON may hold.
func unreadable(text string) bool {
	return strings.Contains(text, `\ud800`) || strings.Contains(text, `\udc00`) || strings.ToValidUTF8(text, "") != text
}

// TestBadWordsAroundPoints sends what else comes with points or takes them back.
func TestBadWordsAroundPoints(t *testing.T) {
	long := strings.Repeat("k", 256)
	engines(t, func(t *testing.T, start starter) {
		c := start(t).admin(t)
		c.create(t, vars{"key": "sum", "aggregation": "SUM"})
		one := []point{{"key": "p", "value": 1}}
		for name, tt := range map[string]struct {
			more  vars
			field string
		}{
			"empty idempotency key":          {vars{"idempotencyKey": ""}, "input.idempotencyKey"},
			"long idempotency key":           {vars{"idempotencyKey": long}, "input.idempotencyKey"},
			"idempotency key with a control": {vars{"idempotencyKey": "a\x01"}, "input.idempotencyKey"},
			"long source":                    {vars{"source": long}, "input.source"},
			"source right to left":           {vars{"source": "\u202e"}, "input.source"},
			"unknown mode":                   {vars{"mode": "SLOW"}, "input.mode"},
			"unknown onInvalid":              {vars{"onInvalid": "ASK"}, "input.onInvalid"},
			"dryRun of a text":               {vars{"dryRun": "yes"}, "input.dryRun"},
			"unknown field":                  {vars{"tenant": "other"}, "input.tenant"},
		} {
			t.Run(name, func(t *testing.T) {
				refused(t, c.do(t, record, recordInput("sum", one, tt.more)), "BAD_USER_INPUT", tt.field)
			})
		}
		for name, tt := range map[string]struct {
			input vars
			field string
		}{
			"nothing":             {vars{}, "input.keys"},
			"an empty key":        {vars{"keys": []string{"a", ""}}, "input.keys[1]"},
			"an instant of none":  {vars{"instants": []string{"yesterday"}}, "input.instants[0]"},
			"reason of 2001":      {vars{"keys": []string{"a"}, "reason": strings.Repeat("x", 2001)}, "input.reason"},
			"reason with control": {vars{"keys": []string{"a"}, "reason": "\x07"}, "input.reason"},
		} {
			t.Run("remove "+name, func(t *testing.T) {
				tt.input["chart"] = vars{"key": "sum"}
				refused(t, c.do(t, remove, vars{"input": tt.input}), "BAD_USER_INPUT", tt.field)
			})
		}
		for name, query := range map[string]string{
			"from":     `{ chart(by: {key: "sum"}) { kpi(from: "2026-01-01", to: "2026-02-01T00:00:00Z") { value } } }`,
			"to":       `{ chart(by: {key: "sum"}) { kpi(from: "2026-01-01T00:00:00Z", to: "") { value } } }`,
			"first":    `{ chart(by: {key: "sum"}) { points(first: 501) { nodes { key } } } }`,
			"after":    `{ chart(by: {key: "sum"}) { history(after: "?") { nodes { id } } } }`,
			"timeZone": `mutation { updateTenant(input: {timeZone: "Mars/Olympus"}) { tenant { id } } }`,
			"name":     `mutation { updateTenant(input: {name: ""}) { tenant { id } } }`,
		} {
			t.Run(name, func(t *testing.T) {
				field := name
				if strings.HasPrefix(query, "mutation") {
					field = "input." + name
				}
				refused(t, c.do(t, query, nil), "BAD_USER_INPUT", field)
			})
		}
		if len(c.history(t, "sum")) != 1 {
			t.Error("something was written")
		}
		c.record(t, "sum", one, nil)
		longest := vars{"chart": vars{"key": "sum"}, "keys": []string{"p"}, "reason": strings.Repeat("ä", 2000)}
		if a := c.do(t, remove, vars{"input": longest}); a.Errors != nil {
			t.Errorf("the longest reason: %s", a.body)
		}
	})
}
