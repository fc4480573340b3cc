package projection

import (
	"encoding/json"
	"reflect"
	"testing"
	"time"

	"github.com/mykpi/mykpi/charts"
	"pgregory.net/rapid"
)

func anyChart(t *rapid.T) charts.Chart {
	plain := rapid.StringMatching(`[A-Za-z0-9 éü漢.,:{}-]{0,20}`)
	at := rapid.Custom(func(t *rapid.T) time.Time {
		return time.Unix(rapid.Int64Range(0, 4e9).Draw(t, "seconds"), rapid.Int64Range(0, 999_999_999).Draw(t, "nanoseconds")).UTC()
	})
	c := charts.Chart{
		ID: charts.ID(plain.Draw(t, "id")), Key: plain.Draw(t, "key"), Aggregation: charts.Sum, Status: charts.Archived,
		CreatedAt: at.Draw(t, "created"), ChangedAt: at.Draw(t, "changed"),
		Settings: charts.Settings{
			Name: plain.Draw(t, "name"), Description: plain.Draw(t, "description"), Visualization: charts.Bar, Direction: charts.DownIsGood,
			Unit:       charts.Unit{Kind: charts.UnitCurrency, Currency: plain.Draw(t, "currency"), Decimals: rapid.IntRange(0, 6).Draw(t, "decimals"), Suffix: plain.Draw(t, "suffix")},
			StaleAfter: rapid.IntRange(0, 1e6).Draw(t, "staleAfter"),
		},
	}
	if rapid.Bool().Draw(t, "targeted") {
		d := charts.DecimalOf(rapid.Int64Range(-1e9, 1e9).Draw(t, "target"), rapid.Int64Range(0, 999_999).Draw(t, "millionths"))
		c.Target = &d
	}
	return c
}

// What json.Marshal writes of a chart is read in one pass, unless its texts hold what it escapes.
func TestChartsAreReadAsTheyAreWritten(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		c := anyChart(t)
		body, err := json.Marshal(c)
		if err != nil {
			t.Fatal(err)
		}
		var read charts.Chart
		if w := (written{rest: string(body)}); !w.chart(&read) {
			t.Fatalf("%s is not as written: at %q", body, w.rest)
		}
		if !reflect.DeepEqual(read, c) {
			t.Fatalf("%s was read as %+v", body, read)
		}
	})
	for _, name := range []string{"R&D <\"quoted\">", "line\nline", "\u2028", "\x7f"} {
		c := charts.Chart{Settings: charts.Settings{Name: name}}
		body, err := json.Marshal(c)
		if err != nil {
			t.Fatal(err)
		}
		if read, err := ReadChart(body); err != nil || !reflect.DeepEqual(*read, c) {
			t.Errorf("%s was read as %+v, %v", body, read, err)
		}
	}
}

// Whatever is read in one pass is what encoding/json reads.
func FuzzReadChart(f *testing.F) {
	target := charts.DecimalOf(15, 1)
	for _, c := range []charts.Chart{{}, {ID: "i", Key: "k", Settings: charts.Settings{Name: "n", Description: "d", Target: &target, StaleAfter: 3600, Unit: charts.Unit{Suffix: "x"}}}} {
		body, err := json.Marshal(c)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(body)
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		var read, want charts.Chart
		if w := (written{rest: string(body)}); !w.chart(&read) {
			return
		}
		if err := json.Unmarshal(body, &want); err != nil || !reflect.DeepEqual(read, want) {
			t.Errorf("%s was read as %+v, want %+v, %v", body, read, want, err)
		}
	})
}
