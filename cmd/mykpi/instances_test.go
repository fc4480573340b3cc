package main

import (
	"io"
	"log/slog"
	"strings"
	"testing"

	"github.com/mykpi/mykpi/charts"
	"github.com/mykpi/mykpi/charts/command"
	"github.com/mykpi/mykpi/tenancy"
)

// What another process writes into the folder, such as an import beside a server, the server's dashboards show.
func TestSQLiteOfAnotherProcessIsSeen(t *testing.T) {
	config := storeConfig{data: t.TempDir(), store: onSQLite}
	open := func() *core {
		c, err := openCore(t.Context(), config)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() {
			if err := c.close(); err != nil {
				t.Error(err)
			}
		})
		return c
	}
	server, other := open(), open()
	id := tenancy.MustParseID("acme")
	as := tenancy.Verified(tenancy.Claims{Tenant: id, Role: tenancy.Admin, Actor: operator})
	if err := other.directory.Ensure(t.Context(), id, operator); err != nil {
		t.Fatal(err)
	}
	settings := charts.Settings{Name: "Orders", Visualization: charts.Line, Unit: charts.Unit{Kind: charts.UnitNumber}, Direction: charts.UpIsGood}
	chart, err := other.commands.CreateChart(t.Context(), as, command.CreateChart{Key: "orders", Aggregation: charts.Sum, Settings: settings})
	if err != nil {
		t.Fatal(err)
	}
	joined, err := joinInstances(serverConfig{storeConfig: config}, server, slog.New(slog.NewTextHandler(io.Discard, nil)))
	if err != nil {
		t.Fatal(err)
	}
	joined.start()
	t.Cleanup(joined.close)
	updates, err := server.live.KpiUpdated(t.Context(), id, nil, nil)
	if err != nil {
		t.Fatal(err)
	}
	if u := <-updates; u.Chart.Version != 1 {
		t.Fatalf("version %d first", u.Chart.Version)
	}
	if _, err := other.commands.RecordDataPoints(t.Context(), as, command.RecordDataPoints{
		Chart: charts.Ref{ID: chart}, Points: []command.PointInput{{Value: charts.MustDecimal("1")}},
	}); err != nil {
		t.Fatal(err)
	}
	if u := <-updates; u.Chart.Version != 2 {
		t.Errorf("version %d then, want 2", u.Chart.Version)
	}
}

// Without NATS a server on DynamoDB says that it must be alone; with a URL that is none it does not start.
func TestInstancesSayWhatTheyLack(t *testing.T) {
	var logs strings.Builder
	logger := slog.New(slog.NewTextHandler(&logs, nil))
	if _, err := joinInstances(serverConfig{storeConfig: storeConfig{store: onDynamoDB}}, &core{}, logger); err != nil || !strings.Contains(logs.String(), "the only instance") {
		t.Errorf("%v, and it logs %q", err, logs.String())
	}
	_, err := joinInstances(serverConfig{storeConfig: storeConfig{store: onDynamoDB}, nats: "nats://secret:word@[bad"}, &core{}, logger)
	if err == nil || strings.Contains(err.Error(), "word") {
		t.Errorf("a URL that is none: %v", err)
	}
}

func TestPlaces(t *testing.T) {
	for text, want := range map[string]storeConfig{
		"sqlite:./data":                     {store: onSQLite, data: "./data"},
		"dynamodb:":                         {store: onDynamoDB},
		"dynamodb:p-":                       {store: onDynamoDB, prefix: "p-"},
		"dynamodb:p-@http://127.0.0.1:8000": {store: onDynamoDB, prefix: "p-", endpoint: "http://127.0.0.1:8000"},
	} {
		if got, err := parsePlace(text); err != nil || got != want {
			t.Errorf("%s is read as %+v, %v", text, got, err)
		}
	}
	for _, text := range []string{"", "sqlite", "sqlite:", "dynamodb", "mysql:x"} {
		if got, err := parsePlace(text); err == nil {
			t.Errorf("%q is read as %+v", text, got)
		}
	}
}
