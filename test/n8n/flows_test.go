//go:build n8n

package n8n

import (
	"fmt"
	"maps"
	"strconv"
	"strings"
	"testing"
	"time"
)

// TestFlows runs every flow of integrations/n8n as its page says to set it up, each twice, and reads the figures back.
func TestFlows(t *testing.T) {
	o, m := newOutside(t), serveMyKPI(t)
	n := newN8n(t, o)
	for key, aggregation := range map[string]string{"revenue": "SUM", "orders": "SUM", "visitors": "SUM", "mrr": "LAST", "flow-failures": "SUM"} {
		m.create(key, aggregation)
	}
	at := map[string]string{"mykpi": m.url}
	source := map[string]string{"mykpi": m.url, "from": "https://figures.example/figures"}
	n.bring("credentials", credentials(m.key))
	n.bring("workflow", []flow{
		load(t, "check-credential").set("Settings", at),
		load(t, "check-credential").set("Settings", at).credential("Who am I?", "wrong").named("wrong-credential"),
		load(t, "generic-http-source").set("Settings", source).byHand("Every 15 minutes"),
		load(t, "generic-http-source").set("Settings", source).set("Settings", map[string]string{"chart": "nowhere"}).byHand("Every 15 minutes").named("wrong-chart"),
		load(t, "google-sheets-hourly").set("Settings", at).set("Settings", map[string]string{"sheet": "https://docs.google.com/spreadsheets/d/1sheetOfTheStandIn00000000000000/edit"}).byHand("Every hour"),
		load(t, "daily-mrr-snapshot").set("Settings", at).byHand("Every morning"),
		load(t, "error-handling").set("Settings", at).set("Settings for refused points", at).byHand("Every day"),
		load(t, "stripe-charges").set("Settings", at).failingTo("error-handling"),
	})

	step := func(name string, f func(t *testing.T)) {
		t.Run(name, func(t *testing.T) {
			o.t, m.t, n.t = t, t, t
			f(t)
		})
	}

	step("check-credential", func(t *testing.T) {
		for range 2 {
			if got := n.succeed("check-credential", "Who am I?")[0]; !strings.Contains(got, `"permissions":["READ","RECORD"]`) || !strings.Contains(got, `"A shop"`) {
				t.Error(got)
			}
		}
		n.fail("wrong-credential", "Who am I?", "the API key is not whole")
	})

	step("generic-http-source", func(t *testing.T) {
		want := map[string]string{}
		for i := range 120 {
			f := figure{fmt.Sprint("visit-", i), time.Now().Add(-time.Duration(i) * time.Minute).UTC().Format(time.RFC3339), float64(i) + 0.5}
			o.set(func(o *outside) { o.figures = append(o.figures, f) })
			want[f.ID] = fmt.Sprint(f.Value)
		}
		n.succeed("generic-http-source", "Record")
		first := m.chart("visitors")
		if !maps.Equal(first.points, want) {
			t.Errorf("the points are %v", first.points)
		}
		n.succeed("generic-http-source", "Record")
		if again := m.chart("visitors"); again.version != first.version {
			t.Errorf("once more brought the chart from version %d to %d", first.version, again.version)
		}
		if i := m.ingestions(); len(i) != len(want) || i[0].Source == "" {
			t.Errorf("%d ingestions, the newest %+v", len(i), i[0])
		}
		n.fail("wrong-chart", "Record", "there is no such chart")
	})

	step("google-sheets-hourly", func(t *testing.T) {
		o.set(func(o *outside) {
			o.rows = [][]any{{"date", "note", "value"}, {"2026-03-28", "a", 10}, {"2026-03-29", "the clocks change", 20.25}, {"2026-03-30", "", "7"}, {"", "no date", 1}}
		})
		n.succeed("google-sheets-hourly", "Record")
		first := m.chart("orders")
		if want := map[string]string{"row-2": "10", "row-3": "20.25", "row-4": "7"}; !maps.Equal(first.points, want) {
			t.Errorf("the points are %v, want %v", first.points, want)
		}
		n.succeed("google-sheets-hourly", "Record")
		if again := m.chart("orders"); again.version != first.version {
			t.Errorf("once more brought the chart from version %d to %d", first.version, again.version)
		}
		o.set(func(o *outside) { o.rows[1][2] = 11 })
		n.succeed("google-sheets-hourly", "Record")
		if i := m.ingestions()[0]; i.Corrected != 1 || i.Recorded != 0 || i.Unchanged != 2 || m.chart("orders").points["row-2"] != "11" {
			t.Errorf("an edited row: %+v", i)
		}
		o.wasAsked("sheets.googleapis.com")
	})

	step("daily-mrr-snapshot", func(t *testing.T) {
		n.succeed("daily-mrr-snapshot", "Record")
		// 3 x 10 a month, 120 a year, 29.99 a quarter: 30 + 10 + 9.9967.
		if got := m.kpi("mrr"); got != "50" {
			t.Errorf("the monthly recurring revenue is %s, want 50", got)
		}
		first := m.chart("mrr")
		n.succeed("daily-mrr-snapshot", "Record")
		if again := m.chart("mrr"); again.version != first.version || len(again.points) != 1 {
			t.Errorf("once more made of %+v %+v", first, again)
		}
		o.wasAsked("api.stripe.com")
	})

	step("error-handling, by day", func(t *testing.T) {
		if got := n.succeed("error-handling", "Refused points")[0]; !strings.Contains(got, `"nodes":[]`) {
			t.Error(got)
		}
		m.ask(nil, `mutation { recordDataPoints(input: {chart: {key: "orders"}, points: [{value: "1,5"}], source: "4711"}) { recorded } }`)
		for range 2 {
			n.fail("error-handling", "Say so", "1 points were refused. The first: orders: value: ")
		}
	})

	step("stripe-charges, and error-handling when it fails", func(t *testing.T) {
		n.run("update:workflow", "--id=stripe-charges", "--active=true")
		n.serve()
		url := ""
		select {
		case url = <-o.webhook:
		case <-time.After(patience):
			t.Fatal("n8n told Stripe of no webhook")
		}
		events := []string{charge("evt_1", 1999, "eur"), charge("evt_2", 500, "jpy"), charge("evt_3", 500, "ugx"), charge("evt_4", 5125, "kwd")}
		for range 2 { // Stripe delivers at least once
			for _, e := range events {
				post(t, url, e)
			}
		}
		last := charge("evt_5", 1, "eur")
		post(t, url, last)
		eventually(t, "the number of charges", "5", func() string { return fmt.Sprint(len(m.chart("revenue").points)) })
		if got, want := m.chart("revenue").points, (map[string]string{"evt_1": "19.99", "evt_2": "500", "evt_3": "5", "evt_4": "5.125", "evt_5": "0.01"}); !maps.Equal(got, want) {
			t.Errorf("the charges are %v, want %v", got, want)
		}
		// A refused call turns the flow red, and n8n starts the flow for failures.
		m.ask(nil, `mutation { archiveChart(input: {chart: {key: "revenue"}}) { chart { status } } }`)
		post(t, url, charge("evt_6", 700, "eur"))
		eventually(t, "the count of failures", "1", func() string { return m.kpi("flow-failures") })
		m.ask(nil, `mutation { restoreChart(input: {chart: {key: "revenue"}}) { chart { status } } }`)
		post(t, url, charge("evt_6", 700, "eur"))
		eventually(t, "the charge that was delivered again", "7", func() string { return m.chart("revenue").points["evt_6"] })
		if got := m.kpi("flow-failures"); got != "1" {
			t.Errorf("%s failures are counted, want 1", got)
		}
	})

	step("what a flow recorded is found by its execution", func(t *testing.T) {
		for _, i := range m.ingestions() {
			if _, err := strconv.Atoi(i.Source); err == nil && i.Charts[0].Key == "revenue" {
				return
			}
		}
		t.Error("no charge has an execution as its source")
	})
}

// failingTo names the flow that n8n starts when this one fails.
func (f flow) failingTo(id string) flow {
	f["settings"].(map[string]any)["errorWorkflow"] = id
	return f
}
