package main

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/mykpi/mykpi/charts"
	"github.com/mykpi/mykpi/charts/command"
	"github.com/mykpi/mykpi/ingest/source"
	"github.com/mykpi/mykpi/tenancy"
)

// feed is a source of a tenant, with a chart of its own.
type feed struct{ path, secret string }

func (n *n8n) feed(tenant string) feed {
	n.t.Helper()
	id := tenancy.MustParseID(tenant)
	if err := n.core.directory.Ensure(n.t.Context(), id, operator); err != nil {
		n.t.Fatal(err)
	}
	as := tenancy.Verified(tenancy.Claims{Tenant: id, Role: tenancy.Admin, Actor: operator})
	chart, err := n.core.commands.CreateChart(n.t.Context(), as, command.CreateChart{Key: "feed", Aggregation: charts.Sum, Settings: charts.Settings{
		Name: "Feed", Visualization: charts.Line, Unit: charts.Unit{Kind: charts.UnitNumber}, Direction: charts.UpIsGood,
	}})
	if err != nil {
		n.t.Fatal(err)
	}
	made, secret, err := n.core.sources.CreateSource(n.t.Context(), as, source.Create{
		Name: "Feed", Kind: source.GenericJSON, Chart: charts.Ref{ID: chart}, Mapping: source.DefaultMapping(source.GenericJSON),
	})
	if err != nil {
		n.t.Fatal(err)
	}
	return feed{"/webhooks/sources/" + made.ID, secret}
}

// deliver sends so many payloads, and counts the answers by their status.
func (n *n8n) deliver(f feed, secret string, times int) map[int]int {
	n.t.Helper()
	statuses := map[int]int{}
	for i := range times {
		got := n.must(n.httpNode(f.path, fmt.Sprintf(`{"value":1,"key":"%d"}`, i), "Authorization", "Bearer "+secret))
		statuses[got.status]++
		if got.status == http.StatusTooManyRequests && got.Errors[0].Extensions.Code != "RATE_LIMITED" {
			n.t.Error(got.body)
		}
	}
	return statuses
}

// The senders of all tenants' sources have the same addresses. What floods one source is refused there, whether it is
// signed or not, and spends nothing of another tenant's.
func TestSourcesOverTheRate(t *testing.T) {
	few := rate{1, 3}
	for name, c := range map[string]struct {
		configure func(*serverConfig)
		secret    func(feed) string
	}{
		"of a source":            {func(c *serverConfig) { c.rateKey = few }, func(f feed) string { return f.secret }},
		"of a tenant":            {func(c *serverConfig) { c.rateMutations = few }, func(f feed) string { return f.secret }},
		"of an address":          {func(c *serverConfig) { c.rateAddress = few }, func(f feed) string { return f.secret }},
		"of an address, a guess": {func(c *serverConfig) { c.rateAddress = few }, func(feed) string { return "wrong" }},
	} {
		t.Run(name, func(t *testing.T) {
			n := startForN8n(t, c.configure)
			flooded, quiet := n.feed("flooded"), n.feed("quiet")
			if got := n.deliver(flooded, c.secret(flooded), 12); got[http.StatusTooManyRequests] == 0 {
				t.Errorf("12 at once were let through at 1 a second: %v", got)
			}
			if got := n.deliver(quiet, quiet.secret, 2); got[http.StatusOK] != 2 {
				t.Errorf("another tenant's: %v", got)
			}
		})
	}
}

// Tenants that are made up share the address's rate: who guesses sources is held to it.
func TestGuessedSourcesOverTheRate(t *testing.T) {
	n := startForN8n(t, func(c *serverConfig) { c.rateAddress = rate{1, 3} })
	real := n.feed("real")
	over := 0
	for i := range 12 {
		made := strings.Replace(real.path, "src_", fmt.Sprintf("src_%02d", i), 1)
		over += n.deliver(feed{path: made}, "x", 1)[http.StatusTooManyRequests]
	}
	if over == 0 {
		t.Error("12 guesses at once were let through at 1 a second")
	}
}

func TestRatesAreTold(t *testing.T) {
	n := startForN8n(t)
	f := n.feed("acme2")
	r, err := http.NewRequest(http.MethodPost, n.url+f.path, strings.NewReader(`{"value":1}`))
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Authorization", "Bearer "+f.secret)
	r.Header.Set("Content-Type", "application/json")
	response, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	response.Body.Close()
	if told := fmt.Sprint(response.Header.Values("RateLimit")); !strings.Contains(told, `"key";r=`) || !strings.Contains(told, `"mutation";r=`) {
		t.Errorf("%d, RateLimit: %s", response.StatusCode, told)
	}
}
