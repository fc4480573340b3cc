package e2e

import (
	"bytes"
	"regexp"
	"testing"
)

// TestAnotherTenantsThings asks, as tenant A, for everything of tenant B. The answer is the same bytes as for things
// that never were, or A's own things where the name is no secret.
func TestAnotherTenantsThings(t *testing.T) {
	engines(t, func(t *testing.T, start starter) {
		s := start(t)
		a, b := s.admin(t), s.admin(t)
		secret := b.create(t, vars{"key": "secret", "name": "Secret plan"})
		b.record(t, "secret", []point{{"key": "p", "value": 424242}}, nil)
		tenantOfB := ask[struct{ Tenant struct{ ID string } }](t, b, `{ tenant { id } }`, nil).Tenant.ID
		a.create(t, vars{"key": "own"})

		// An ID of the same shape that names nothing.
		never := secret.ID[:len(secret.ID)-4] + "zzzz"
		one := func(id, key string) vars { return vars{"id": id, "key": key} }
		for name, query := range map[string]string{
			"chart by id":    `query($id: ID!) { chart(by: {id: $id}) { ` + settingsFields + ` } }`,
			"chart by key":   `query($key: String!) { chart(by: {key: $key}) { ` + settingsFields + ` } }`,
			"node":           `query($id: ID!) { node(id: $id) { id } }`,
			"update by id":   `mutation($id: ID!) { updateChart(input: {chart: {id: $id}, name: "x"}) { chart { id } } }`,
			"update by key":  `mutation($key: String!) { updateChart(input: {chart: {key: $key}, name: "x"}) { chart { id } } }`,
			"archive by id":  `mutation($id: ID!) { archiveChart(input: {chart: {id: $id}}) { chart { id } } }`,
			"restore by id":  `mutation($id: ID!) { restoreChart(input: {chart: {id: $id}}) { chart { id } } }`,
			"record by id":   `mutation($id: ID!) { recordDataPoints(input: {chart: {id: $id}, points: [{value: 1}]}) { recorded } }`,
			"record by key":  `mutation($key: String!) { recordDataPoints(input: {chart: {key: $key}, points: [{value: 1}]}) { recorded } }`,
			"remove by id":   `mutation($id: ID!) { removeDataPoints(input: {chart: {id: $id}, keys: ["p"]}) { removed } }`,
			"remove by key":  `mutation($key: String!) { removeDataPoints(input: {chart: {key: $key}, keys: ["p"]}) { removed } }`,
			"list by search": `query($key: String!) { charts(search: $key) { totalCount nodes { id } } }`,
		} {
			t.Run(name, func(t *testing.T) {
				theirs := a.do(t, query, used(query, one(secret.ID, "secret")))
				nobodys := a.do(t, query, used(query, one(never, "never")))
				if !bytes.Equal(withoutTrace(theirs.body), withoutTrace(nobodys.body)) || theirs.status != nobodys.status {
					t.Errorf("told apart:\n%d %s\n%d %s", theirs.status, theirs.body, nobodys.status, nobodys.body)
				}
				if code := theirs.code(); code != "" && code != "NOT_FOUND" {
					t.Errorf("the question was not understood: %s", theirs.body)
				}
			})
		}
		t.Run("tenant by node", func(t *testing.T) {
			const query = `query($id: ID!) { node(id: $id) { id } }`
			theirs, nobodys := a.do(t, query, vars{"id": tenantOfB}), a.do(t, query, vars{"id": tenantOfB[:len(tenantOfB)-2] + "zz"})
			if !bytes.Equal(withoutTrace(theirs.body), withoutTrace(nobodys.body)) {
				t.Errorf("told apart:\n%s\n%s", theirs.body, nobodys.body)
			}
		})

		if kept := b.chart(t, "secret", settingsFields, nil); kept.Version != 2 || kept.Name != "Secret plan" || kept.Status != "ACTIVE" {
			t.Errorf("after all this B has %+v", kept)
		}
	})
}

// TestCursorsOfAnotherTenant shows that a cursor names a place, and never whose list it is.
func TestCursorsOfAnotherTenant(t *testing.T) {
	engines(t, func(t *testing.T, start starter) {
		s := start(t)
		a, b := s.admin(t), s.admin(t)
		for _, c := range []*client{a, b} {
			for _, key := range []string{"k1", "k2", "k3"} {
				c.create(t, vars{"key": key})
			}
			c.record(t, "k1", []point{{"at": "2026-01-01T00:00:00Z", "value": 1}, {"at": "2026-01-02T00:00:00Z", "value": 2}}, nil)
		}
		ids := map[string]bool{}
		for _, n := range charts(t, b, `charts`).Nodes {
			ids[n.ID] = true
		}
		list := charts(t, b, `charts(first: 1)`)
		for _, n := range charts(t, a, `charts(after: `+quote(*list.PageInfo.EndCursor)+`)`).Nodes {
			if ids[n.ID] {
				t.Errorf("A reads B's chart %+v", n)
			}
		}
		points := b.chart(t, "k1", `points(first: 1) { nodes { key } `+pageFields+` } history(first: 1) { nodes { id } `+pageFields+` }`, nil)
		events := map[string]bool{}
		for _, e := range b.history(t, "k1") {
			events[e.ID] = true
		}
		got := a.chart(t, "k1", `points(after: `+quote(*points.Points.PageInfo.EndCursor)+`) { nodes { key value } `+pageFields+` }
			history(after: `+quote(*points.History.PageInfo.EndCursor)+`) { nodes { id } `+pageFields+` }`, nil)
		if len(got.Points.Nodes) != 1 || len(got.History.Nodes) != 1 || events[got.History.Nodes[0].ID] {
			t.Errorf("behind B's cursors A finds %+v", got)
		}
	})
}

// TestSameKeysInTwoTenants lets both have a chart, a point and an idempotency key of the same name.
func TestSameKeysInTwoTenants(t *testing.T) {
	engines(t, func(t *testing.T, start starter) {
		s := start(t)
		clients := []*client{s.as(t, "t1", "ADMIN"), s.as(t, "t10", "ADMIN")}
		for i, c := range clients {
			c.create(t, vars{"key": "same", "aggregation": "SUM"})
			got := c.record(t, "same", []point{{"key": "p", "at": "2026-01-01T00:00:00Z", "value": i + 1}}, vars{"idempotencyKey": "k"})
			if got.Recorded != 1 {
				t.Errorf("tenant %d: %+v", i, got)
			}
		}
		for i, c := range clients {
			if points := c.points(t, "same"); len(points) != 1 || points[0].Value.String() != []string{"1", "2"}[i] {
				t.Errorf("tenant %d has %+v", i, points)
			}
			if got := charts(t, c, `charts`); got.TotalCount != 1 {
				t.Errorf("tenant %d has %+v", i, got)
			}
		}
	})
}

// TestSubscriptionsDoNotCross watches as A while B records, and then A.
func TestSubscriptionsDoNotCross(t *testing.T) {
	engines(t, func(t *testing.T, start starter) {
		s := start(t)
		a, b := s.admin(t), s.admin(t)
		secret := b.create(t, vars{"key": "same"})
		own := a.create(t, vars{"key": "same"})
		all := a.subscribe(t, `subscription { kpiUpdated { cause chart { id version } } }`)
		if u := all.next(t).KpiUpdated; u.Chart.ID != own.ID {
			t.Fatalf("snapshot %+v", u)
		}
		for range 20 {
			b.record(t, "same", []point{{"value": 1}}, nil)
		}
		a.record(t, "same", []point{{"value": 1}}, nil)
		if u := all.next(t).KpiUpdated; u.Chart.ID != own.ID || u.Chart.Version != 2 {
			t.Errorf("after B's points A is told %+v", u)
		}

		// B's chart by its ID, and one that never was: the same frames.
		frames := func(id string) string {
			socket := a.subscribe(t, `subscription { kpiUpdated(charts: [{id: `+quote(id)+`}]) { chart { id } } }`)
			f := socket.read(t)
			return f.Type + string(withoutTrace(f.Payload))
		}
		if theirs, nobodys := frames(secret.ID), frames(secret.ID[:len(secret.ID)-4]+"zzzz"); theirs != nobodys {
			t.Errorf("told apart:\n%s\n%s", theirs, nobodys)
		}
	})
}

// TestTenantCannotBeNamed sends another tenant's name in every place a careless server might look.
func TestTenantCannotBeNamed(t *testing.T) {
	engines(t, func(t *testing.T, start starter) {
		s := start(t)
		a := s.admin(t)
		b := unique()
		s.as(t, b, "ADMIN").create(t, vars{"key": "secret"})
		got := a.do(t, `query { charts { totalCount } }`, vars{"tenant": b, "tenantId": b, "tenant_id": b})
		if string(got.Data) != `{"charts":{"totalCount":0}}` {
			t.Errorf("%s", got.body)
		}
	})
}

var trace = regexp.MustCompile(`[0-9a-f]{32}`)

// withoutTrace takes out what is random in every error.
func withoutTrace(body []byte) []byte { return trace.ReplaceAll(body, []byte("trace")) }

// used are the variables that a query declares.
func used(query string, all vars) vars {
	some := vars{}
	for name, v := range all {
		if bytes.Contains([]byte(query), []byte("$"+name+":")) {
			some[name] = v
		}
	}
	return some
}
