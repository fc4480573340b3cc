// Command scale measures what other tenants and a long past cost: a number of tenants, each with 20 charts of hourly
// points, and of them one's dashboard, the memory, the start and the rebuild from the log.
//
// Run it by make bench-scale; TENANTS="1 50 500" DAYS=365 is the whole of it. It may import anything, and nothing imports it.
package main

import (
	"context"
	"crypto/rand"
	"errors"
	"flag"
	"fmt"
	"log"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"

	"github.com/mykpi/mykpi/bench/rig"
	"github.com/mykpi/mykpi/charts"
	"github.com/mykpi/mykpi/charts/command"
	"github.com/mykpi/mykpi/charts/journal"
	"github.com/mykpi/mykpi/charts/query"
	"github.com/mykpi/mykpi/eventstore/sqlite"
	"github.com/mykpi/mykpi/eventstore/versions"
	"github.com/mykpi/mykpi/tenancy"
	"github.com/mykpi/mykpi/tenancy/directory"
)

const (
	chartsOfTenant = 20
	reads          = 100 // of a dashboard in a round
	rounds         = 9
)

func main() {
	log.SetFlags(0)
	tenants := flag.String("tenants", "1 10", "how many tenants, one database for each number")
	days := flag.Int("days", 90, "days of hourly points in each chart")
	flag.Parse()
	var counts []int
	for _, text := range strings.Fields(*tenants) {
		n, err := strconv.Atoi(text)
		if err != nil {
			log.Fatal(err)
		}
		counts = append(counts, n)
	}
	dir, err := os.MkdirTemp("", "mykpi-bench-scale-")
	if err != nil {
		log.Fatal(err)
	}
	err = run(dir, counts, *days)
	if err := errors.Join(err, os.RemoveAll(dir)); err != nil {
		log.Fatal(err)
	}
}

// run fills a database for each number of tenants, then asks all of them in turns: so that what is compared was measured
// at the same time.
func run(dir string, counts []int, days int) error {
	var all []*subject
	defer func() {
		for _, s := range all {
			s.store.Close()
		}
	}()
	for _, n := range counts {
		s, err := prepare(filepath.Join(dir, strconv.Itoa(n)), n, days)
		if err != nil {
			return err
		}
		all = append(all, s)
	}
	for range rounds {
		for _, s := range all {
			if err := s.round(); err != nil {
				return err
			}
		}
	}
	fmt.Printf("%d charts a tenant, %d days of hourly points; CPU of one tenant's dashboard, and of the first row's\n\n", chartsOfTenant, days)
	fmt.Println("| tenants | points | filled at | on disk | start | CPU, read again | CPU, kept | resident | rebuilt at |")
	fmt.Println("|---|---|---|---|---|---|---|---|---|")
	for _, s := range all {
		if err := s.print(all[0], days); err != nil {
			return err
		}
	}
	return nil
}

// instance is the core on a folder.
type instance struct {
	store       *sqlite.Store
	journal     *journal.Journal
	directory   *directory.Directory
	commands    *command.Handlers
	again, kept *query.Reader // one that reads everything again, and one that keeps what it has read
}

func open(dir string) (*instance, error) {
	store, err := sqlite.Open(dir, sqlite.Options{})
	if err != nil {
		return nil, err
	}
	counter := versions.New(time.Now, store)
	counted := counter.Store(store)
	i := &instance{store: store, journal: journal.New(counted, &directory.Calendars{}, time.Now, rand.Text, nil)}
	i.directory = &directory.Directory{Store: counted, Now: time.Now, NewID: rand.Text}
	i.commands = &command.Handlers{Journal: i.journal, Now: time.Now, NewID: rand.Text}
	i.again = &query.Reader{Journal: i.journal, Now: time.Now}
	i.kept = &query.Reader{Journal: i.journal, Now: time.Now, Changes: counter, Memory: 64 << 20}
	return i, nil
}

// subject is a database with a number of tenants, of which one is asked.
type subject struct {
	*instance
	tenants       int
	asked         tenancy.Identity
	filled, start time.Duration
	disk          int64
	again, kept   []time.Duration // CPU of a dashboard, one for each round
}

func prepare(dir string, tenants, days int) (*subject, error) {
	ctx := context.Background()
	i, err := open(dir)
	if err != nil {
		return nil, err
	}
	began := time.Now()
	for n := range tenants {
		if err := i.fill(ctx, identity(n), days); err != nil {
			return nil, errors.Join(err, i.store.Close())
		}
		fmt.Fprintf(os.Stderr, "\r%d of %d tenants filled ", n+1, tenants)
	}
	fmt.Fprintln(os.Stderr)
	s := &subject{tenants: tenants, asked: identity(tenants / 2), filled: time.Since(began)}
	if err := i.store.Close(); err != nil {
		return nil, err
	}
	if s.disk, err = size(dir); err != nil {
		return nil, err
	}
	began = time.Now()
	if s.instance, err = open(dir); err != nil {
		return nil, err
	}
	err = dashboard(ctx, s.instance.kept, s.asked)
	s.start = time.Since(began)
	return s, err
}

// round asks for the dashboard by both readers.
func (s *subject) round() error {
	spent := func(r *query.Reader) (time.Duration, error) {
		before := cpu()
		for range reads {
			if err := dashboard(context.Background(), r, s.asked); err != nil {
				return 0, err
			}
		}
		return (cpu() - before) / reads, nil
	}
	again, err := spent(s.instance.again)
	if err != nil {
		return err
	}
	kept, err := spent(s.instance.kept)
	s.again, s.kept = append(s.again, again), append(s.kept, kept)
	return err
}

func (s *subject) print(first *subject, days int) error {
	ctx := context.Background()
	all, err := s.instance.kept.All(ctx, s.asked.Tenant())
	if err != nil {
		return err
	}
	began := time.Now()
	for _, c := range all {
		if err := s.journal.Rebuild(ctx, s.asked.Tenant(), charts.ID(c.ID)); err != nil {
			return err
		}
	}
	rebuilt := time.Since(began)
	resident, err := memory()
	if err != nil {
		return err
	}
	of := func(own, base []time.Duration) string {
		return fmt.Sprintf("%v (%.2f)", rig.Median(own).Round(time.Microsecond), float64(rig.Median(own))/float64(rig.Median(base)))
	}
	each := chartsOfTenant * days * 24
	fmt.Printf("| %d | %d | %.0f points/s | %.1f MB | %v | %s | %s | %d MB | %.0f points/s |\n", s.tenants, s.tenants*each,
		float64(s.tenants*each)/s.filled.Seconds(), float64(s.disk)/(1<<20), s.start.Round(100*time.Microsecond),
		of(s.again, first.again), of(s.kept, first.kept), resident>>20, float64(each)/rebuilt.Seconds())
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
func dashboard(ctx context.Context, r *query.Reader, as tenancy.Identity) error {
	all, err := r.All(ctx, as.Tenant())
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
