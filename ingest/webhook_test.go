package ingest_test

import (
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/mykpi/mykpi/charts/command"
	"github.com/mykpi/mykpi/tenancy"
)

func TestShapes(t *testing.T) {
	engines(t, func(t *testing.T, newStation opener) {
		const at = "2026-06-01T10:00:00Z"
		for name, test := range map[string]struct {
			path, body string
			counts     [4]int
			revenue    map[string]string
		}{
			"a value":                 {"/revenue", `{"value": 12.5, "key": "a"}`, [4]int{1}, map[string]string{"a": "12.5"}},
			"a value in a string":     {"/revenue", `{"value": "12.50", "key": "a"}`, [4]int{1}, map[string]string{"a": "12.5"}},
			"a value at an instant":   {"/revenue", `{"value": 12.5, "at": "2026-06-01T12:00:00+02:00"}`, [4]int{1}, map[string]string{at: "12.5"}},
			"points":                  {"/revenue", `{"points": [{"value": 1, "key": "a"}, {"value": 2, "key": "b"}], "source": "42"}`, [4]int{2}, map[string]string{"a": "1", "b": "2"}},
			"an array":                {"/revenue", `[{"value": 1, "key": "a"}, {"value": 2, "key": "a"}]`, [4]int{1, 1}, map[string]string{"a": "2"}},
			"other fields":            {"/revenue", `{"value": 1, "key": "a", "customer": {"id": 7}}`, [4]int{1}, map[string]string{"a": "1"}},
			"the chart again":         {"/revenue", `{"chart": "revenue", "value": 1, "key": "a"}`, [4]int{1}, map[string]string{"a": "1"}},
			"another chart":           {"/revenue", `{"chart": "orders", "value": 1, "key": "a"}`, [4]int{0, 0, 0, 1}, nil},
			"many charts":             {"", `[{"chart": "revenue", "value": 1, "key": "a"}, {"chart": "orders", "value": 2, "key": "b"}]`, [4]int{2}, map[string]string{"a": "1"}},
			"many charts, one object": {"", `{"chart": "revenue", "value": 1, "key": "a"}`, [4]int{1}, map[string]string{"a": "1"}},
			"points of one chart":     {"", `{"chart": "revenue", "points": [{"value": 1, "key": "a"}, {"chart": "orders", "value": 9}]}`, [4]int{2}, map[string]string{"a": "1"}},
			"some invalid": {"", `[{"chart": "revenue", "value": 1, "key": "a"}, {"chart": "nope", "value": 2}, {"value": 3}, {"chart": "revenue", "value": "1,5"}, 7]`,
				[4]int{1, 0, 0, 4}, map[string]string{"a": "1"}},
		} {
			t.Run(name, func(t *testing.T) {
				s := newStation(t)
				a := s.post("/webhooks/charts"+test.path, test.body)
				if a.status != 200 || a.counts() != test.counts || strings.Contains(a.body, `"error`) {
					t.Fatalf("%d %s", a.status, a.body)
				}
				if !slices.IsSortedFunc(a.Rejected, func(x, y command.Rejection) int { return x.Index - y.Index }) || !strings.Contains(a.body, `"rejected":[`) {
					t.Error(a.body)
				}
				if got := s.points("revenue"); !maps.Equal(got, test.revenue) {
					t.Errorf("the points are %v, want %v", got, test.revenue)
				}
				if n := len(s.rejected()); n != test.counts[3] {
					t.Errorf("%d refused points are kept, want %d", n, test.counts[3])
				}
				// The same again changes nothing.
				if again := s.post("/webhooks/charts"+test.path, test.body); test.revenue["a"] == "1" && test.counts[0] == 1 && again.Recorded != 0 {
					t.Errorf("again: %s", again.body)
				}
			})
		}
	})
}

// Bad data of security.md: each value and instant is refused with a message that says what to change, and kept.
func TestBadPoints(t *testing.T) {
	engines(t, func(t *testing.T, newStation opener) {
		s := newStation(t)
		for point, want := range map[string]string{
			`{"value": "NaN"}`:                  "value: ",
			`{"value": "Infinity"}`:             "value: ",
			`{"value": 1e308}`:                  "value: ",
			`{"value": 0.12345678901234567890}`: "more than 6 decimals",
			`{"value": "1,5"}`:                  "write 1234.5",
			`{"value": true}`:                   "must be a number",
			`{"value": null}`:                   "is missing",
			`{}`:                                "is missing",
			`{"value": 1, "at": "2026-06-15T12:06:00Z"}`:     "5 minutes in the future",
			`{"value": 1, "at": "0001-01-01T00:00:00Z"}`:     "1990",
			`{"value": 1, "at": ""}`:                         "at: must be a date and time",
			`{"value": 1, "at": "2026-06-01T10:00:00"}`:      "no offset",
			`{"value": 1, "at": 1780000000}`:                 "at: must be a date and time",
			`{"value": 1, "key": ""}`:                        "key: must not be empty",
			`{"value": 1, "key": 7}`:                         "key: must be a string",
			`{"value": 1, "key": "` + long(256) + `"}`:       "at most 255",
			`{"value": 1, "key": "a\u0000"}`:                 "control",
			`{"value": 1, "at": "2026-02-30T10:00:00Z"}`:     "at: must be a date and time",
			`{"value": 1, "at": "2026-06-01T24:00:00Z"}`:     "at: must be a date and time",
			`{"value": 1, "at": "2026-06-01T10:00:00+99:0"}`: "at: must be a date and time",
			`[1]`:      "must be a point",
			`"a text"`: "must be a point",
		} {
			before := len(s.rejected())
			a := s.post("/webhooks/charts/revenue", `[`+point+`, {"value": 1, "key": "good"}]`)
			if a.status != 200 || len(a.Rejected) != 1 || a.Rejected[0].Index != 0 || a.Rejected[0].Code != tenancy.BadUserInput || !strings.Contains(a.Rejected[0].Message, want) {
				t.Errorf("%s: %d %s, want %q", point, a.status, a.body, want)
			}
			if after := s.rejected(); len(after) != min(before+1, 50) || after[0].Message != a.Rejected[0].Message || *after[0].ChartKey != "revenue" {
				t.Errorf("%s: %d refused points are kept, were %d", point, len(after), before)
			}
		}
		if got := s.points("revenue"); !maps.Equal(got, map[string]string{"good": "1"}) {
			t.Error(got)
		}
		ten := s.post("/webhooks/charts/revenue", `{"value": 1, "at": "2016-06-01T10:00:00Z"}`)
		if ten.Recorded != 1 {
			t.Errorf("ten years old and valid: %s", ten.body)
		}
	})
}

func long(n int) string { return strings.Repeat("x", n) }

func TestRequestsThatAreRefused(t *testing.T) {
	s := newStation(t)
	many := "[" + strings.Repeat(`{"value":1},`, 10_000) + `{"value":1}]`
	for name, test := range map[string]struct {
		path, body string
		headers    []string
		status     int
		code, want string
	}{
		"no credential":          {"/revenue", `{"value":1}`, []string{"Authorization", ""}, 401, "UNAUTHENTICATED", "Bearer"},
		"a wrong key":            {"/revenue", `{"value":1}`, []string{"Authorization", "Bearer mykpi_no"}, 401, "UNAUTHENTICATED", "not valid"},
		"a key that may not":     {"/revenue", `{"value":1}`, []string{"Authorization", "Bearer " + viewerKey}, 403, "FORBIDDEN", "RECORD"},
		"no such chart":          {"/nope", `{"value":1}`, nil, 404, "NOT_FOUND", "no such chart"},
		"no chart's key":         {"/..%2frevenue", `{"value":1}`, nil, 404, "NOT_FOUND", "no such chart"},
		"a form":                 {"/revenue", `value=1`, []string{"Content-Type", "application/x-www-form-urlencoded"}, 415, "BAD_USER_INPUT", "application/json"},
		"text":                   {"/revenue", `{"value":1}`, []string{"Content-Type", "text/plain"}, 415, "BAD_USER_INPUT", "application/json"},
		"no type":                {"/revenue", `{"value":1}`, []string{"Content-Type", ""}, 415, "BAD_USER_INPUT", "application/json"},
		"latin-1":                {"/revenue", `{"value":1}`, []string{"Content-Type", "application/json; charset=latin1"}, 415, "BAD_USER_INPUT", "UTF-8"},
		"gzip":                   {"/revenue", "\x1f\x8b", []string{"Content-Encoding", "gzip"}, 415, "BAD_USER_INPUT", "Content-Encoding"},
		"too large":              {"/revenue", `{"value":1,"x":"` + long(2<<20) + `"}`, nil, 413, "LIMIT_EXCEEDED", "1048576"},
		"bad JSON":               {"/revenue", `{"value": sk_live_secret`, nil, 400, "BAD_USER_INPUT", "not valid JSON"},
		"empty":                  {"/revenue", ``, nil, 400, "BAD_USER_INPUT", "not valid JSON"},
		"two values":             {"/revenue", `{"value":1}{"value":2}`, nil, 400, "BAD_USER_INPUT", "not valid JSON"},
		"invalid UTF-8":          {"/revenue", "{\"value\":1,\"key\":\"\xff\"}", nil, 400, "BAD_USER_INPUT", "UTF-8"},
		"a lone surrogate":       {"/revenue", `{"value":1,"key":"\ud800"}`, nil, 400, "BAD_USER_INPUT", "surrogates"},
		"a number":               {"/revenue", `12.5`, nil, 422, "BAD_USER_INPUT", `send {"value"`},
		"no points":              {"/revenue", `[]`, nil, 422, "BAD_USER_INPUT", "1 to 10000"},
		"10,001 points":          {"/revenue", many, nil, 422, "BAD_USER_INPUT", "1 to 10000"},
		"points no array":        {"/revenue", `{"points": {"value": 1}}`, nil, 422, "BAD_USER_INPUT", "points: must be an array"},
		"all or nothing":         {"/revenue?onInvalid=FAIL", `[{"value":1},{"value":"x"}]`, nil, 422, "BAD_USER_INPUT", "points[1].value"},
		"a parameter":            {"/revenue?dryrun=1", `{"value":1}`, nil, 400, "BAD_USER_INPUT", "dryRun=true"},
		"a parameter's value":    {"/revenue?mode=later", `{"value":1}`, nil, 400, "BAD_USER_INPUT", "BACKFILL"},
		"a source with bidi":     {"/revenue?source=%E2%80%AE", `{"value":1}`, nil, 422, "BAD_USER_INPUT", "source"},
		"a long idempotency key": {"/revenue", `{"value":1}`, []string{"Idempotency-Key", long(256)}, 422, "BAD_USER_INPUT", "255"},
		"CSV for many charts":    {"", "date,value\n", []string{"Content-Type", "text/csv"}, 415, "BAD_USER_INPUT", "/webhooks/charts/KEY"},
		"elsewhere":              {"/a/b", `{}`, nil, 404, "NOT_FOUND", "/webhooks/charts/KEY"},
	} {
		a := s.post("/webhooks/charts"+test.path, test.body, test.headers...)
		if a.status != test.status || len(a.Errors) != 1 || a.Errors[0].Extensions.Code != test.code || !strings.Contains(a.Errors[0].Message, test.want) {
			t.Errorf("%s: %d %.300s, want %d %s %q", name, a.status, a.body, test.status, test.code, test.want)
			continue
		}
		if a.Errors[0].Extensions.TraceID == "" || strings.Contains(a.body, "sk_live") || strings.Contains(a.body, `"recorded"`) {
			t.Errorf("%s: %s", name, a.body)
		}
	}
	if len(s.points("revenue")) != 0 || len(s.rejected()) != 0 {
		t.Error("something was recorded, or kept as refused")
	}
	if s.logs.Len() > 0 {
		t.Errorf("a caller's fault is in the log: %s", s.logs)
	}
	get, err := http.Get(s.url + "/webhooks/charts/revenue")
	if err != nil {
		t.Fatal(err)
	}
	get.Body.Close()
	if get.StatusCode != http.StatusMethodNotAllowed || get.Header.Get("Allow") != "POST" {
		t.Errorf("GET: %d", get.StatusCode)
	}
}

// A chart of another tenant is answered as one that nobody has, to the byte but for the trace.
func TestOtherTenants(t *testing.T) {
	engines(t, func(t *testing.T, newStation opener) {
		s := newStation(t)
		if _, err := s.commands.CreateChart(t.Context(), identity("other"), command.CreateChart{Key: "theirs", Aggregation: "SUM", Settings: settings("theirs")}); err != nil {
			t.Fatal(err)
		}
		theirs, nobodys := s.post("/webhooks/charts/theirs", `{"value":1}`), s.post("/webhooks/charts/nobody", `{"value":1}`)
		strip := func(a answer) string { return strings.ReplaceAll(a.body, a.Errors[0].Extensions.TraceID, "") }
		if theirs.status != 404 || strip(theirs) != strip(nobodys) {
			t.Errorf("%s and %s", theirs.body, nobodys.body)
		}
		// The same chart key and the same point key stand in both.
		s.post("/webhooks/charts/revenue", `{"value":1,"key":"k"}`)
		if a := s.post("/webhooks/charts/revenue", `{"value":2,"key":"k"}`, "Authorization", "Bearer "+otherKey, "X-Tenant", "acme"); a.Recorded != 1 {
			t.Error(a.body)
		}
		if got := s.points("revenue"); !maps.Equal(got, map[string]string{"k": "1"}) {
			t.Error(got)
		}
	})
}

func TestIdempotencyKey(t *testing.T) {
	engines(t, func(t *testing.T, newStation opener) {
		s := newStation(t)
		const body = `{"value": 5}`
		var answers [40]answer
		var wait sync.WaitGroup
		for i := range answers {
			wait.Go(func() {
				a, err := s.try("/webhooks/charts/revenue", strings.NewReader(body), "Idempotency-Key", "run-1")
				if err != nil {
					t.Error(err)
				}
				answers[i] = a
			})
		}
		wait.Wait()
		for _, a := range answers {
			if a.status != 200 || a.body != answers[0].body {
				t.Fatalf("%d %s, the first was answered %s", a.status, a.body, answers[0].body)
			}
		}
		if got := s.points("revenue"); len(got) != 1 {
			t.Errorf("concurrent repeats made %v", got)
		}
		reused := s.post("/webhooks/charts/revenue", `{"value": 6}`, "Idempotency-Key", "run-1")
		if reused.status != 422 || reused.Errors[0].Extensions.Code != "IDEMPOTENCY_KEY_REUSED" {
			t.Errorf("%d %s", reused.status, reused.body)
		}
		if a := s.post("/webhooks/charts/revenue", `{"points": [{"value": 7, "key": "x"}], "idempotencyKey": "run-1"}`); a.status != 422 {
			t.Errorf("a key in the body is the same key: %d %s", a.status, a.body)
		}
		// So are those of many charts, those that are not there among them.
		many := `[{"chart": "revenue", "value": 1, "key": "m"}, {"chart": "nope", "value": 2}]`
		one, two := s.post("/webhooks/charts", many, "Idempotency-Key", "m"), s.post("/webhooks/charts", many, "Idempotency-Key", "m")
		if one.counts() != [4]int{1, 0, 0, 1} || two.counts() != one.counts() || len(s.rejected()) != 1 || len(s.ingestions()) != 2 {
			t.Errorf("%s and %s, %d kept, %d ingestions", one.body, two.body, len(s.rejected()), len(s.ingestions()))
		}
		// An answer with refused points is the first one again, and they are kept once.
		half := `[{"value": 1, "key": "h"}, {"value": "x"}]`
		first, second := s.post("/webhooks/charts/orders", half, "Idempotency-Key", "h"), s.post("/webhooks/charts/orders", half, "Idempotency-Key", "h")
		if first.counts() != [4]int{1, 0, 0, 1} || first.body != second.body || len(s.rejected()) != 2 {
			t.Errorf("%s and %s, %d kept", first.body, second.body, len(s.rejected()))
		}
	})
}

// The HTTP Request node sends all its items at once, each on a connection of its own, and on a retry all again.
func TestConcurrentItemsAndRetries(t *testing.T) {
	engines(t, func(t *testing.T, newStation opener) {
		s := newStation(t)
		const items = 300
		for attempt := range 3 {
			var recorded [items]int
			var wait sync.WaitGroup
			for i := range items {
				wait.Go(func() {
					a, err := s.try("/webhooks/charts/revenue", strings.NewReader(fmt.Sprintf(`{"value":%d,"key":"item-%d"}`, i, i)))
					if err != nil || a.status != 200 {
						t.Errorf("item %d: %v %s", i, err, a.body)
					}
					recorded[i] = a.Recorded
				})
			}
			wait.Wait()
			sum := 0
			for _, n := range recorded {
				sum += n
			}
			if want := map[bool]int{true: items, false: 0}[attempt == 0]; sum != want {
				t.Errorf("attempt %d recorded %d, want %d", attempt, sum, want)
			}
		}
		if got := len(s.points("revenue")); got != items {
			t.Errorf("%d points, want %d", got, items)
		}
	})
}

func TestDryRunAndBackfill(t *testing.T) {
	engines(t, func(t *testing.T, newStation opener) {
		s := newStation(t)
		dry := s.post("/webhooks/charts/revenue?dryRun=true", `[{"value":1,"key":"a"},{"value":"x"}]`)
		if dry.counts() != [4]int{1, 0, 0, 1} || dry.IngestionID != "" || len(s.points("revenue")) != 0 || len(s.rejected()) != 0 || len(s.ingestions()) != 0 {
			t.Errorf("a dry run: %s", dry.body)
		}
		if s.events.Load() != 0 {
			t.Errorf("a dry run told %d changes", s.events.Load())
		}
		var rows strings.Builder
		rows.WriteString("date,value\n")
		for i := range 2500 {
			fmt.Fprintf(&rows, "%s,%d\n", time.Date(2024, 1, 1, 0, 0, 0, 0, time.UTC).Add(time.Duration(i)*time.Hour).Format(time.RFC3339), i)
		}
		a := s.post("/webhooks/charts/revenue?mode=BACKFILL", rows.String(), "Content-Type", "text/csv")
		if a.Recorded != 2500 || s.events.Load() != 1 {
			t.Errorf("%s told subscribers %d changes, want one", a.body, s.events.Load())
		}
	})
}

// A dry run counts what would be recorded, of a point too that is named again far behind: in another batch of a file, or
// where the engine takes a request in pieces.
func TestDryRunCountsAsIfItWereRecorded(t *testing.T) {
	engines(t, func(t *testing.T, newStation opener) {
		s := newStation(t)
		var rows, points strings.Builder
		rows.WriteString("date,value,key\n")
		for i := range 1200 {
			fmt.Fprintf(&rows, "2024-01-01,%d,k%d\n", i/1100, i%100)
		}
		for i := range 200 {
			fmt.Fprintf(&points, `,{"value": %d, "key": "p%d", "at": "2024-01-01T00:00:00Z"}`, i/150, i%60)
		}
		for _, sent := range []struct {
			kind, body string
			want       [4]int
		}{
			{"text/csv", rows.String(), [4]int{100, 100, 1000, 0}},
			{"application/json", "[" + points.String()[1:] + "]", [4]int{60, 50, 90, 0}},
		} {
			for _, address := range []string{"?dryRun=true", ""} {
				if a := s.post("/webhooks/charts/revenue"+address, sent.body, "Content-Type", sent.kind); a.counts() != sent.want {
					t.Errorf("%s%s: %s, want %v", sent.kind, address, a.body, sent.want)
				}
			}
		}
	})
}
