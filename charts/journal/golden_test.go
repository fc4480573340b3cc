package journal_test

import (
	"bytes"
	"errors"
	"flag"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/mykpi/mykpi/charts"
	"github.com/mykpi/mykpi/charts/journal"
	"github.com/mykpi/mykpi/eventstore"
)

// update writes the samples that testdata/events lacks. It never changes one that is there: what was written to a log
// once is read for ever, so a frozen sample that no longer fits is a fault of the code, not of the sample. A new schema
// of a type gets samples of its own beside the old ones.
var update = flag.Bool("update", false, "write the golden events that are missing in testdata/events")

// golden is a frozen payload: what it must decode to for ever. Its file is <type>.<schema>.<name>.
type golden struct {
	kind   string
	schema int
	name   string
	event  charts.Event
}

func (g golden) file() string {
	return filepath.Join("testdata", "events", fmt.Sprintf("%s.%d.%s", g.kind, g.schema, g.name))
}

func instant(s string) charts.Instant {
	t, err := time.Parse(time.RFC3339Nano, s)
	if err != nil {
		panic(err)
	}
	return charts.InstantOf(t)
}

func goldens() []golden {
	target := charts.MustDecimal("125000.5")
	full := charts.Settings{
		Name: "Umsatz – März", Description: "Net,\nwithout VAT", Visualization: charts.Area,
		Unit:   charts.Unit{Kind: charts.UnitCurrency, Currency: "EUR", Decimals: 2, Suffix: " net"},
		Target: &target, Direction: charts.DownIsGood, StaleAfter: 86400,
	}
	plain := charts.Settings{Name: "Orders", Visualization: charts.Number, Unit: charts.Unit{Kind: charts.UnitNumber}, Direction: charts.UpIsGood}
	at := instant("2026-11-23T12:00:00Z")
	point := func(key string, at charts.Instant, value string) charts.Point {
		return charts.Point{Key: key, At: at, Value: charts.MustDecimal(value)}
	}
	huge := charts.MustDecimal("999999999999.999999")
	return []golden{
		{"ChartCreated", 1, "full", charts.ChartCreated{ID: "chart_0001", Key: "umsatz", Aggregation: charts.Sum, Settings: full}},
		{"ChartCreated", 1, "plain", charts.ChartCreated{ID: "chart_0002", Key: "orders", Aggregation: charts.Count, Settings: plain}},
		{"ChartUpdated", 1, "full", charts.ChartUpdated{Settings: full, Changed: []string{"name", "target"}}},
		{"ChartUpdated", 1, "plain", charts.ChartUpdated{Settings: plain, Changed: []string{"target"}}},
		{"ChartArchived", 1, "plain", charts.ChartArchived{}},
		{"ChartRestored", 1, "plain", charts.ChartRestored{}},
		{"DataPointsRecorded", 1, "one", charts.DataPointsRecorded{Points: []charts.RecordedPoint{{Point: point("", at, "12.5")}}}},
		{"DataPointsRecorded", 1, "many", charts.DataPointsRecorded{Points: []charts.RecordedPoint{
			{Point: point("", at, "0")},
			{Point: point("evt_1", at-3600e9, "-0.000001")},
			{Point: point("Zürich/8001 #4", at+1, "1000000")},
			{Point: point("", instant("1990-01-01T00:00:00Z"), "-999999999999.999999")},
			{Point: point("", instant("2026-11-23T12:00:00.123456789Z"), "999999999999.999999")},
			{Point: charts.Point{At: instant("2031-02-28T23:59:59.999Z"), Value: huge}},
		}}},
		{"DataPointsRecorded", 1, "corrections", charts.DataPointsRecorded{Points: []charts.RecordedPoint{
			{Point: point("", at, "1")},
			{Point: point("evt_1", at, "2"), Corrects: true, Was: charts.Was{At: at - 86400e9, Value: charts.MustDecimal("1.99")}},
			{Point: point("", at, "3"), Corrects: true, Was: charts.Was{At: at, Value: charts.MustDecimal("1")}},
			{Point: point("evt_2", at, "4")},
		}}},
		{"DataPointsRemoved", 1, "reason", charts.DataPointsRemoved{Points: []charts.Point{point("", at, "1"), point("evt_1", at+1e9, "2.25")}, Reason: "Doppelt – siehe #12"}},
		{"DataPointsRemoved", 1, "plain", charts.DataPointsRemoved{Points: []charts.Point{point("evt_1", at, "7")}}},
	}
}

func TestGoldenEventsDecodeForEver(t *testing.T) {
	files := map[string]bool{}
	current := map[string]bool{}
	for _, g := range goldens() {
		t.Run(filepath.Base(g.file()), func(t *testing.T) {
			files[filepath.Base(g.file())] = true
			frozen, err := os.ReadFile(g.file())
			if errors.Is(err, fs.ErrNotExist) && *update && g.schema == journal.Schema {
				frozen = encode(t, g)
				if err := os.WriteFile(g.file(), frozen, 0o644); err != nil {
					t.Fatal(err)
				}
			} else if err != nil {
				t.Fatalf("%v; -update writes what is missing", err)
			}
			decoded, err := journal.Decode(eventstore.Event{Type: g.kind, Schema: g.schema, Data: frozen})
			if err != nil || !reflect.DeepEqual(decoded, g.event) {
				t.Errorf("decodes to %+v, %v; want %+v", decoded, err, g.event)
			}
			if g.schema == journal.Schema {
				current[g.kind] = true
				if today := encode(t, g); !bytes.Equal(today, frozen) {
					t.Errorf("is encoded otherwise today: a new schema must have a new number\n%q, frozen\n%q", today, frozen)
				}
			}
		})
	}
	entries, err := os.ReadDir(filepath.Join("testdata", "events"))
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		if !files[e.Name()] {
			t.Errorf("%s is in no row: what it decodes to must be told for ever", e.Name())
		}
	}
	for _, kind := range []string{"ChartCreated", "ChartUpdated", "ChartArchived", "ChartRestored", "DataPointsRecorded", "DataPointsRemoved"} {
		if !current[kind] {
			t.Errorf("no sample of %s in schema %d", kind, journal.Schema)
		}
	}
}

func encode(t *testing.T, g golden) []byte {
	t.Helper()
	kind, data, err := journal.Encode(g.event)
	if err != nil || kind != g.kind {
		t.Fatalf("encode %T: %s, %v", g.event, kind, err)
	}
	return data
}

func TestDecodeSaysWhatItCannotRead(t *testing.T) {
	for want, e := range map[string]eventstore.Event{
		"a newer version of this program": {Type: "ChartArchived", Schema: journal.Schema + 1},
		"unknown type":                    {Type: "ChartBurnt", Schema: 1, ID: "e1", Version: 7},
		"version 8":                       {Type: "ChartCreated", Schema: 1, ID: "e1", Version: 8, Data: []byte("{")},
		"corrupt":                         {Type: "DataPointsRecorded", Schema: 1, Data: []byte{9}},
	} {
		if got, err := journal.Decode(e); err == nil || got != nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%+v: %v, %v, want an error that says %q", e, got, err, want)
		}
	}
}

// Whatever bytes a log holds, they decode or are refused; what decodes is written as it was read.
func FuzzDecode(f *testing.F) {
	for _, g := range goldens() {
		_, data, err := journal.Encode(g.event)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(g.kind, data)
	}
	f.Add("DataPointsRecorded", []byte{0xff, 0xff, 0xff, 0xff, 0x0f})
	f.Fuzz(func(t *testing.T, kind string, data []byte) {
		event, err := journal.Decode(eventstore.Event{Type: kind, Schema: 1, Data: data})
		if err != nil {
			if event != nil {
				t.Fatalf("an event beside an error: %+v", event)
			}
			return
		}
		again, data, err := journal.Encode(event)
		if err != nil || again != kind {
			t.Fatalf("encode %+v: %s, %v", event, again, err)
		}
		if back, err := journal.Decode(eventstore.Event{Type: kind, Schema: 1, Data: data}); err != nil || !reflect.DeepEqual(back, event) {
			t.Fatalf("%+v came back as %+v, %v", event, back, err)
		}
	})
}
