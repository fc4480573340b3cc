package cost

import (
	"fmt"
	"os"
	"strconv"
	"strings"
	"testing"
)

// Prices are DynamoDB's on demand in us-east-1, in dollars, as of November 2024; other regions cost up to half more.
const (
	writeMillion = 0.625 // a million write request units
	readMillion  = 0.125
	gigabyte     = 0.25 + 0.20 // a month, with point-in-time recovery
)

// The month: 30 days of 500 tenants with 20 charts, each with a point a minute.
const (
	tenants    = 500
	chartsEach = 20
	minutes    = 30 * 24 * 60
	points     = tenants * chartsEach * minutes

	// watched is how much of the time somebody looks at a tenant's dashboard; openings how often it is opened a day.
	watched  = 8.0 / 24
	openings = 20
	// lookSeconds is the mean time between two looks at a tenant that is watched, by each of two instances.
	lookSeconds = 17.5
	instances   = 2
	// eventBytes is what a point takes in the log: its event and what DynamoDB adds to an item, its receipt for two days.
	eventBytes = 420
)

// TestMonth holds docs/cost.md to what follows from the golden table; -update writes it anew.
func TestMonth(t *testing.T) {
	table := goldenRows(t)
	write := table["a point a minute, over a day: with the day's close and the pages of points"]
	update1 := table["one of them: kpi and 7 days by the day, as after each of its points"]
	dashboard := table["a dashboard of 20 charts with a point a minute, by the day"]
	seen := table["a look for what other instances have changed"]

	type item struct {
		name    string
		units   float64
		million float64
	}
	items := []item{
		{"recording: writes", points * write[0], writeMillion},
		{"recording: reads", points * write[1], readMillion},
		{"live updates, while somebody watches", points * watched * update1[1], readMillion},
		{"dashboards opened", tenants * 30 * openings * dashboard[1], readMillion},
		{"looks for what no message told", tenants * watched * instances * 30 * 86400 / lookSeconds * seen[1], readMillion},
	}
	var b strings.Builder
	fmt.Fprintf(&b, "| %d tenants, %d charts each, a point a minute: %d million points a month | million units | $ a month |\n|---|---|---|\n", tenants, chartsEach, points/1_000_000)
	total := 0.0
	for _, i := range items {
		dollars := i.units / 1e6 * i.million
		total += dollars
		fmt.Fprintf(&b, "| %s | %.0f | %.0f |\n", i.name, i.units/1e6, dollars)
	}
	fmt.Fprintf(&b, "| **requests** | | **%.0f** |\n", total)
	fmt.Fprintf(&b, "| a point | | %.7f |\n| a tenant | | %.2f |\n", total/points, total/tenants)
	fmt.Fprintf(&b, "| storage that a month adds: %.0f GB, each month from then on | | %.0f |\n", points*eventBytes/1e9, points*eventBytes/1e9*gigabyte)

	const file, from, to = "../../docs/cost.md", "<!-- computed by test/cost -->\n", "<!-- end -->"
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	before, rest, found := strings.Cut(string(text), from)
	old, after, closed := strings.Cut(rest, to)
	if !found || !closed {
		t.Fatalf("%s has no place for the table", file)
	}
	if *update {
		if err := os.WriteFile(file, []byte(before+from+b.String()+to+after), 0o644); err != nil {
			t.Fatal(err)
		}
	} else if old != b.String() {
		t.Errorf("%s (-update) says\n%s\nand should say\n%s", file, old, b.String())
	}
}

// goldenRows are WCU and RCU of each row.
func goldenRows(t *testing.T) map[string][2]float64 {
	t.Helper()
	text, err := os.ReadFile("testdata/cost.golden")
	if err != nil {
		t.Fatal(err)
	}
	rows := map[string][2]float64{}
	for line := range strings.Lines(string(text)) {
		cells := strings.Split(strings.Trim(line, "| \n"), " | ")
		if len(cells) < 3 {
			continue
		}
		wcu, err1 := strconv.ParseFloat(cells[1], 64)
		rcu, err2 := strconv.ParseFloat(cells[2], 64)
		if err1 == nil && err2 == nil {
			rows[cells[0]] = [2]float64{wcu, rcu}
		}
	}
	return rows
}
