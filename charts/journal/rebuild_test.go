package journal_test

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/mykpi/mykpi/charts"
	"github.com/mykpi/mykpi/charts/command"
	"github.com/mykpi/mykpi/charts/projection"
	"github.com/mykpi/mykpi/eventstore"
	"github.com/mykpi/mykpi/tenancy"
	"github.com/mykpi/mykpi/tenancy/directory"
	"github.com/mykpi/mykpi/test/core"
	"pgregory.net/rapid"
)

// documents are a chart's documents by names without the generation: those that are of the present one. Of NOW the
// generation is made 1; off the others the two numbers of their head are taken, generation and the version at which
// each was last written, for they tell when it was made and not what it says.
func documents(t core.T, c *core.Core, as tenancy.Identity, id charts.ID) map[string][]byte {
	t.Helper()
	name := projection.NowName(id)
	spans := append(projection.AllGenerations(id), eventstore.One(eventstore.Key{Name: name}), eventstore.One(eventstore.Key{Name: projection.HoursName(id)}))
	answers, err := c.Store.Documents(context.Background(), as.Tenant(), spans...)
	if err != nil {
		t.Fatalf("documents: %v", err)
	}
	all := map[string][]byte{}
	for _, docs := range answers {
		for _, d := range docs {
			all[d.Key.Name] = d.Body
		}
	}
	now, err := projection.ReadNow(all[name])
	if err != nil {
		t.Fatalf("NOW: %v", err)
	}
	generation := now.Generation
	now.Generation = 1
	found := map[string][]byte{}
	for n, body := range all {
		switch g := projection.GenerationOf(n); {
		case n == name:
			found[n] = now.Encode()
		case n == projection.HoursName(id):
			if body = headless(body); !bytes.Equal(body, []byte{0}) { // no hours are as good as no document
				found[n] = body
			}
		case g == generation:
			found[strings.Replace(n, fmt.Sprintf("#%d#", g), "#G#", 1)] = headless(body)
		}
	}
	return found
}

func headless(body []byte) []byte {
	for range 2 {
		_, n := binary.Uvarint(body)
		body = body[n:]
	}
	return body[:len(body)-4] // the seal is of the head too
}

// sameAsRebuilt rebuilds a chart and compares its documents with those that were made live, to the byte.
func sameAsRebuilt(t core.T, c *core.Core, as tenancy.Identity, id charts.ID) {
	t.Helper()
	live := documents(t, c, as, id)
	if err := c.Journal.Rebuild(context.Background(), as.Tenant(), id); err != nil {
		t.Fatalf("rebuild: %v", err)
	}
	same(t, live, documents(t, c, as, id))
}

func same(t core.T, live, rebuilt map[string][]byte) {
	t.Helper()
	for name, body := range live {
		if !bytes.Equal(body, rebuilt[name]) {
			t.Fatalf("%s differs from its rebuild:\n%x\n%x", name, body, rebuilt[name])
		}
	}
	if len(live) != len(rebuilt) {
		t.Fatalf("%d documents live, %d rebuilt", len(live), len(rebuilt))
	}
}

// fill records n points at a step, out of order now and then, some corrected, some removed.
func fill(t core.T, c *core.Core, as tenancy.Identity, id charts.ID, n int, step time.Duration) {
	t.Helper()
	const batch = 40
	for i := 0; i < n; i += batch {
		var points []command.PointInput
		for k := i; k < min(i+batch, n); k++ {
			at := start.Add(time.Duration(k-n) * step)
			if k%7 == 0 {
				at = at.Add(-9 * step)
			}
			if k%5 == 0 {
				points = append(points, core.Keyed(fmt.Sprint("evt_", k/10), at, fmt.Sprint(k)))
			} else {
				points = append(points, core.Point(at, fmt.Sprintf("%d.25", k)))
			}
		}
		c.Record(t, as, id, points...)
	}
	_, err := c.Commands.RemoveDataPoints(context.Background(), as, command.RemoveDataPoints{
		Chart: charts.Ref{ID: id}, Keys: []string{"evt_1", "evt_3"}, Instants: []time.Time{start.Add(time.Duration(1-n) * step)},
	})
	if err != nil {
		t.Fatalf("remove: %v", err)
	}
}

func TestRebuildEqualsLive(t *testing.T) {
	c := core.New(t, core.At(start))
	rapid.Check(t, func(t *rapid.T) {
		zone := rapid.SampledFrom([]string{"Europe/Paris", "America/Santiago", "Asia/Kathmandu", "Australia/Lord_Howe"}).Draw(t, "zone")
		as := c.Tenant(t, zone, directory.Monday)
		id := c.Chart(t, as, rapid.SampledFrom([]charts.Aggregation{charts.Last, charts.Sum, charts.Maximum, charts.Count}).Draw(t, "aggregation"))
		step := rapid.SampledFrom([]time.Duration{time.Second, time.Minute, time.Hour, 26 * time.Hour}).Draw(t, "step")
		fill(t, c, as, id, rapid.IntRange(1, 400).Draw(t, "points"), step)
		sameAsRebuilt(t, c, as, id)
		fill(t, c, as, id, rapid.IntRange(1, 60).Draw(t, "more"), step) // a rebuilt chart goes on as any other
		sameAsRebuilt(t, c, as, id)
	})
}

// Writes go on while a chart is rebuilt again and again, by two instances: no point is lost, none counts twice.
func TestRebuildWhileWritesGoOn(t *testing.T) {
	c := core.New(t, core.At(start))
	other := core.On(c.Store, c.Clock)
	as := c.Tenant(t, "Europe/Paris", directory.Monday)
	id := c.Chart(t, as, charts.Sum)
	fill(t, c, as, id, 500, time.Hour)
	before, _ := total(t, c, as, id)
	const writers, points = 4, 30
	var group, rebuilders sync.WaitGroup
	var done atomic.Bool
	for _, instance := range []*core.Core{c, other} {
		rebuilders.Go(func() {
			for !done.Load() {
				if err := instance.Journal.Rebuild(context.Background(), as.Tenant(), id); err != nil {
					t.Errorf("rebuild: %v", err)
					return
				}
			}
		})
	}
	for w := range writers {
		group.Go(func() {
			for i := range points {
				at := start.Add(-time.Duration(i*writers+w)*37*time.Minute - time.Nanosecond)
				[]*core.Core{c, other}[w%2].Record(t, as, id, core.Point(at, "1"))
			}
		})
	}
	group.Wait()
	done.Store(true)
	rebuilders.Wait()
	if n, _ := total(t, c, as, id); n != before+writers*points {
		t.Errorf("%d points, want %d", n, before+writers*points)
	}
	gapless(t, c, as, id)
	sameAsRebuilt(t, c, as, id)
}

// A tenant that moves to another zone finds its whole history in the days of the new one, whether it reads or writes
// first.
func TestAChangeOfZoneRebuilds(t *testing.T) {
	for _, first := range []string{"read", "write"} {
		t.Run(first, func(t *testing.T) {
			c := core.New(t, core.At(start))
			as := c.Tenant(t, "Europe/Paris", directory.Monday)
			id := c.Chart(t, as, charts.Sum)
			fill(t, c, as, id, 300, time.Hour)
			moved := c.Tenant(t, "Asia/Kathmandu", directory.Monday)
			twin := c.Chart(t, moved, charts.Sum)
			fill(t, c, moved, twin, 300, time.Hour)

			zone := "Asia/Kathmandu"
			if _, err := c.Directory.UpdateTenant(context.Background(), as, directory.Changes{TimeZone: &zone}); err != nil {
				t.Fatal(err)
			}
			if first == "write" {
				for _, chart := range []struct {
					as tenancy.Identity
					id charts.ID
				}{{as, id}, {moved, twin}} {
					c.Record(t, chart.as, chart.id, core.Point(start.Add(-time.Minute), "5"))
				}
			} else {
				total(t, c, as, id)
			}
			got, want := documents(t, c, as, id), documents(t, c, moved, twin)
			if len(got) != len(want) {
				t.Fatalf("%d documents, %d of a chart that was always there", len(got), len(want))
			}
			for name, body := range want {
				if mine := strings.Replace(name, string(twin), string(id), 1); !bytes.Equal(got[mine], body) {
					t.Errorf("%s differs from that of a chart that was always there:\n%x\n%x", mine, got[mine], body)
				}
			}
			sameAsRebuilt(t, c, as, id)
		})
	}
}

// A NOW document that this binary can't read, or that is gone, is made again by whoever comes first.
func TestDocumentsThatCannotServeAreRebuilt(t *testing.T) {
	ctx := context.Background()
	for _, first := range []string{"read", "write"} {
		for name, damage := range map[string]func([]byte) []byte{
			"of another format": func(b []byte) []byte { b[0] = projection.Format + 1; return b },
			"cut short":         func(b []byte) []byte { return b[:len(b)/2] },
			"of another bit":    func(b []byte) []byte { b[len(b)/2] ^= 1; return b },
			"empty":             func([]byte) []byte { return nil },
			"gone":              nil,
		} {
			t.Run(name+", "+first, func(t *testing.T) {
				c := core.New(t, core.At(start))
				as := c.Tenant(t, "Europe/Paris", directory.Monday)
				id := c.Chart(t, as, charts.Sum)
				fill(t, c, as, id, 300, time.Hour)
				n, sum := total(t, c, as, id)
				key := eventstore.Key{Name: projection.NowName(id)}
				answers, err := c.Store.Documents(ctx, as.Tenant(), eventstore.One(key))
				if err != nil {
					t.Fatal(err)
				}
				change := eventstore.Commit{Deletes: []eventstore.Delete{{Key: key}}}
				if damage != nil {
					change = eventstore.Commit{Puts: []eventstore.Put{{Key: key, Body: damage(answers[0][0].Body)}}}
				}
				if err := c.Store.Commit(ctx, as.Tenant(), change); err != nil {
					t.Fatal(err)
				}
				if first == "write" {
					c.Record(t, as, id, core.Point(start.Add(-time.Minute), "0"))
					n++
				}
				if gotN, gotSum := total(t, c, as, id); gotN != n || gotSum != sum {
					t.Errorf("%d points, sum %s; want %d, %s", gotN, gotSum, n, sum)
				}
				sameAsRebuilt(t, c, as, id)
			})
		}
	}
}

// So is a chart of which another document turns out to be damaged, when a command needs it.
func TestADamagedPartIsRebuilt(t *testing.T) {
	ctx := context.Background()
	c := core.New(t, core.At(start))
	as := c.Tenant(t, "Europe/Paris", directory.Monday)
	id := c.Chart(t, as, charts.Sum)
	fill(t, c, as, id, 300, time.Hour)
	for _, part := range []struct {
		span eventstore.Span
		late time.Duration
	}{
		{eventstore.One(eventstore.Key{Name: projection.HoursName(id)}), 48*time.Hour + time.Second},
		{projection.AllGenerations(id)[1], 290*time.Hour + time.Second},
	} {
		n, _ := total(t, c, as, id)
		answers, err := c.Store.Documents(ctx, as.Tenant(), part.span)
		if err != nil || len(answers[0]) == 0 {
			t.Fatalf("nothing to damage: %v", err)
		}
		damaged := answers[0][0]
		damaged.Body[len(damaged.Body)/2] ^= 1
		if err := c.Store.Commit(ctx, as.Tenant(), eventstore.Commit{Puts: []eventstore.Put{{Key: damaged.Key, Body: damaged.Body}}}); err != nil {
			t.Fatal(err)
		}
		c.Record(t, as, id, core.Point(start.Add(-part.late), "0"))
		if got, _ := total(t, c, as, id); got != n+1 {
			t.Errorf("after a damaged %s there are %d points, want %d", damaged.Key.Name, got, n+1)
		}
		sameAsRebuilt(t, c, as, id)
	}
}

// failing is a store whose nth commit from now on fails, as at a crash between two of them.
type failing struct {
	eventstore.Store
	left atomic.Int64
}

var errCrash = fmt.Errorf("crash: %w", eventstore.ErrUnavailable)

func (f *failing) Commit(ctx context.Context, tenant tenancy.ID, c eventstore.Commit) error {
	if f.left.Add(-1) < 0 {
		return errCrash
	}
	return f.Store.Commit(ctx, tenant, c)
}

// narrow is a store whose commits hold little.
type narrow struct {
	eventstore.Store
	limits eventstore.Limits
}

func (n narrow) Limits() eventstore.Limits { return n.limits }

func (n narrow) Commit(ctx context.Context, tenant tenancy.ID, c eventstore.Commit) error {
	if err := c.Validate(tenant, n.limits); err != nil {
		return err
	}
	return n.Store.Commit(ctx, tenant, c)
}

// A rebuild that ends half way has changed nothing that anybody reads; the next one completes it and leaves nothing of
// the one before behind.
func TestARebuildThatIsInterrupted(t *testing.T) {
	c := core.New(t, core.At(start))
	as := c.Tenant(t, "Europe/Paris", directory.Monday)
	id := c.Chart(t, as, charts.Sum)
	fill(t, c, as, id, 3000, 7*time.Hour)
	live := documents(t, c, as, id)
	store := &failing{Store: narrow{c.Store, eventstore.Limits{Records: 4, CommitBytes: 1 << 20, RecordBytes: 1 << 19}}}
	weak := core.On(store, c.Clock)
	for n := int64(0); ; n++ {
		store.left.Store(n)
		err := weak.Journal.Rebuild(context.Background(), as.Tenant(), id)
		same(t, live, documents(t, c, as, id))
		if err == nil {
			if n < 4 {
				t.Errorf("a rebuild took %d commits: nothing was interrupted", n)
			}
			break
		}
		if !errors.Is(err, eventstore.ErrUnavailable) {
			t.Fatalf("after %d commits: %v", n, err)
		}
	}
}

func TestRebuildTenantStopsBetweenCharts(t *testing.T) {
	c := core.New(t, core.At(start))
	as := c.Tenant(t, "Europe/Paris", directory.Monday)
	want := map[charts.ID]int64{}
	for range 5 {
		id := c.Chart(t, as, charts.Sum)
		c.Record(t, as, id, core.Point(start, "1"))
		want[id] = 2
	}
	ctx, cancel := context.WithCancel(context.Background())
	rebuilt := 0
	err := c.Journal.RebuildTenant(ctx, as.Tenant(), func(charts.ID, int64) {
		if rebuilt++; rebuilt == 2 {
			cancel()
		}
	})
	if !errors.Is(err, context.Canceled) || rebuilt != 2 {
		t.Errorf("stopped with %v after %d charts", err, rebuilt)
	}
	got := map[charts.ID]int64{}
	if err := c.Journal.RebuildTenant(context.Background(), as.Tenant(), func(id charts.ID, events int64) { got[id] = events }); err != nil {
		t.Fatal(err)
	}
	if fmt.Sprint(got) != fmt.Sprint(want) {
		t.Errorf("rebuilt %v, want %v", got, want)
	}
}
