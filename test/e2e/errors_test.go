package e2e

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
)

// TestErrorCodes provokes each code of the contract that a client can cause.
func TestErrorCodes(t *testing.T) {
	engines(t, func(t *testing.T, start starter) {
		s := start(t)
		tenant := unique()
		admin, editor, viewer := s.as(t, tenant, "ADMIN"), s.as(t, tenant, "EDITOR"), s.as(t, tenant, "VIEWER")
		made := admin.create(t, vars{"key": "orders"})
		admin.record(t, "orders", []point{{"key": "a", "value": 1}}, vars{"idempotencyKey": "delivery-1"})
		one := vars{"input": vars{"chart": vars{"key": "orders"}}}
		version := func(n int) vars {
			return vars{"input": vars{"chart": vars{"key": "orders"}, "expectedVersion": n, "name": "Other"}}
		}

		for name, tt := range map[string]struct {
			client      *client
			query       string
			variables   vars
			code, field string
		}{
			"no token":                {s.with(""), `{ viewer { subject } }`, nil, "UNAUTHENTICATED", ""},
			"a viewer records":        {viewer, record, recordInput("orders", []point{{"value": 1}}, nil), "FORBIDDEN", ""},
			"a viewer creates":        {viewer, createChart, vars{"input": vars{"name": "x"}}, "FORBIDDEN", ""},
			"a viewer archives":       {viewer, archive, one, "FORBIDDEN", ""},
			"an editor moves tenants": {editor, `mutation { updateTenant(input: {name: "x"}) { tenant { id } } }`, nil, "FORBIDDEN", ""},
			"key taken":               {editor, createChart, vars{"input": vars{"name": "x", "key": "orders"}}, "KEY_TAKEN", "input.key"},
			"unknown chart, by key":   {editor, record, recordInput("nothing", []point{{"value": 1}}, nil), "NOT_FOUND", "input.chart"},
			"unknown chart, by id":    {editor, archive, vars{"input": vars{"chart": vars{"id": "nothing"}}}, "NOT_FOUND", "input.chart"},
			"an old version":          {editor, updateChart, version(made.Version), "VERSION_CONFLICT", "input.expectedVersion"},
			"a version to come":       {editor, updateChart, version(99), "VERSION_CONFLICT", "input.expectedVersion"},
			"idempotency key reused": {editor, record, recordInput("orders", []point{{"key": "a", "value": 2}}, vars{"idempotencyKey": "delivery-1"}),
				"IDEMPOTENCY_KEY_REUSED", "input.idempotencyKey"},
			"a query that is none":    {viewer, `{ viewer {`, nil, "BAD_USER_INPUT", ""},
			"an unknown field":        {viewer, `{ nothing }`, nil, "BAD_USER_INPUT", ""},
			"a page too large":        {viewer, `{ charts(first: 501) { totalCount } }`, nil, "BAD_USER_INPUT", "first"},
			"a page far too large":    {viewer, `{ charts(first: 1000000) { nodes { id } } }`, nil, "BAD_USER_INPUT", "first"},
			"too costly a query":      {viewer, `{ charts(first: 500) { nodes { points(first: 500) { nodes { key } } } } }`, nil, "QUERY_TOO_COMPLEX", ""},
			"too deep a query":        {viewer, `{ __schema { types { fields { type ` + strings.Repeat("{ ofType ", 20) + `{ name }` + strings.Repeat(" }", 20) + ` } } } }`, nil, "QUERY_TOO_COMPLEX", ""},
			"too many aliases":        {viewer, `{` + aliases(31) + `}`, nil, "QUERY_TOO_COMPLEX", ""},
			"a page of less than one": {viewer, `{ charts(first: -1) { totalCount } }`, nil, "BAD_USER_INPUT", "first"},
			"a cursor that is none":   {viewer, `{ charts(after: "x") { totalCount } }`, nil, "BAD_USER_INPUT", "after"},
			"a text of 16 KiB":        {viewer, `{ version } #` + strings.Repeat(" ", 16<<10), nil, "QUERY_TOO_COMPLEX", ""},
			"a chart by two names":    {viewer, `{ chart(by: {id: "x", key: "y"}) { id } }`, nil, "BAD_USER_INPUT", ""},
			"a chart by no name":      {viewer, `{ chart(by: {}) { id } }`, nil, "BAD_USER_INPUT", ""},
			"a period upside down": {viewer, `{ chart(by: {key: "orders"}) { kpi(from: "2026-02-01T00:00:00Z", to: "2026-01-01T00:00:00Z") { value } } }`, nil,
				"BAD_USER_INPUT", "to"},
			"a trend of too many buckets": {viewer, `{ chart(by: {key: "orders"}) { trend(from: "1990-01-01T00:00:00Z", to: "2026-01-01T00:00:00Z", granularity: HOUR) { from } } }`, nil,
				"BAD_USER_INPUT", "granularity"},
		} {
			t.Run(name, func(t *testing.T) { refused(t, tt.client.do(t, tt.query, tt.variables), tt.code, tt.field) })
		}
		if got := admin.chart(t, "orders", "version", nil).Version; got != 2 {
			t.Errorf("version %d after refusals alone, want 2", got)
		}
	})
}

// TestLimits goes over what a tenant may do: a refusal that says so, for this tenant alone, and no harm done.
func TestLimits(t *testing.T) {
	engines(t, func(t *testing.T, start starter) {
		s := start(t, "--rate-mutations", "1:4", "--quota-charts", "2", "--quota-points-per-day", "3")
		c, other := s.admin(t), s.admin(t)
		c.create(t, vars{"key": "one"})
		c.create(t, vars{"key": "two"})
		refused(t, c.do(t, createChart, vars{"input": vars{"name": "three"}}), "LIMIT_EXCEEDED", "")
		four := []point{{"key": "a", "value": 1}, {"key": "b", "value": 1}, {"key": "c", "value": 1}, {"key": "d", "value": 1}}
		refused(t, c.do(t, record, recordInput("one", four, nil)), "LIMIT_EXCEEDED", "")

		var a answer
		for range 100 { // a slow machine is given new mutations meanwhile
			if a = c.do(t, archive, vars{"input": vars{"chart": vars{"key": "two"}}}); a.Errors != nil {
				break
			}
		}
		refused(t, a, "RATE_LIMITED", "")
		if a.status != http.StatusTooManyRequests {
			t.Errorf("status %d", a.status)
		}
		if got := c.chart(t, "one", "version", nil); got.Version != 1 {
			t.Errorf("after refusals %+v", got)
		}
		other.create(t, vars{"key": "one"})
	})
}

// TestUnauthenticated tells what a caller without a good token gets: 401, and no data.
func TestUnauthenticated(t *testing.T) {
	engines(t, func(t *testing.T, start starter) {
		s := start(t)
		good := s.admin(t).token
		header, rest, _ := strings.Cut(good, ".")
		claims, signature, _ := strings.Cut(rest, ".")
		other := start(t).admin(t).token // of another issuer
		for name, token := range map[string]string{
			"of another issuer": other,
			"no signature":      header + "." + claims + ".",
			"another signature": header + "." + claims + "." + strings.Repeat("A", len(signature)),
			"not a token":       "x",
			"other claims":      header + "." + strings.Split(other, ".")[1] + "." + signature,
		} {
			t.Run(name, func(t *testing.T) {
				a := s.with(token).do(t, `{ viewer { subject } }`, nil)
				refused(t, a, "UNAUTHENTICATED", "")
				if a.status != http.StatusUnauthorized || string(a.Data) != "" && string(a.Data) != "null" {
					t.Errorf("status %d, %s", a.status, a.body)
				}
			})
		}
		if a := s.with(good).do(t, `{ viewer { subject } }`, nil); a.status != http.StatusOK || a.Errors != nil {
			t.Errorf("a good token: %d, %s", a.status, a.body)
		}
	})
}

// TestIdempotency sends the same request again under its key: the first answer, and nothing counted twice.
func TestIdempotency(t *testing.T) {
	engines(t, func(t *testing.T, start starter) {
		c := start(t).admin(t)
		c.create(t, vars{"key": "orders", "aggregation": "COUNT"})
		send := func() string {
			a := c.do(t, record, recordInput("orders", []point{{"value": 1}, {"key": "a", "value": 2}, {"key": "", "value": 3}}, vars{"idempotencyKey": "k"}))
			if a.Errors != nil {
				t.Fatalf("%s", a.body)
			}
			return string(a.Data)
		}
		first := send()
		for range 3 {
			if again := send(); again != first {
				t.Errorf("another answer to the same request:\n%s\n%s", first, again)
			}
		}
		if points := c.points(t, "orders"); len(points) != 2 {
			t.Errorf("points %+v", points)
		}
	})
}

// TestDryRun tells the counts that would be, and writes nothing.
func TestDryRun(t *testing.T) {
	engines(t, func(t *testing.T, start starter) {
		c := start(t).admin(t)
		c.create(t, vars{"key": "orders"})
		c.record(t, "orders", []point{{"key": "same", "at": "2026-01-01T00:00:00Z", "value": 1}, {"key": "other", "at": "2026-01-01T00:00:00Z", "value": 1}}, nil)
		points := []point{
			{"key": "same", "at": "2026-01-01T00:00:00Z", "value": 1}, {"key": "other", "at": "2026-01-01T00:00:00Z", "value": 2},
			{"key": "new", "value": 3}, {"key": "bad", "value": "x"},
		}
		for _, dry := range []bool{true, true, false} {
			got := c.record(t, "orders", points, vars{"dryRun": dry})
			if counts := fmt.Sprint(got.Recorded, got.Corrected, got.Unchanged, len(got.Rejected)); counts != "1 1 1 1" {
				t.Errorf("dry run %v: %s", dry, counts)
			}
			if want := map[bool]int{true: 2, false: 3}[dry]; len(c.points(t, "orders")) != want || len(c.history(t, "orders")) != want {
				t.Errorf("dry run %v: something else is written", dry)
			}
		}
	})
}

// aliases asks for the same field so many times.
func aliases(n int) string {
	var query strings.Builder
	for i := range n {
		fmt.Fprintf(&query, " a%d: tenant { id }", i)
	}
	return query.String()
}
