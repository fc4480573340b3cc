package transfer_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/mykpi/mykpi/charts"
	"github.com/mykpi/mykpi/charts/command"
	"github.com/mykpi/mykpi/charts/transfer"
	"github.com/mykpi/mykpi/eventstore"
	"github.com/mykpi/mykpi/eventstore/dynamo"
	"github.com/mykpi/mykpi/eventstore/dynamo/dynamolocal"
	"github.com/mykpi/mykpi/tenancy"
	"github.com/mykpi/mykpi/tenancy/directory"
	"github.com/mykpi/mykpi/test/core"
)

var local dynamolocal.Server

func TestMain(m *testing.M) {
	code := m.Run()
	local.Stop()
	os.Exit(code)
}

// start is when clocks change, and far ahead: DynamoDB Local takes away by the machine's clock what has expired by it.
var start = time.Date(2093, 3, 29, 12, 0, 0, 0, time.UTC)

func onDynamoDB(t *testing.T, clock *core.Clock) *core.Core {
	t.Helper()
	o := dynamo.Options{Config: local.Config(t), TablePrefix: strings.ToLower(t.Name()[len("Test"):min(len(t.Name()), 20)]) + fmt.Sprint(rand.Uint32()) + "-", Now: clock.Now}
	tables, err := dynamo.NewTables(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	if err := tables.Create(t.Context()); err != nil {
		t.Fatal(err)
	}
	store, err := dynamo.Open(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	return core.On(store, clock)
}

// shop fills a tenant with all that can be in one: charts of every aggregation, keyed points, corrections, removals, an
// archived chart, a receipt.
func shop(t *testing.T, c *core.Core) tenancy.Identity {
	t.Helper()
	as := c.Tenant(t, "Europe/Lisbon", directory.Sunday)
	for _, a := range []charts.Aggregation{charts.Sum, charts.Average, charts.Last, charts.Maximum} {
		id := c.Chart(t, as, a)
		var points []command.PointInput
		for i := range 400 {
			p := core.Point(start.Add(-time.Duration(i)*7*time.Hour-time.Duration(i)), fmt.Sprintf("%d.%02d", i%50-20, i%100))
			if i%3 == 0 {
				p = core.Keyed(fmt.Sprintf("evt <%d> & 'ü'", i), start.Add(-time.Duration(i)*time.Hour), fmt.Sprint(i))
			}
			points = append(points, p)
		}
		c.Record(t, as, id, points...)
		c.Record(t, as, id, core.Keyed("evt <9> & 'ü'", start.Add(-9*time.Hour), "-0.000001"))
		c.Clock.Advance(time.Second)
		if _, err := c.Commands.RemoveDataPoints(t.Context(), as, command.RemoveDataPoints{Chart: charts.Ref{ID: id}, Keys: []string{"evt <12> & 'ü'"}, Reason: "counted <twice>"}); err != nil {
			t.Fatal(err)
		}
	}
	gone := c.Chart(t, as, charts.Count)
	if _, err := c.Commands.ArchiveChart(t.Context(), as, command.ArchiveChart{Chart: charts.Ref{ID: gone}}); err != nil {
		t.Fatal(err)
	}
	return as
}

// withReceipt records points without keys or instants under an idempotency key: its receipt alone keeps a repeat from
// counting twice.
func withReceipt(t *testing.T, c *core.Core, as tenancy.Identity, id charts.ID) command.Recorded {
	t.Helper()
	key := "execution-1"
	answer, err := c.Commands.RecordDataPoints(t.Context(), as, command.RecordDataPoints{
		Chart: charts.Ref{ID: id}, Points: []command.PointInput{{Value: charts.MustDecimal("7")}}, IdempotencyKey: key,
	})
	if err != nil {
		t.Fatal(err)
	}
	return answer
}

func compare(t *testing.T, a, b *core.Core, as tenancy.Identity) {
	t.Helper()
	n, err := transfer.Compare(t.Context(), a.Reader, b.Reader, as.Tenant())
	if err != nil || n == 0 {
		t.Fatalf("%d charts compared: %.2000v", n, err)
	}
	if got, want := records(t, b, as), records(t, a, as); !reflect.DeepEqual(got, want) {
		t.Fatalf("%d records arrived of %d, or others", len(got), len(want))
	}
}

// records are all of a tenant as lines.
func records(t *testing.T, c *core.Core, as tenancy.Identity) []string {
	t.Helper()
	var lines []string
	err := transfer.Read(t.Context(), c.Store, as.Tenant(), transfer.FromTheStart, func(r transfer.Record) error {
		text, err := r.Line()
		lines = append(lines, string(text))
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return lines
}

// From SQLite to DynamoDB and back to another SQLite: every record arrives, a repeat counts nothing twice, and whoever
// compares finds what differs.
func TestThereAndBack(t *testing.T) {
	clock := core.At(start)
	here, there, back := core.New(t, clock), onDynamoDB(t, clock), core.New(t, clock)
	as := shop(t, here)
	id := here.Chart(t, as, charts.Sum)
	answer := withReceipt(t, here, as, id)
	ignore := func(transfer.Record) {}
	for _, leg := range []struct{ from, to *core.Core }{{here, there}, {there, back}} {
		if err := transfer.Copy(t.Context(), leg.from.Store, leg.to.Journal, leg.to.Reader, as.Tenant(), ignore); err != nil {
			t.Fatal(err)
		}
		compare(t, here, leg.to, as)
		again := 0
		if err := transfer.Copy(t.Context(), leg.from.Store, leg.to.Journal, leg.to.Reader, as.Tenant(), func(r transfer.Record) {
			if r.Event != nil {
				again++
			}
		}); err != nil || again > 2*8 {
			t.Fatalf("a second copy reads %d events: %v", again, err)
		}
		compare(t, here, leg.to, as)
	}
	// What goes at the source goes at the target with the next copy.
	here.Record(t, as, id, core.Keyed("brief", clock.Now(), "1"))
	copyAll := func() {
		t.Helper()
		for _, leg := range []struct{ from, to *core.Core }{{here, there}, {there, back}} {
			if err := transfer.Copy(t.Context(), leg.from.Store, leg.to.Journal, leg.to.Reader, as.Tenant(), ignore); err != nil {
				t.Fatal(err)
			}
			compare(t, here, leg.to, as)
		}
	}
	copyAll()
	if _, err := here.Commands.RemoveDataPoints(t.Context(), as, command.RemoveDataPoints{Chart: charts.Ref{ID: id}, Keys: []string{"brief"}}); err != nil {
		t.Fatal(err)
	}
	copyAll()
	clock.Advance(time.Hour)
	for _, c := range []*core.Core{there, back} {
		if repeated := withReceipt(t, c, as, id); !reflect.DeepEqual(repeated, answer) {
			t.Errorf("the repeat answers %+v, not %+v", repeated, answer)
		}
		if v := c.Read(t, as, id).Version; v != 4 {
			t.Errorf("after the repeat the chart is at version %d, want 4", v)
		}
		c.Record(t, as, id, core.Keyed("more", clock.Now(), "1"))
	}
	if _, err := transfer.Compare(t.Context(), here.Reader, there.Reader, as.Tenant()); !errors.Is(err, transfer.ErrDiffer) {
		t.Errorf("a point more on one side: %v, want ErrDiffer", err)
	}
	if err := transfer.Copy(t.Context(), here.Store, there.Journal, there.Reader, as.Tenant(), ignore); !errors.Is(err, transfer.ErrDiverged) {
		t.Errorf("copied over a longer history: %v, want ErrDiverged", err)
	}
	here.Record(t, as, id, core.Keyed("other", clock.Now(), "1"))
	if err := transfer.Copy(t.Context(), here.Store, there.Journal, there.Reader, as.Tenant(), ignore); !errors.Is(err, transfer.ErrDiverged) {
		t.Errorf("copied over another history: %v, want ErrDiverged", err)
	}
}

// A copy that is cut off again and again arrives all the same.
func TestCutOffAndResumed(t *testing.T) {
	clock := core.At(start)
	here, there := core.New(t, clock), core.New(t, clock)
	as := shop(t, here)
	w := func(left int) error {
		ctx, cancel := context.WithCancel(t.Context())
		defer cancel()
		return transfer.Copy(ctx, here.Store, there.Journal, there.Reader, as.Tenant(), func(transfer.Record) {
			if left--; left == 0 {
				cancel()
			}
		})
	}
	cuts := 0
	for left := 1; ; left += 1 + rand.IntN(60) {
		err := w(left)
		if err == nil {
			break
		}
		if !errors.Is(err, context.Canceled) {
			t.Fatal(err)
		}
		cuts++
	}
	if cuts < 3 {
		t.Errorf("cut off %d times alone", cuts)
	}
	compare(t, here, there, as)
}

// As lines and back: what arrives from a file is what was written to it.
func TestLines(t *testing.T) {
	clock := core.At(start)
	here, there := core.New(t, clock), core.New(t, clock)
	as := shop(t, here)
	var file bytes.Buffer
	if err := transfer.Export(t.Context(), here.Store, as.Tenant(), &file, func() {}); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{`"value":-0.000001`, `"key":"evt <9> & 'ü'"`, `"type":"ChartArchived"`, `"document":"ABOUT"`} {
		if !strings.Contains(file.String(), want) {
			t.Errorf("no %s in the file", want)
		}
	}
	for range 2 { // the second time nothing changes
		tenant, err := transfer.Import(t.Context(), bytes.NewReader(file.Bytes()), there.Journal, there.Reader, func() {})
		if err != nil || tenant != as.Tenant() {
			t.Fatalf("%v, %v", tenant, err)
		}
		compare(t, here, there, as)
	}
	for _, bad := range []string{"", "{}", `{"mykpi":"log","version":2,"tenant":"acme"}`, `{"mykpi":"log","version":1,"tenant":"a#b"}`,
		`{"mykpi":"log","version":1,"tenant":"acme"}` + "\n{}", `{"mykpi":"log","version":1,"tenant":"acme"}` + "\nnonsense",
		strings.TrimSuffix(file.String(), "}\n")} {
		if _, err := transfer.Import(t.Context(), strings.NewReader(bad), core.New(t, clock).Journal, here.Reader, func() {}); err == nil {
			t.Errorf("%.80q is taken", bad)
		}
	}
}

func TestBodiesComeBack(t *testing.T) {
	for _, body := range []string{"", "null", "5", `"<&>"`, "{\"a\":\"\u2028\"}", `{"a": 1}`, "\x00\xff", `{"a":1}`, `1e400`, "[]", "true ", "{\"a\":\"\xff\"}"} {
		for _, r := range []transfer.Record{
			{Document: &eventstore.Document{Key: eventstore.Key{Name: "a"}, Body: []byte(body), Expires: start}},
			{Stream: eventstore.Stream{Kind: "TENANT", ID: "settings"}, Event: &eventstore.Event{Version: 1, ID: "e", Type: "T", Schema: 1, OccurredAt: start, RecordedAt: start, Data: []byte(body)}},
		} {
			text, err := r.Line()
			if err != nil {
				t.Fatal(err)
			}
			got, err := transfer.ParseLine(text)
			if err != nil {
				t.Fatalf("%s: %v", text, err)
			}
			back, want := got.Document, r.Document
			if r.Event != nil {
				if string(got.Event.Data) != body {
					t.Errorf("%q comes back as %q by %s", body, got.Event.Data, text)
				}
				continue
			}
			if string(back.Body) != body || !back.Expires.Equal(want.Expires) {
				t.Errorf("%q comes back as %q by %s", body, back.Body, text)
			}
		}
	}
}

func FuzzLine(f *testing.F) {
	f.Add([]byte(`{"stream":"CHART/c","version":1,"type":"DataPointsRecorded","schema":1,"id":"e","occurredAt":"2026-01-01T00:00:00Z","recordedAt":"2026-01-01T00:00:00Z","actor":{"kind":"USER","id":"a","label":"A"},"points":[{"at":"2026-01-01T00:00:00Z","value":1.5,"was":{"at":"2026-01-01T00:00:00Z","value":1}}]}`))
	f.Add([]byte(`{"document":"ABOUT","data":{"a":1},"expires":"2026-01-01T00:00:00Z"}`))
	f.Fuzz(func(t *testing.T, text []byte) {
		r, err := transfer.ParseLine(text)
		if err != nil {
			return
		}
		if (r.Event == nil) == (r.Document == nil) {
			t.Fatalf("%s is neither an event nor a document", text)
		}
	})
}
