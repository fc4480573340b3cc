package graph

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/mykpi/mykpi/graph/internal/exec"
	"github.com/mykpi/mykpi/tenancy"
)

func TestNewHandlerNeedsItsInterfaces(t *testing.T) {
	if _, err := NewHandler(Config{}); err == nil {
		t.Error("a handler of nothing was made")
	}
}

func TestEverybodyMayAskForTheVersion(t *testing.T) {
	got := serve(t).as("", `{ version }`, "").fine(t)
	if got.body != `{"data":{"version":"v1.2.3"}}` {
		t.Error(got.body)
	}
}

func TestPermissions(t *testing.T) {
	const (
		viewer  = `{ viewer { subject email role permissions tenant { id name timeZone weekStart } } }`
		record  = `mutation { recordDataPoints(input: {chart: {key: "revenue"}, points: [{value: 1}]}) { recorded } }`
		archive = `mutation { archiveChart(input: {chart: {key: "revenue"}}) { chart { key } } }`
		rename  = `mutation { updateTenant(input: {name: "Acme Ltd"}) { tenant { name } } }`
	)
	for _, c := range []struct {
		role  tenancy.Role
		query string
		lacks tenancy.Permission
	}{
		{tenancy.Viewer, viewer, ""},
		{tenancy.Viewer, record, tenancy.Record},
		{tenancy.Viewer, archive, tenancy.Edit},
		{tenancy.Editor, record, ""},
		{tenancy.Editor, archive, ""},
		{tenancy.Editor, rename, tenancy.Administer},
		{tenancy.Admin, rename, ""},
	} {
		a := serve(t)
		got := a.as(c.role, c.query, "")
		if c.lacks == "" {
			got.fine(t)
			continue
		}
		message := got.refused(t, tenancy.Forbidden, "")
		if !strings.Contains(message, string(c.lacks)) {
			t.Errorf("%q does not name %s", message, c.lacks)
		}
		if len(a.domain.tenants) != 0 {
			t.Errorf("%s as %s reached the domain", c.query, c.role)
		}
	}
	for _, query := range []string{viewer, record, archive, rename, `{ charts { totalCount } }`, `{ node(id: "c1") { id } }`} {
		a := serve(t)
		a.as("", query, "").refused(t, tenancy.Unauthenticated, "")
		if len(a.domain.tenants) != 0 {
			t.Errorf("%s as nobody reached the domain", query)
		}
	}
}

func TestViewer(t *testing.T) {
	got := serve(t).as(tenancy.Editor, `{ viewer { subject email role permissions tenant { id timeZone weekStart } } }`, "").fine(t)
	want := `{"data":{"viewer":{"subject":"u1","email":"ada@acme.example","role":"EDITOR","permissions":["READ","RECORD","EDIT"],` +
		`"tenant":{"id":"acme","timeZone":"Europe/Paris","weekStart":"MONDAY"}}}}`
	if got.body != want {
		t.Errorf("%s\nwant %s", got.body, want)
	}
}

func TestOnlyTheCallersTenantIsAsked(t *testing.T) {
	a := serve(t)
	a.as(tenancy.Admin, `mutation {
		archiveChart(input: {chart: {id: "c1"}}) { chart { id } }
		updateTenant(input: {name: "x"}) { tenant { id } }
	}`, "").fine(t)
	a.as(tenancy.Admin, `{ viewer { tenant { id } } tenant { id } chart(by: {key: "k"}) { id } charts { totalCount } node(id: "other") { id } }`, "").fine(t)
	if len(a.domain.tenants) < 8 {
		t.Errorf("%d calls", len(a.domain.tenants))
	}
	for _, tenant := range a.domain.tenants {
		if tenant.String() != "acme" {
			t.Errorf("the domain was asked for %s", tenant)
		}
	}
}

func TestNodes(t *testing.T) {
	a := serve(t)
	for id, want := range map[string]string{
		"c1":    `{"data":{"node":{"__typename":"Chart","id":"c1","key":"revenue"}}}`,
		"acme":  `{"data":{"node":{"__typename":"Tenant","id":"acme","timeZone":"Europe/Paris"}}}`,
		"c2":    `{"data":{"node":null}}`,
		"":      `{"data":{"node":null}}`,
		"other": `{"data":{"node":null}}`,
	} {
		got := a.as(tenancy.Viewer, `query($id: ID!) { node(id: $id) { __typename id ... on Chart { key } ... on Tenant { timeZone } } }`, `{"id":"`+id+`"}`).fine(t)
		if got.body != want {
			t.Errorf("%q: %s, want %s", id, got.body, want)
		}
	}
}

func TestAnUnknownChartIsNull(t *testing.T) {
	a := serve(t)
	for _, by := range []string{`{"id":"other-tenants"}`, `{"key":"none"}`, `{"key":"No Key # At * All"}`} {
		got := a.as(tenancy.Viewer, `query($by: ChartRef!) { chart(by: $by) { id } }`, `{"by":`+by+`}`).fine(t)
		if got.body != `{"data":{"chart":null}}` {
			t.Errorf("%s: %s", by, got.body)
		}
	}
}

func TestARootFieldThatNobodyOpenedIsClosed(t *testing.T) {
	schema := exec.NewExecutableSchema(exec.Config{}).Schema()
	field := schema.Query.Fields.ForName("version")
	directives := field.Directives
	a := serve(t)
	field.Directives = nil
	defer func() { field.Directives = directives }()

	a.as(tenancy.Admin, `{ ... on Query { version } }`, "").refused(t, tenancy.Forbidden, "")
	if _, err := NewHandler(Config{Commands: a.domain, Queries: a.domain, Directory: a.domain, Live: a.domain, APIKeys: keys{a.domain}, Members: people{a.domain}, Quotas: a.domain, Sources: feeds{a.domain}}); err == nil {
		t.Error("the server would start")
	}
}

func TestIntrospection(t *testing.T) {
	const query = `{ __schema { queryType { name } } __type(name: "Chart") { name } }`
	closed := serve(t)
	closed.as("", query, "").refused(t, tenancy.Unauthenticated, "")
	closed.as("", `query { ...F } fragment F on Query { __type(name: "Chart") { name } }`, "").refused(t, tenancy.Unauthenticated, "")
	closed.as(tenancy.Viewer, query, "").fine(t)
	closed.as("", `{ __typename }`, "").fine(t)
	serve(t, func(c *Config) { c.PublicIntrospection = true }).as("", query, "").fine(t)
}

func TestRequestsThatAreRefused(t *testing.T) {
	a := serve(t)
	for name, c := range map[string]struct {
		query, variables string
		code             tenancy.Code
		field            string
	}{
		"syntax":            {`{ version`, ``, tenancy.BadUserInput, ""},
		"no operation":      {``, ``, tenancy.BadUserInput, ""},
		"unknown field":     {`{ versoin }`, ``, tenancy.BadUserInput, ""},
		"unknown argument":  {`{ charts(frist: 1) { totalCount } }`, ``, tenancy.BadUserInput, ""},
		"unknown type":      {`{ node(id: "c1") { ... on Chrat { id } } }`, ``, tenancy.BadUserInput, ""},
		"unknown enum":      {`{ charts(status: ACTIV) { totalCount } }`, ``, tenancy.BadUserInput, "status"},
		"defer":             {`{ ... @defer { version } }`, ``, tenancy.BadUserInput, ""},
		"long":              {`{ version #` + strings.Repeat("x", 16<<10) + "\n}", ``, tenancy.QueryTooComplex, ""},
		"tokens":            {`{` + strings.Repeat(" version", 2000) + `}`, ``, tenancy.QueryTooComplex, ""},
		"missing variable":  {`query($by: ChartRef!) { chart(by: $by) { id } }`, `{}`, tenancy.BadUserInput, "by"},
		"enum in lower":     {`query($s: ChartStatus) { charts(status: $s) { totalCount } }`, `{"s":"active"}`, tenancy.BadUserInput, "status"},
		"enum as a number":  {`query($s: ChartStatus) { charts(status: $s) { totalCount } }`, `{"s":1}`, tenancy.BadUserInput, "status"},
		"number of a page":  {`query($n: Int) { charts(first: $n) { totalCount } }`, `{"n":1.5}`, tenancy.BadUserInput, "first"},
		"page as a string":  {`query($n: Int) { charts(first: $n) { totalCount } }`, `{"n":"5"}`, tenancy.BadUserInput, "first"},
		"page of 33 bits":   {`query($n: Int) { charts(first: $n) { totalCount } }`, `{"n":4294967296}`, tenancy.BadUserInput, "first"},
		"cursor":            {`query($c: Cursor) { charts(after: $c) { totalCount } }`, `{"c":1}`, tenancy.BadUserInput, "after"},
		"neither":           {`query($by: ChartRef!) { chart(by: $by) { id } }`, `{"by":{}}`, tenancy.BadUserInput, "by"},
		"both":              {`query($by: ChartRef!) { chart(by: $by) { id } }`, `{"by":{"id":"c1","key":"revenue"}}`, tenancy.BadUserInput, "by"},
		"null":              {`query($by: ChartRef!) { chart(by: $by) { id } }`, `{"by":{"id":null}}`, tenancy.BadUserInput, "by"},
		"one and a null":    {`query($by: ChartRef!) { chart(by: $by) { id } }`, `{"by":{"id":"c1","key":null}}`, tenancy.BadUserInput, "by"},
		"null in a literal": {`{ chart(by: {key: null}) { id } }`, ``, tenancy.BadUserInput, "by"},
		"from":              {`{ chart(by: {id: "c1"}) { kpi(from: "today") { status } } }`, ``, tenancy.BadUserInput, "from"},
		"huge instant":      {`{ chart(by: {id: "c1"}) { kpi(from: 99999999999999999999) { status } } }`, ``, tenancy.BadUserInput, "from"},
	} {
		t.Run(name, func(t *testing.T) {
			got := a.as(tenancy.Admin, c.query, c.variables)
			message := got.refused(t, c.code, c.field)
			if strings.Contains(message, "Did you mean") || strings.Contains(got.body, "GRAPHQL_") {
				t.Errorf("tells too much: %s", got.body)
			}
		})
	}
}

func TestABadBodyIsNotEchoed(t *testing.T) {
	got := serve(t).post(tenancy.Admin, `{"query": "{ version }", "secret": hunter2}`)
	got.refused(t, tenancy.BadUserInput, "")
	if strings.Contains(got.body, "hunter2") {
		t.Error(got.body)
	}
}

func TestABodyOverTheLimitIsRefused(t *testing.T) {
	a := serve(t)
	within := `{"query":"{ version }"` + strings.Repeat(" ", 1<<20-len(`{"query":"{ version }"}`)) + `}`
	a.post("", within).fine(t)
	a.post("", within+" ").refused(t, tenancy.LimitExceeded, "")
}

func TestGet(t *testing.T) {
	a := serve(t)
	get := func(query string) answer {
		request, err := http.NewRequest(http.MethodGet, a.URL+"?query="+url.QueryEscape(query), nil)
		if err != nil {
			t.Fatal(err)
		}
		return a.do(tenancy.Admin, request)
	}
	if got := get(`{ version }`).fine(t); got.Data["version"] != "v1.2.3" {
		t.Error(got.body)
	}
	get(`mutation { archiveChart(input: {chart: {id: "c1"}}) { chart { id } } }`)
	if len(a.domain.tenants) != 0 {
		t.Error("a GET has changed something")
	}
}
