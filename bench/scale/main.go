// Command scale measures what other tenants and a long past cost: a number of tenants, each with 20 charts of hourly
// points, and of them one's dashboard, the memory, the start and the rebuild from the log.
//
// Run it by make bench-scale; TENANTS="1 50 500" DAYS=365 is the whole of it. It may import anything, and nothing imports it.
package main

import (
	"context"
	"crypto/rand"
	"flag"
	"fmt"
	"log"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"

	"github.com/mykpi/mykpi/charts"
	"github.com/mykpi/mykpi/charts/command"
	"github.com/mykpi/mykpi/charts/journal"
	"github.com/mykpi/mykpi/charts/query"
	"github.com/mykpi/mykpi/eventstore/sqlite"
	"github.com/mykpi/mykpi/tenancy"
	"github.com/mykpi/mykpi/tenancy/directory"
)

const (
	chartsOfTenant = 20
	reads          = 300
)

func main() {
	log.SetFlags(0)
	tenants := flag.String("tenants", "1 10", "how many tenants, one run for each number")
	days := flag.Int("days", 90, "days of hourly points in each chart")
	flag.Parse()
	fmt.Printf("%d charts a tenant, %d days of hourly points\n\n", chartsOfTenant, *days)
	fmt.Println("| tenants | points | filled at | on disk | start | CPU a dashboard | resident | rebuilt at |")
	fmt.Println("|---|---|---|---|---|---|---|---|")
	for _, text := range strings.Fields(*tenants) {
		n, err := strconv.Atoi(text)
		if err == nil {
			err = measure(n, *days)
		}
		if err != nil {
			log.Fatal(err)
		}
	}
}

// instance is the core on a folder.
type instance struct {
	store     *sqlite.Store
	journal   *journal.Journal
	directory *directory.Directory
	commands  *command.Handlers
	reader    *query.Reader
}

func open(dir string) (*instance, error) {
	store, err := sqlite.Open(dir, sqlite.Options{})
	if err != nil {
		return nil, err
	}
	i := &instance{store: store, journal: journal.New(store, &directory.Calendars{}, time.Now, rand.Text, nil)}
	i.directory = &directory.Directory{Store: store, Now: time.Now, NewID: rand.Text}
	i.commands = &command.Handlers{Journal: i.journal, Now: time.Now, NewID: rand.Text}
	i.reader = &query.Reader{Journal: i.journal, Now: time.Now}
	return i, nil
}

func measure(tenants, days int) error {
	dir, err := os.MkdirTemp("", "mykpi-bench-scale-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	ctx := context.Background()
	i, err := open(dir)
	if err != nil {
		return err
	}
	began := time.Now()
	for n := range tenants {
		if err := i.fill(ctx, identity(n), days); err != nil {
			return err
		}
	}
	filled := time.Since(began)
	if err := i.store.Close(); err != nil {
		return err
	}
	disk, err := size(dir)
	if err != nil {
		return err
	}

	began = time.Now()
	if i, err = open(dir); err != nil {
		return err
	}
	defer i.store.Close()
	if err := i.dashboard(ctx, identity(0)); err != nil {
		return err
	}
	started := time.Since(began)
	before := cpu()
	for range reads {
		if err := i.dashboard(ctx, identity(0)); err != nil {
			return err
		}
	}
	spent := (cpu() - before) / reads

	began = time.Now()
	all, err := i.reader.All(ctx, identity(0).Tenant())
	if err != nil {
		return err
	}
	for _, c := range all {
		if err := i.journal.Rebuild(ctx, identity(0).Tenant(), charts.ID(c.ID)); err != nil {
			return err
		}
	}
	rebuilt := time.Since(began)
	resident, err := memory()
	if err != nil {
		return err
	}
	each := chartsOfTenant * days * 24
	fmt.Printf("| %d | %d | %.0f points/s | %.1f MB | %v | %v | %d MB | %.0f points/s |\n", tenants, tenants*each, float64(tenants*each)/filled.Seconds(),
		float64(disk)/(1<<20), started.Round(100*time.Microsecond), spent.Round(time.Microsecond), resident>>20, float64(each)/rebuilt.Seconds())
	return nil
}

func identity(n int) tenancy.Identity {
	return tenancy.Verified(tenancy.Claims{
		Tenant: tenancy.MustParseID(fmt.Sprintf("tenant-%04d", n)), Role: tenancy.Admin, Actor: tenancy.Actor{Kind: tenancy.System, ID: "bench", Label: "Bench"},
	})
}

func (i *instance) fill(ctx context.Context, as tenancy.Identity, days int) error {
	if err := i.directory.Ensure(ctx, as.Tenant(), as.Actor()); err != nil {
		return err
	}
	end := time.Now().UTC().Truncate(time.Hour)
	for n := range chartsOfTenant {
		id, err := i.commands.CreateChart(ctx, as, command.CreateChart{Aggregation: charts.Sum, Settings: charts.Settings{
			Name: fmt.Sprint("Chart ", n), Visualization: charts.Line, Unit: charts.Unit{Kind: charts.UnitNumber}, Direction: charts.UpIsGood,
		}})
		if err != nil {
			return err
		}
		points := make([]command.PointInput, days*24)
		for h := range points {
			at := end.Add(-time.Duration(len(points)-h) * time.Hour)
			points[h] = command.PointInput{At: &at, Value: charts.DecimalOf(int64(h*7919%10_000), 0)}
		}
		for len(points) > 0 {
			batch := points[:min(len(points), charts.MaxPointsPerCommand)]
			points = points[len(batch):]
			record := command.RecordDataPoints{Chart: charts.Ref{ID: id}, Points: batch, FailOnInvalid: true, Backfill: true}
			if _, err := i.commands.RecordDataPoints(ctx, as, record); err != nil {
				return err
			}
		}
	}
	return nil
}

// dashboard reads KPI and trend of a tenant's charts.
func (i *instance) dashboard(ctx context.Context, as tenancy.Identity) error {
	all, err := i.reader.All(ctx, as.Tenant())
	if err != nil {
		return err
	}
	for _, c := range all {
		if _, err := c.Kpi(ctx, nil, nil, nil); err != nil {
			return err
		}
		if _, err := c.Trend(ctx, nil, nil, nil, nil); err != nil {
			return err
		}
	}
	return nil
}

// cpu is what this process has used, in user and kernel mode.
func cpu() time.Duration {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		panic(err) // of this process itself: can't be
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

func memory() (int64, error) {
	text, err := os.ReadFile("/proc/self/statm")
	if err != nil {
		return 0, err
	}
	pages, err := strconv.ParseInt(strings.Fields(string(text))[1], 10, 64)
	return pages * int64(os.Getpagesize()), err
}

func size(dir string) (total int64, err error) {
	files, err := filepath.Glob(filepath.Join(dir, "*"))
	for _, file := range files {
		info, err := os.Stat(file)
		if err != nil {
			return 0, err
		}
		total += info.Size()
	}
	return total, err
}
