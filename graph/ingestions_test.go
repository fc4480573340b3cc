package graph

import (
	"context"
	"encoding/json"
	"net/http"
	"strings"
	"testing"

	"github.com/mykpi/mykpi/charts"
	"github.com/mykpi/mykpi/charts/command"
	"github.com/mykpi/mykpi/charts/query"
	"github.com/mykpi/mykpi/ingest/source"
	"github.com/mykpi/mykpi/tenancy"
)

func (d *domain) UndoIngestion(_ context.Context, as tenancy.Identity, _ command.UndoIngestion) (command.Undone, error) {
	return command.Undone{Removed: 1, Restored: 2, Kept: 3}, d.called(as.Tenant(), nil)
}

func (d *domain) RedoIngestion(_ context.Context, as tenancy.Identity, _ command.RedoIngestion) (command.Redone, error) {
	return command.Redone{Recorded: 1, Corrected: 2, Kept: 3}, d.called(as.Tenant(), nil)
}

func (d *domain) ReplayRejectedPoints(_ context.Context, as tenancy.Identity, ids []string) (command.Recorded, error) {
	return command.Recorded{Recorded: len(ids)}, d.called(as.Tenant(), nil)
}

func (d *domain) Ingestion(_ context.Context, tenant tenancy.ID, id string) (*query.Ingestion, error) {
	if err := d.called(tenant, nil); err != nil || tenant.String() != "acme" || id != "ing_1" {
		return nil, err
	}
	return &query.Ingestion{ID: id, Status: query.IngestionRecorded, Recorded: 7}, nil
}

func (d *domain) Ingestions(_ context.Context, tenant tenancy.ID, _ query.IngestionPage) (*query.IngestionConnection, error) {
	return &query.IngestionConnection{}, d.called(tenant, nil)
}

func (d *domain) RejectedPoints(_ context.Context, tenant tenancy.ID, _ query.RejectedPage) (*query.RejectedPointConnection, error) {
	return &query.RejectedPointConnection{}, d.called(tenant, nil)
}

// feeds are the sources of a domain: there is one, src_1.
type feeds struct{ *domain }

func theSource() *source.Source {
	return &source.Source{ID: "src_1", Name: "Stripe", Kind: source.Stripe, Chart: "c1", Mapping: source.Mapping{Value: "body.v"}, CreatedAt: anHourAgo}
}

func (f feeds) CreateSource(_ context.Context, as tenancy.Identity, c source.Create) (*source.Source, string, error) {
	made := theSource()
	made.Name, made.Kind, made.Mapping = c.Name, c.Kind, c.Mapping
	return made, "whsec_made", f.called(as.Tenant(), nil)
}

func (f feeds) RotateSecret(_ context.Context, as tenancy.Identity, _, secret string) (*source.Source, string, error) {
	return theSource(), secret, f.called(as.Tenant(), nil)
}

func (f feeds) Delete(_ context.Context, as tenancy.Identity, _ string) error {
	return f.called(as.Tenant(), nil)
}

func (f feeds) Test(_ context.Context, tenant tenancy.ID, _ string, payload json.RawMessage) ([]command.PointInput, error) {
	in := command.PointInput{Value: charts.MustDecimal("19.99")}
	if string(payload) == `{}` {
		in.Invalid = tenancy.Refuse(tenancy.BadUserInput, "mapping.value", "no such key: v")
	}
	return []command.PointInput{in}, f.called(tenant, nil)
}

func (f feeds) Source(_ context.Context, tenant tenancy.ID, id string) (*source.Source, error) {
	if err := f.called(tenant, nil); err != nil {
		return nil, err
	}
	if id != "src_1" {
		return nil, tenancy.Refuse(tenancy.NotFound, "id", "there is no such source")
	}
	return theSource(), nil
}

func (f feeds) Sources(_ context.Context, tenant tenancy.ID) ([]source.Source, error) {
	return []source.Source{*theSource()}, f.called(tenant, nil)
}

func TestIngestionsAndSources(t *testing.T) {
	a := serve(t)
	for operation, want := range map[string]string{
		`{ node(id: "ing_1") { id ... on Ingestion { recorded status } } }`:                   `"recorded":7`,
		`{ node(id: "ing_2") { id } }`:                                                        `"node":null`,
		`{ node(id: "src_1") { ... on Source { name chart { key } mapping { value at } } } }`: `"at":null`,
		`{ node(id: "src_2") { id } }`:                                                        `"node":null`,
		`{ sources { id chart { key } kind } }`:                                               `"kind":"STRIPE"`,
		`{ ingestions { nodes { id } pageInfo { hasNextPage } } rejectedPoints(chart: {key: "revenue"}) { nodes { raw } } }`:               `"nodes":[]`,
		`mutation { undoIngestion(input: {id: "ing_1"}) { removed restored kept ingestion { id } } }`:                                      `"restored":2`,
		`mutation { redoIngestion(input: {id: "ing_1"}) { recorded corrected kept } }`:                                                     `"corrected":2`,
		`mutation { replayRejectedPoints(input: {ids: ["rej_1_0"]}) { recorded rejected { index } } }`:                                     `"recorded":1`,
		`mutation { createSource(input: {name: "S", kind: GENERIC_JSON, chart: {key: "revenue"}, mapping: {value: "1"}}) { url secret } }`: `"/webhooks/sources/src_1"`,
		`mutation { rotateSourceSecret(input: {id: "src_1", secret: "s"}) { secret source { id } } }`:                                      `"secret":"s"`,
		`mutation { deleteSource(input: {id: "src_1"}) { deletedId } }`:                                                                    `"deletedId":"src_1"`,
		`mutation { testSource(input: {id: "src_1", payload: {v: 1}}) { points { value source } rejected { message } } }`:                  `"value":19.99,"source":"src_1"`,
		`mutation { testSource(input: {id: "src_1", payload: {}}) { points { value } rejected { message } } }`:                             `"no such key`,
	} {
		if body := a.as(tenancy.Admin, operation, "").fine(t).body; !strings.Contains(strings.ReplaceAll(body, `mapping.value: `, ""), want) {
			t.Errorf("%s: %s, want %s", operation, body, want)
		}
	}
}

func TestIdempotencyHeader(t *testing.T) {
	a := serve(t)
	for body, want := range map[string]string{
		`{"query":"mutation { recordDataPoints(input: {chart: {key: \"revenue\"}, points: [{value: 1}]}) { recorded } }"}`:                          "from-header",
		`{"query":"mutation { recordDataPoints(input: {chart: {key: \"revenue\"}, points: [{value: 1}], idempotencyKey: \"own\"}) { recorded } }"}`: "own",
	} {
		request, err := http.NewRequest(http.MethodPost, a.URL+"/graphql", strings.NewReader(body))
		if err != nil {
			t.Fatal(err)
		}
		request.Header.Set("Content-Type", "application/json")
		request.Header.Set(idempotencyHeader, "from-header")
		a.do(tenancy.Editor, request).fine(t)
		if got := a.domain.recorded.IdempotencyKey; got != want {
			t.Errorf("the key is %q, want %q", got, want)
		}
	}
}
