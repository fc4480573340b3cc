package plan_test

import (
	"context"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/99designs/gqlgen/graphql"

	"github.com/mykpi/mykpi/charts"
	"github.com/mykpi/mykpi/charts/command"
	"github.com/mykpi/mykpi/graph"
	"github.com/mykpi/mykpi/graph/transport"
	"github.com/mykpi/mykpi/graph/transport/guard"
	"github.com/mykpi/mykpi/ingest/source"
	"github.com/mykpi/mykpi/tenancy"
	"github.com/mykpi/mykpi/tenancy/apikey"
	"github.com/mykpi/mykpi/tenancy/directory"
	"github.com/mykpi/mykpi/tenancy/httpauth"
	"github.com/mykpi/mykpi/tenancy/members"
	"github.com/mykpi/mykpi/tenancy/quota"
	"github.com/mykpi/mykpi/test/core"
)

// subject answers the same requests in two ways: by compiled selections, and by gqlgen's own execution.
type subject struct {
	core                *core.Core
	as                  tenancy.Identity
	ids                 []string
	compiled, reference http.Handler
}

func newSubject(t testing.TB) *subject {
	t.Helper()
	clock := core.At(time.Date(2026, 3, 30, 13, 37, 11, 123456789, time.UTC)) // the day after clocks were changed
	c := core.New(t, clock)
	s := &subject{core: c, as: c.Tenant(t, "Europe/Paris", directory.Monday)}
	now := clock.Now()
	for i, a := range []charts.Aggregation{charts.Last, charts.Sum, charts.Average, charts.Minimum, charts.Maximum, charts.Count} {
		id := c.Chart(t, s.as, a, func(settings *charts.Settings) {
			settings.Name = []string{"Revenue", `Say "hi" \ bye`, "Both \\\" and \u00e9", "Größe 測定 😀", "<b>&amp;</b>", "\u00a0 ~"}[i]
			if i%2 == 0 {
				target := charts.MustDecimal("12.5")
				settings.Target, settings.Description, settings.StaleAfter = &target, "of \\ all \"kinds\"", 3600
			}
			settings.Unit = charts.Unit{Kind: charts.UnitCurrency, Currency: "EUR", Decimals: 2}
			settings.Direction = []charts.Direction{charts.UpIsGood, charts.DownIsGood, charts.Neutral}[i%3]
		})
		s.ids = append(s.ids, string(id))
		if i == 5 {
			continue // no points
		}
		var points []command.PointInput
		for h := range 200 * (i + 1) {
			points = append(points, core.Point(now.Add(-time.Duration(h*h)*time.Minute/time.Duration(i+1)-time.Duration(h)), fmt.Sprintf("%d.%d", h*17%1000-300, h%7)))
		}
		points = append(points, core.Keyed(`a "key" / 1`, now.Add(-time.Minute), "-0.000001"))
		c.Record(t, s.as, id, points...)
	}
	archived := c.Chart(t, s.as, charts.Sum)
	if _, err := c.Commands.ArchiveChart(context.Background(), s.as, command.ArchiveChart{Chart: charts.Ref{ID: archived}}); err != nil {
		t.Fatal(err)
	}
	s.ids = append(s.ids, string(archived))
	much := 1 << 30
	handler := func(interpreted bool, prepared *transport.Prepared) http.Handler {
		h, err := graph.NewHandler(graph.Config{
			Commands: c.Commands, Queries: c.Reader, Directory: c.Directory, Live: c.Hub, Interpreted: interpreted, KeepTexts: true,
			Transports: []graphql.Transport{&transport.HTTP{Prepared: prepared}},
			APIKeys:    &apikey.Keys{}, Members: &members.Members{}, Quotas: &quota.Guard{}, Sources: &source.Registry{},
			Limits: guard.Limits{
				QueryBytes: much, Tokens: much, Depth: much, Aliases: much, RootFields: much, Directives: much, Repeats: much, Cost: much,
			},
		})
		if err != nil {
			t.Fatal(err)
		}
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			h.ServeHTTP(w, r.WithContext(httpauth.With(r.Context(), s.as)))
		})
	}
	s.compiled, s.reference = handler(false, transport.NewPrepared(16<<20)), handler(true, nil)
	return s
}

// ask answers the body of an operation's answer. What differs between two runs of one operation in gqlgen itself, the order
// of errors and their trace IDs, is taken out.
func (s *subject) ask(t testing.TB, h http.Handler, text, variables string) string {
	t.Helper()
	query, err := json.Marshal(text)
	if err != nil {
		t.Fatal(err)
	}
	r := httptest.NewRequest(http.MethodPost, "/graphql", strings.NewReader(fmt.Sprintf(`{"query": %s, "variables": %s}`, query, variables)))
	r.Header.Set("Content-Type", "application/json")
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	var answer struct {
		Data   json.RawMessage
		Errors []struct {
			Message    string
			Path       json.RawMessage
			Locations  json.RawMessage
			Extensions map[string]any
		}
	}
	if err := json.Unmarshal(w.Body.Bytes(), &answer); err != nil {
		t.Fatalf("%v in %s", err, w.Body)
	}
	if len(answer.Errors) == 0 {
		return w.Body.String()
	}
	told := []string{}
	for _, e := range answer.Errors {
		if trace, ok := e.Extensions["traceId"].(string); ok {
			e.Message = strings.ReplaceAll(e.Message, trace, "TRACE")
			e.Extensions["traceId"] = "TRACE"
		}
		told = append(told, fmt.Sprintf("%s %s %s %v", e.Message, e.Path, e.Locations, e.Extensions))
	}
	slices.Sort(told)
	return fmt.Sprintf("%d %s\n%s", w.Code, answer.Data, strings.Join(told, "\n"))
}

func (s *subject) author(t testing.TB, seed uint64) *author {
	var refs, ids []string
	for _, id := range s.ids {
		refs, ids = append(refs, fmt.Sprintf("{id: %q}", id)), append(ids, fmt.Sprintf("%q", id))
	}
	return &author{
		Rand: rand.New(rand.NewPCG(seed, 1)), schema: loadSchema(t),
		good: map[string][]string{
			"ID": append(ids, `"nothing"`, `"`+s.as.Tenant().String()+`"`), "ChartRef": append(refs, `{key: "nothing"}`),
			"Int": {"1", "2", "3", "7", "50", "0", "null"}, "Cursor": {"null"}, "String": {`"figures"`, `"hi"`, `""`, `"größe"`, "null"},
			"ChartStatus": {"ACTIVE", "ARCHIVED", "null"},
			"Period":      {"TODAY", "LAST_24_HOURS", "LAST_7_DAYS", "LAST_30_DAYS", "LAST_90_DAYS", "LAST_12_MONTHS", "THIS_WEEK", "THIS_MONTH", "THIS_QUARTER", "THIS_YEAR", "null"},
			"Granularity": {"DAY", "WEEK", "MONTH", "HOUR", "null"},
			"DateTime":    {`"2026-03-01T00:00:00Z"`, `"2026-03-28T12:00:00.5+01:00"`, `"2026-04-01T00:00:00Z"`, "null"},
		},
		bad: map[string][]string{
			"ID": {`""`, "null"}, "ChartRef": {"{}", `{id: "a", key: "b"}`, "null"},
			"Int": {"-1", "501", "2147483648"}, "Cursor": {`"bm90aGluZw"`, `"***"`}, "String": {"1"},
			"ChartStatus": {"LOST"}, "Period": {"EVER"}, "Granularity": {"MINUTE"}, "DateTime": {`"1999-01-01T00:00:00Z"`, `"no"`},
		},
	}
}

// fuzzTime is how long the documents are compared: long by MYKPI_PLAN_FUZZ, such as 10m.
func fuzzTime(t *testing.T) time.Duration {
	text := os.Getenv("MYKPI_PLAN_FUZZ")
	if text == "" {
		return 2 * time.Second
	}
	d, err := time.ParseDuration(text)
	if err != nil {
		t.Fatalf("MYKPI_PLAN_FUZZ: %v", err)
	}
	return d
}

func TestCompiledSelectionsAnswerAsGqlgenDoes(t *testing.T) {
	s := newSubject(t)
	seed := rand.Uint64()
	a := s.author(t, seed)
	fine, failed, refused := 0, 0, 0
	for end := time.Now().Add(fuzzTime(t)); time.Now().Before(end); {
		text, variables := a.document()
		// Twice: compiled, and from the operation, the plans and the texts that are kept.
		want := s.ask(t, s.reference, text, variables)
		for range 2 {
			if got := s.ask(t, s.compiled, text, variables); got != want {
				t.Fatalf("seed %d:\n%s\nvariables %s\ncompiled:  %s\nreference: %s", seed, text, variables, got, want)
			}
		}
		switch {
		case strings.HasPrefix(want, `{"data":`):
			fine++
		case strings.HasPrefix(want, "200 {"), strings.HasPrefix(want, "200 null"):
			failed++
		default:
			refused++
		}
	}
	t.Logf("seed %d: %d documents alike, %d of them with errors from execution, %d refused before", seed, fine+failed+refused, failed, refused)
	if fine == 0 || failed == 0 {
		t.Error("the documents are not of every kind")
	}
}
