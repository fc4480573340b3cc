package e2e

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"
)

// ingestion is a call that brought points in.
type ingestion struct {
	ID, Status                               string
	Source                                   *string
	At                                       time.Time
	Actor                                    struct{ Kind, ID, Label string }
	Charts                                   []chart
	Recorded, Corrected, Unchanged, Rejected int
}

// rejectedPoint is a point that was refused within a call that was taken.
type rejectedPoint struct {
	ID, Code, Message           string
	ChartKey, Source, Ingestion *string
	Raw                         json.RawMessage
	ReceivedAt                  time.Time
}

// ingestions are all of a source, or all there are for "".
func (c *client) ingestions(tb testing.TB, source string) []ingestion {
	tb.Helper()
	filter := ""
	if source != "" {
		filter = `, source: ` + quote(source)
	}
	return every(func(after string) page[ingestion] {
		return ask[struct{ Ingestions page[ingestion] }](tb, c, `{ ingestions(first: 200, after: `+after+filter+`) {
			nodes { id status source at actor { kind id label } charts { key } recorded corrected unchanged rejected } `+pageFields+` } }`, nil).Ingestions
	})
}

// rejectedPoints are all that are kept.
func (c *client) rejectedPoints(tb testing.TB) []rejectedPoint {
	tb.Helper()
	return every(func(after string) page[rejectedPoint] {
		return ask[struct{ RejectedPoints page[rejectedPoint] }](tb, c, `{ rejectedPoints(first: 500, after: `+after+`) {
			nodes { id chartKey code message raw source ingestion receivedAt } `+pageFields+` } }`, nil).RejectedPoints
	})
}

// webhook posts to a path below /webhooks/, and answers what became of the points.
func (c *client) webhook(tb testing.TB, path, body string, headers map[string]string) recorded {
	tb.Helper()
	a, err := c.sendTo(tb.Context(), "/webhooks/"+path, []byte(body), headers)
	if err != nil || a.status != http.StatusOK {
		tb.Fatalf("%s: %v %d %s", path, err, a.status, a.body)
	}
	return read[recorded](tb, a.body)
}

// values are the points of a chart by their keys or instants.
func (c *client) values(tb testing.TB, key string) map[string]string {
	tb.Helper()
	values := map[string]string{}
	for _, p := range c.points(tb, key) {
		values[p.Key] = p.Value.String()
	}
	return values
}

func (c *client) holds(tb testing.TB, key string, want map[string]string) {
	tb.Helper()
	if got := c.values(tb, key); !maps.Equal(got, want) {
		tb.Errorf("%s holds %v, want %v", key, got, want)
	}
}

const (
	undo = `mutation($id: ID!, $dryRun: Boolean!) { undoIngestion(input: {id: $id, reason: "a wrong column", dryRun: $dryRun}) { removed restored kept ingestion { id status recorded } } }`
	redo = `mutation($id: ID!, $dryRun: Boolean!) { redoIngestion(input: {id: $id, dryRun: $dryRun}) { recorded corrected kept ingestion { id status } } }`
)

// TestIngestions takes points in by every door, finds the calls that brought them, takes them back and brings them again.
func TestIngestions(t *testing.T) {
	engines(t, func(t *testing.T, start starter) {
		s := start(t)
		c := s.admin(t)
		c.create(t, vars{"key": "orders", "aggregation": "SUM"})
		c.create(t, vars{"key": "visits", "aggregation": "SUM"})

		c.record(t, "orders", []point{{"key": "a", "at": "2026-01-01T00:00:00Z", "value": 1}, {"key": "b", "at": "2026-01-01T00:00:00Z", "value": 2}}, vars{"source": "4711"})
		if got := c.webhook(t, "charts?source=4712", `[{"chart":"orders","key":"a","at":"2026-01-01T00:00:00Z","value":10},{"chart":"visits","key":"v","value":5},{"chart":"nope","value":1}]`, nil); got.Recorded != 1 || got.Corrected != 1 || len(got.Rejected) != 1 {
			t.Errorf("by webhook: %+v", got)
		}
		file := "date,value\n2026-01-05,1\n2026-01-06,x\n2026-01-07,3\n"
		csv := map[string]string{"Content-Type": "text/csv"}
		if got := c.webhook(t, "charts/visits?source=visits.csv&dryRun=true", file, csv); got.Recorded != 2 || got.IngestionID != nil {
			t.Errorf("a dry run of a file: %+v", got)
		}
		if got := c.webhook(t, "charts/visits?source=visits.csv&mode=BACKFILL", file, csv); got.Recorded != 2 || len(got.Rejected) != 1 || !strings.HasPrefix(got.Rejected[0].Message, "row 3: ") {
			t.Errorf("a file: %+v", got)
		}
		if again := c.webhook(t, "charts/visits?source=visits.csv", file, csv); again.Unchanged != 2 {
			t.Errorf("a file again: %+v", again)
		}
		c.record(t, "orders", []point{{"value": 7, "key": "c"}}, nil) // alone, and without a source

		// The second run of the file recorded nothing, but refused a point.
		var list []string
		for _, i := range c.ingestions(t, "") {
			if i.ID == "" || i.Actor.Kind != "USER" || i.At.IsZero() || i.Status != "RECORDED" {
				t.Errorf("%+v", i)
			}
			list = append(list, fmt.Sprintf("%s %d/%d/%d/%d", or(i.Source, "-"), i.Recorded, i.Corrected, i.Unchanged, i.Rejected))
		}
		if want := []string{"- 1/0/0/0", "visits.csv 0/0/2/1", "visits.csv 2/0/0/1", "4712 1/1/0/1", "4711 2/0/0/0"}; !slices.Equal(list, want) {
			t.Errorf("ingestions %q, want %q", list, want)
		}
		first := ask[struct{ Ingestions page[ingestion] }](t, c, `{ ingestions(first: 2) { nodes { id } `+pageFields+` } }`, nil).Ingestions
		rest := ask[struct{ Ingestions page[ingestion] }](t, c, `{ ingestions(after: `+quote(*first.PageInfo.EndCursor)+`) { nodes { id } `+pageFields+` } }`, nil).Ingestions
		if len(first.Nodes) != 2 || !first.PageInfo.HasNextPage || len(rest.Nodes) != 3 || rest.PageInfo.HasNextPage {
			t.Errorf("pages of %d and %d", len(first.Nodes), len(rest.Nodes))
		}

		found := c.ingestions(t, "4711")
		if len(found) != 1 {
			t.Fatalf("by source: %+v", found)
		}
		id := found[0].ID
		before := map[string]string{"a": "10", "b": "2", "c": "7"}
		type undone struct {
			Removed, Restored, Recorded, Corrected, Kept int
			Ingestion                                    struct{ ID, Status string }
		}
		would := ask[struct{ UndoIngestion undone }](t, c, undo, vars{"id": id, "dryRun": true}).UndoIngestion
		c.holds(t, "orders", before)
		did := ask[struct{ UndoIngestion undone }](t, c, undo, vars{"id": id, "dryRun": false}).UndoIngestion
		c.holds(t, "orders", map[string]string{"a": "10", "c": "7"}) // b was its own; of a, a later call said something else
		if did.Removed != 1 || did.Kept != 1 || did.Ingestion.Status != "UNDONE" || would.Removed != 1 || would.Kept != 1 || would.Ingestion.Status != "RECORDED" {
			t.Errorf("the dry run told %+v, then came %+v", would, did)
		}
		second := c.ingestions(t, "4712")[0]
		ask[any](t, c, undo, vars{"id": second.ID, "dryRun": false})
		c.holds(t, "orders", map[string]string{"c": "7"})
		c.holds(t, "visits", map[string]string{"2026-01-05T00:00:00Z": "1", "2026-01-07T00:00:00Z": "3"})
		if got := ask[struct{ RedoIngestion undone }](t, c, redo, vars{"id": id, "dryRun": true}).RedoIngestion; got.Recorded != 2 {
			t.Errorf("a dry run of redo: %+v", got)
		}
		ask[any](t, c, redo, vars{"id": id, "dryRun": false})
		c.holds(t, "orders", map[string]string{"a": "1", "b": "2", "c": "7"})
		ask[any](t, c, redo, vars{"id": second.ID, "dryRun": false})
		c.holds(t, "orders", before)

		// Nobody else's, and nothing that is not there, is answered alike.
		other := s.admin(t)
		for _, id := range []string{id, "ing_nothing"} {
			refused(t, other.do(t, undo, vars{"id": id, "dryRun": false}), "NOT_FOUND", "input.id")
		}
		if got := other.ingestions(t, ""); len(got) != 0 {
			t.Errorf("another tenant sees %+v", got)
		}
	})
}

// TestRejectedPoints finds what was refused, mends the cause, and sends it again.
func TestRejectedPoints(t *testing.T) {
	engines(t, func(t *testing.T, start starter) {
		s := start(t)
		c := s.admin(t)
		c.create(t, vars{"key": "orders", "aggregation": "SUM"})
		got := c.record(t, "orders", []point{{"key": "good", "value": 1}, {"key": "bad", "value": "1,5"}, {"value": "NaN"}}, vars{"source": "run 1"})
		if got.Recorded != 1 || len(got.Rejected) != 2 {
			t.Fatalf("half of a batch invalid: %+v", got)
		}
		c.webhook(t, "charts?source=run+2", `[{"chart":"later","key":"x","value":3},{"chart":"later","key":"y","value":4}]`, nil)

		kept := c.rejectedPoints(t)
		if len(kept) != 4 {
			t.Fatalf("%d are kept: %+v", len(kept), kept)
		}
		for i, want := range []struct{ chart, source, raw, message string }{
			{"later", "run 2", `"value":3`, "there is no such chart"}, {"later", "run 2", `"value":4`, "there is no such chart"},
			{"orders", "run 1", `"1,5"`, "value: "}, {"orders", "run 1", `"NaN"`, "value: "},
		} {
			r := kept[i]
			if *r.ChartKey != want.chart || *r.Source != want.source || !strings.Contains(string(r.Raw), want.raw) || !strings.Contains(r.Message, want.message) || r.Code == "" || r.Ingestion == nil || r.ReceivedAt.IsZero() {
				t.Errorf("refused point %d: %+v, want %v", i, r, want)
			}
		}
		ofOrders := ask[struct{ RejectedPoints page[rejectedPoint] }](t, c, `{ rejectedPoints(first: 1, chart: {key: "orders"}) { nodes { id } `+pageFields+` } }`, nil).RejectedPoints
		if len(ofOrders.Nodes) != 1 || ofOrders.Nodes[0].ID != kept[2].ID || !ofOrders.PageInfo.HasNextPage {
			t.Errorf("of a chart: %+v", ofOrders)
		}

		for filter, want := range map[string]int{
			`source: "run 1"`: 2, `source: "run 2"`: 2, `source: "run 3"`: 0, `source: ""`: 0,
			`ingestion: ` + quote(*kept[0].Ingestion): 2, `ingestion: ` + quote(*kept[2].Ingestion) + `, chart: {key: "orders"}`: 2,
			`ingestion: ` + quote(*kept[2].Ingestion) + `, source: "run 2"`: 0, `ingestion: "ing_nothing"`: 0,
		} {
			of := ask[struct{ RejectedPoints page[rejectedPoint] }](t, c, `{ rejectedPoints(`+filter+`) { nodes { id source } `+pageFields+` } }`, nil).RejectedPoints
			if len(of.Nodes) != want {
				t.Errorf("%s: %d refused points, want %d", filter, len(of.Nodes), want)
			}
		}

		const replay = `mutation($ids: [ID!]!) { replayRejectedPoints(input: {ids: $ids}) { recorded corrected unchanged rejected { index code message } } }`
		ids := []string{kept[0].ID, kept[1].ID, kept[2].ID}
		again := ask[struct{ ReplayRejectedPoints recorded }](t, c, replay, vars{"ids": ids}).ReplayRejectedPoints
		if again.Recorded != 0 || len(again.Rejected) != 3 || len(c.rejectedPoints(t)) != 4 {
			t.Errorf("before the cause is mended: %+v", again)
		}
		c.create(t, vars{"key": "later", "aggregation": "SUM"})
		if again = ask[struct{ ReplayRejectedPoints recorded }](t, c, replay, vars{"ids": ids}).ReplayRejectedPoints; again.Recorded != 2 || len(again.Rejected) != 1 || again.Rejected[0].Index != 2 {
			t.Errorf("after the cause is mended: %+v", again)
		}
		c.holds(t, "later", map[string]string{"x": "3", "y": "4"})
		if left := c.rejectedPoints(t); len(left) != 2 || left[0].ID != kept[2].ID {
			t.Errorf("left: %+v", left)
		}
		foreign := ask[struct{ ReplayRejectedPoints recorded }](t, s.admin(t), replay, vars{"ids": []string{kept[2].ID}}).ReplayRejectedPoints
		if len(foreign.Rejected) != 1 || foreign.Rejected[0].Code != "NOT_FOUND" || len(c.rejectedPoints(t)) != 2 {
			t.Errorf("another tenant's: %+v", foreign)
		}
	})
}

// TestSources makes a source, tries it, posts to it signed as Stripe signs, rotates its secret and deletes it.
func TestSources(t *testing.T) {
	engines(t, func(t *testing.T, start starter) {
		s := start(t)
		c := s.admin(t)
		c.create(t, vars{"key": "revenue", "aggregation": "SUM", "unit": vars{"kind": "CURRENCY", "currency": "EUR"}})
		made := ask[struct {
			CreateSource struct {
				URL, Secret string
				Source      struct{ ID, Name string }
			}
		}](t, c, `mutation { createSource(input: {name: "Stripe", kind: STRIPE, chart: {key: "revenue"}, secret: "whsec_of_stripes_own"}) { url secret source { id name } } }`, nil).CreateSource
		if made.Source.ID == "" || made.Secret != "whsec_of_stripes_own" || !strings.HasPrefix(made.URL, "/webhooks/sources/") {
			t.Fatalf("made %+v", made)
		}
		charge := func(id string, amount int, currency string) string {
			return fmt.Sprintf(`{"id":%q,"type":"charge.succeeded","created":%d,"data":{"object":{"amount":%d,"currency":%q}}}`, id, time.Now().Add(-time.Hour).Unix(), amount, currency)
		}
		const try = `mutation($id: ID!, $payload: JSON!) { testSource(input: {id: $id, payload: $payload}) { points { key value } rejected { code message } } }`
		tried := c.do(t, try, vars{"id": made.Source.ID, "payload": json.RawMessage(charge("evt_1", 1999, "eur"))})
		if !strings.Contains(string(tried.body), `"points":[{"key":"evt_1","value":19.99}],"rejected":[]`) || len(c.values(t, "revenue")) != 0 {
			t.Errorf("testSource: %s", tried.body)
		}
		nobody := s.with("")
		signed := func(secret, body string) map[string]string {
			at := fmt.Sprint(time.Now().Unix())
			m := hmac.New(sha256.New, []byte(secret))
			m.Write([]byte(at + "." + body))
			return map[string]string{"Stripe-Signature": "t=" + at + ",v1=" + hex.EncodeToString(m.Sum(nil))}
		}
		path := strings.TrimPrefix(made.URL, "/webhooks/")
		for _, body := range []string{charge("evt_1", 1999, "eur"), charge("evt_1", 1999, "eur"), charge("evt_2", 500, "jpy"), charge("evt_3", 500, "ugx")} {
			nobody.webhook(t, path, body, signed(made.Secret, body))
		}
		want := map[string]string{"evt_1": "19.99", "evt_2": "500", "evt_3": "5"}
		c.holds(t, "revenue", want)
		body := charge("evt_4", 1, "eur")
		if a, err := nobody.sendTo(t.Context(), made.URL, []byte(body), signed("another secret", body)); err != nil || a.status != http.StatusUnauthorized {
			t.Errorf("a wrong signature: %v %s", err, a.body)
		}
		rotated := ask[struct{ RotateSourceSecret struct{ Secret string } }](t, c, `mutation($id: ID!) { rotateSourceSecret(input: {id: $id, secret: "whsec_the_next_one"}) { secret } }`, vars{"id": made.Source.ID}).RotateSourceSecret
		for i, secret := range []string{made.Secret, rotated.Secret} {
			body := charge(fmt.Sprint("evt_r", i), 100, "eur")
			nobody.webhook(t, path, body, signed(secret, body))
			want[fmt.Sprint("evt_r", i)] = "1"
		}
		c.holds(t, "revenue", want)
		listed := ask[struct {
			Sources []struct {
				ID             string
				LastReceivedAt *time.Time
			}
		}](t, c, `{ sources { id lastReceivedAt } }`, nil).Sources
		if len(listed) != 1 || listed[0].ID != made.Source.ID || listed[0].LastReceivedAt == nil {
			t.Errorf("sources %+v", listed)
		}
		if found := c.ingestions(t, made.Source.ID); len(found) != len(want) {
			t.Errorf("%d ingestions of the source, want %d", len(found), len(want))
		}
		ask[any](t, c, `mutation($id: ID!) { deleteSource(input: {id: $id}) { deletedId } }`, vars{"id": made.Source.ID})
		if a, err := nobody.sendTo(t.Context(), made.URL, []byte(body), signed(rotated.Secret, body)); err != nil || a.status != http.StatusNotFound {
			t.Errorf("a deleted source: %v %s", err, a.body)
		}
	})
}

// or is a text, or another where there is none.
func or(text *string, other string) string {
	if text == nil {
		return other
	}
	return *text
}
