package main

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/spf13/cobra"

	"github.com/mykpi/mykpi/charts"
	"github.com/mykpi/mykpi/charts/command"
	"github.com/mykpi/mykpi/eventstore"
	"github.com/mykpi/mykpi/eventstore/sqlite"
	"github.com/mykpi/mykpi/graph"
	"github.com/mykpi/mykpi/ingest/source"
	"github.com/mykpi/mykpi/tenancy"
	"github.com/mykpi/mykpi/tenancy/apikey"
	"github.com/mykpi/mykpi/tenancy/httpauth"
)

// countingStore counts the calls that read.
type countingStore struct {
	eventstore.Store
	calls atomic.Int64
}

func (s *countingStore) Documents(ctx context.Context, id tenancy.ID, spans ...eventstore.Span) ([][]eventstore.Document, error) {
	s.calls.Add(1)
	return s.Store.Documents(ctx, id, spans...)
}

func (s *countingStore) Events(ctx context.Context, id tenancy.ID, of eventstore.Stream, after int64, limit int) ([]eventstore.Event, error) {
	s.calls.Add(1)
	return s.Store.Events(ctx, id, of, after, limit)
}

func (s *countingStore) EventsBefore(ctx context.Context, id tenancy.ID, of eventstore.Stream, before int64, limit int) ([]eventstore.Event, error) {
	s.calls.Add(1)
	return s.Store.EventsBefore(ctx, id, of, before, limit)
}

func (s *countingStore) Streams(ctx context.Context, id tenancy.ID, kind, after string, limit int) ([]eventstore.Stream, error) {
	s.calls.Add(1)
	return s.Store.Streams(ctx, id, kind, after, limit)
}

// What each field of Query is asked here, with all below it that a list could make it read again and again. A chart's own
// history is a stream of its own: it is asked of one chart.
var rootFields = map[string]string{
	"charts":         `charts(first: 50) { totalCount nodes { id name kpi { value } trend { buckets { value } } year: trend(period: LAST_12_MONTHS) { buckets { value } } } }`,
	"chart":          `chart(by: {key: "chart-0"}) { name kpi { value } trend { buckets { value } } points(first: 50) { nodes { value source } } history(first: 50) { nodes { summary } } }`,
	"node":           `node(id: "CHART-0") { id ... on Chart { name kpi { value } } }`,
	"sources":        `sources { id name lastReceivedAt mapping { value } chart { name kpi { value } } }`,
	"apiKeys":        `apiKeys { id name lastUsedAt }`,
	"members":        `members { id email role }`,
	"ingestions":     `ingestions(first: 12) { nodes { id status charts { name kpi { value } } } }`,
	"rejectedPoints": `rejectedPoints(first: 12) { nodes { id code raw } }`,
	"viewer":         `viewer { subject tenant { name usage { charts pointsToday } } }`,
	"tenant":         `tenant { name usage { charts pointsToday } }`,
	"version":        `version`,
}

// However much a tenant has, each field of Query reads as often: nothing is read once for each element of a list.
func TestNoRootFieldReadsByTheElement(t *testing.T) {
	few, many := newReadsTest(t, 2), newReadsTest(t, 12)
	var schema struct {
		Data struct {
			Schema struct {
				QueryType struct{ Fields []struct{ Name string } }
			} `json:"__schema"`
		}
	}
	if err := json.Unmarshal(few.ask(`{ __schema { queryType { fields { name } } } }`), &schema); err != nil {
		t.Fatal(err)
	}
	for _, f := range schema.Data.Schema.QueryType.Fields {
		text, known := rootFields[f.Name]
		if !known {
			t.Errorf("the field %s of Query is not asked here", f.Name)
			continue
		}
		if a, b := few.calls(text), many.calls(text); a != b || a > 6 {
			t.Errorf("%s: %d calls with 2 of each, %d with 12", f.Name, a, b)
		}
	}
	if len(schema.Data.Schema.QueryType.Fields) < len(rootFields) {
		t.Errorf("the schema has %d fields of Query, %d are asked", len(schema.Data.Schema.QueryType.Fields), len(rootFields))
	}
}

// readsTest is a server's whole inside on a store that counts, with a tenant that has n of each thing.
type readsTest struct {
	*testing.T
	store   *countingStore
	handler http.Handler
	first   string // the first chart's ID
}

func newReadsTest(t *testing.T, n int) *readsTest {
	t.Helper()
	engine, err := sqlite.Open(t.TempDir(), sqlite.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = engine.Close() })
	r := &readsTest{T: t, store: &countingStore{Store: engine}}
	core := newCore(r.store)
	as := tenancy.Verified(tenancy.Claims{Tenant: tenancy.MustParseID("acme"), Role: tenancy.Admin, Actor: operator})
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	must(core.directory.Ensure(t.Context(), as.Tenant(), operator))
	for i := range n {
		id, err := core.commands.CreateChart(t.Context(), as, command.CreateChart{Key: fmt.Sprint("chart-", i), Aggregation: charts.Sum, Settings: charts.Settings{
			Name: "Orders", Visualization: charts.Line, Unit: charts.Unit{Kind: charts.UnitNumber}, Direction: charts.UpIsGood,
		}})
		must(err)
		if i == 0 {
			r.first = string(id)
		}
		ahead := time.Now().Add(time.Hour) // is refused
		for day := range 20 {
			at := time.Now().AddDate(0, 0, -day*20)
			_, err := core.commands.RecordDataPoints(t.Context(), as, command.RecordDataPoints{Chart: charts.Ref{ID: id}, Source: fmt.Sprint("run-", day),
				Points: []command.PointInput{{At: &at, Value: charts.MustDecimal("1")}, {At: &ahead, Value: charts.MustDecimal("1")}}[:1+day%2]})
			must(err)
		}
		_, _, err = core.sources.CreateSource(t.Context(), as, source.Create{Name: fmt.Sprint("Shop ", i), Kind: source.GenericJSON, Chart: charts.Ref{ID: id}, Mapping: source.Mapping{Value: "body.v"}})
		must(err)
		_, _, err = core.apiKeys.Create(t.Context(), as, apikey.New{Name: fmt.Sprint("Key ", i), Permissions: []tenancy.Permission{tenancy.Record}})
		must(err)
		_, err = core.members.Invite(t.Context(), as.Tenant(), operator, fmt.Sprintf("ada%d@example.com", i), tenancy.Viewer)
		must(err)
	}
	var config serverConfig
	config.flags(&cobra.Command{})
	e := newEdge(config.edgeConfig, core, nil, config.quotas(10))
	h, err := graph.NewHandler(graph.Config{
		Commands: core.commands, Queries: core.queries, Directory: core.directory, Live: core.live, APIKeys: core.apiKeys,
		Members: core.members, Quotas: e.quotas, Sources: core.sources, Version: "test", Limits: config.query,
	})
	must(err)
	r.handler = http.HandlerFunc(func(w http.ResponseWriter, request *http.Request) {
		h.ServeHTTP(w, request.WithContext(httpauth.With(request.Context(), as)))
	})
	return r
}

func (r *readsTest) ask(query string) []byte {
	r.Helper()
	body, err := json.Marshal(map[string]string{"query": strings.ReplaceAll(query, "CHART-0", r.first)})
	if err != nil {
		r.Fatal(err)
	}
	request := httptest.NewRequest(http.MethodPost, "/graphql", strings.NewReader(string(body)))
	request.Header.Set("Content-Type", "application/json")
	w := httptest.NewRecorder()
	r.handler.ServeHTTP(w, request)
	if strings.Contains(w.Body.String(), `"errors"`) {
		r.Fatalf("%s: %.500s", query, w.Body)
	}
	return w.Body.Bytes()
}

// calls is how often a field reads, the least of three times: the first may fill what is kept.
func (r *readsTest) calls(field string) int64 {
	r.Helper()
	var all []int64
	for range 3 {
		r.store.calls.Store(0)
		r.ask("{ " + field + " }")
		all = append(all, r.store.calls.Load())
	}
	return slices.Min(all)
}
