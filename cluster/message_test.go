package cluster

import (
	"strings"
	"testing"
	"time"

	"github.com/mykpi/mykpi/charts/journal"
	"github.com/mykpi/mykpi/tenancy"
)

var acme = tenancy.MustParseID("acme")

func TestMessagesComeBack(t *testing.T) {
	at := time.Date(2026, 3, 1, 2, 3, 4, 5, time.UTC)
	for _, c := range []journal.Change{
		{Tenant: acme, Chart: "c1", Version: 7, Kind: "DataPointsRecorded", OccurredAt: at},
		{Tenant: acme, OccurredAt: at},
	} {
		if got, err := decode(encode(c)); err != nil || got != c {
			t.Errorf("%+v comes back as %+v, %v", c, got, err)
		}
	}
}

func TestWhatIsNoMessageIsRefused(t *testing.T) {
	for _, data := range []string{
		"", "{}", "null", "[]", `{"tenant":""}`, `{"tenant":"a#b"}`, `{"tenant":"a","chart":"c"}`, `{"tenant":"a","version":1}`,
		`{"tenant":"a","chart":"c","version":-1}`, `{"tenant":"a","chart":"c","version":1e400}`,
		`{"tenant":"a","time":"10000-01-01T00:00:00Z"}`, `{"tenant":"` + strings.Repeat("a", 2000) + `"}`,
	} {
		if c, err := decode([]byte(data)); err == nil {
			t.Errorf("%.80q is read as %+v", data, c)
		}
	}
}

func FuzzMessage(f *testing.F) {
	f.Add(encode(journal.Change{Tenant: acme, Chart: "c1", Version: 7, Kind: "DataPointsRecorded", OccurredAt: time.Unix(1, 0)}))
	f.Add([]byte(`{"tenant":"acme","time":"2026-01-01T00:00:00Z"}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		c, err := decode(data)
		if err != nil {
			return
		}
		if c.Tenant.IsZero() {
			t.Fatalf("%q names no tenant", data)
		}
		again, err := decode(encode(c))
		if err != nil || again.Tenant != c.Tenant || again.Chart != c.Chart || again.Version != c.Version || again.Kind != c.Kind || !again.OccurredAt.Equal(c.OccurredAt) {
			t.Fatalf("%+v comes back as %+v, %v", c, again, err)
		}
	})
}
