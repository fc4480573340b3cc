package journal_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/mykpi/mykpi/charts"
	"github.com/mykpi/mykpi/charts/journal"
	"github.com/mykpi/mykpi/eventstore"
	"github.com/mykpi/mykpi/tenancy"
	"github.com/mykpi/mykpi/tenancy/directory"
	"github.com/mykpi/mykpi/test/core"
)

var start = time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)

// gapless answers a chart's events after checking that their versions are 1, 2, 3 …
func gapless(t testing.TB, c *core.Core, as tenancy.Identity, id charts.ID) []eventstore.Event {
	t.Helper()
	var all []eventstore.Event
	for {
		page, err := c.Journal.Events(context.Background(), as.Tenant(), id, int64(len(all)), 1000)
		if err != nil {
			t.Fatal(err)
		}
		if len(page) == 0 {
			return all
		}
		for _, e := range page {
			if e.Version != int64(len(all)+1) {
				t.Fatalf("version %d follows %d", e.Version, len(all))
			}
			all = append(all, e)
		}
	}
}

// total is the count of points and their sum, as the chart's trend of all time tells.
func total(t testing.TB, c *core.Core, as tenancy.Identity, id charts.ID) (n int, sum string) {
	t.Helper()
	from, to := start.AddDate(-1, 0, 0), start.AddDate(1, 0, 0)
	month := charts.ByMonth
	trend, err := c.Read(t, as, id).Trend(context.Background(), nil, &from, &to, &month)
	if err != nil {
		t.Fatal(err)
	}
	var all charts.Decimal
	for _, b := range trend.Buckets {
		n += b.Count
		all = all.Add(*b.Value())
	}
	return n, all.String()
}

// Many goroutines of several instances record into one chart at once: versions have no gap, every point counts once,
// and nobody starves.
func TestEveryWriterOfAChartGetsItsTurn(t *testing.T) {
	for _, instances := range []int{1, 2} {
		t.Run(fmt.Sprint(instances, " instances"), func(t *testing.T) {
			first := core.New(t, core.At(start.Add(24*time.Hour)))
			as := first.Tenant(t, "Europe/Paris", directory.Monday)
			id := first.Chart(t, as, charts.Sum)
			cores := []*core.Core{first, core.On(first.Store, first.Clock)}[:instances]
			const writers, points = 16, 12
			var group sync.WaitGroup
			for w := range writers {
				group.Go(func() {
					c := cores[w%len(cores)]
					for i := range points {
						at := start.Add(time.Duration(i*writers+w) * time.Minute)
						c.Record(t, as, id, core.Point(at, "1"), core.Keyed(fmt.Sprint(w, "/", i), at, "2"))
						c.Record(t, as, id, core.Point(at, "1")) // told again
					}
				})
			}
			group.Wait()
			if n, sum := total(t, first, as, id); n != 2*writers*points || sum != fmt.Sprint(3*writers*points) {
				t.Errorf("%d points, sum %s; want %d, %d", n, sum, 2*writers*points, 3*writers*points)
			}
			if events := gapless(t, first, as, id); len(events) != 1+writers*points {
				t.Errorf("%d events, want one for each recording that changed something: %d", len(events), 1+writers*points)
			}
		})
	}
}

// hold runs work that keeps the chart's queue until it is let go, and answers when it has begun.
func hold(t *testing.T, c *core.Core, as tenancy.Identity, id charts.ID) (letGo func()) {
	t.Helper()
	begun, end, ended := make(chan struct{}, 1), make(chan struct{}), make(chan error, 1)
	go func() {
		ended <- c.Journal.Do(context.Background(), as.Tenant(), id, func(context.Context, *journal.Session) error {
			select {
			case begun <- struct{}{}:
			default:
			}
			<-end
			return nil
		})
	}()
	<-begun
	return sync.OnceFunc(func() {
		close(end)
		if err := <-ended; err != nil {
			t.Errorf("the work that held the queue: %v", err)
		}
	})
}

// together runs commands that wait for the same chart while it is held, so that they are committed as one group.
func together(t *testing.T, c *core.Core, as tenancy.Identity, id charts.ID, works ...journal.Work) []error {
	t.Helper()
	letGo := hold(t, c, as, id)
	answers := make([]error, len(works))
	var group sync.WaitGroup
	for i, work := range works {
		group.Go(func() { answers[i] = c.Journal.Do(context.Background(), as.Tenant(), id, work) })
	}
	c.Journal.AwaitQueued(as.Tenant(), id, len(works))
	letGo()
	group.Wait()
	return answers
}

// record is work that records a point of 1 at a minute.
func record(minute int) journal.Work {
	return func(ctx context.Context, s *journal.Session) error {
		return s.Stage(ctx, journal.Meta{}, charts.DataPointsRecorded{Points: []charts.RecordedPoint{
			{Point: charts.Point{At: charts.InstantOf(start.Add(time.Duration(minute) * time.Minute)), Value: charts.DecimalOf(1, 0)}},
		}})
	}
}

func TestAPanickingCommandLeavesNothingBehind(t *testing.T) {
	c := core.New(t, core.At(start.Add(time.Hour)))
	as := c.Tenant(t, "Europe/Paris", directory.Monday)
	id := c.Chart(t, as, charts.Sum)
	failed := errors.New("it went wrong after it staged")
	answers := together(t, c, as, id,
		record(1),
		func(ctx context.Context, s *journal.Session) error {
			if err := record(2)(ctx, s); err != nil {
				return err
			}
			panic("half way through")
		},
		record(3),
		func(ctx context.Context, s *journal.Session) error {
			s.KeepReceipt("key", []byte("{}"))
			return failed
		},
		func(context.Context, *journal.Session) error { return charts.NotFound() },
		record(4),
	)
	for i, err := range answers {
		switch i {
		case 1:
			if err == nil || !strings.Contains(err.Error(), "half way through") {
				t.Errorf("the one that panicked answered %v", err)
			}
		case 3:
			if !errors.Is(err, failed) {
				t.Errorf("the one that failed answered %v", err)
			}
		case 4:
			var refusal *tenancy.Refusal
			if !errors.As(err, &refusal) {
				t.Errorf("the one that was refused answered %v", err)
			}
		default:
			if err != nil {
				t.Errorf("command %d answered %v for another's fault", i, err)
			}
		}
	}
	if n, _ := total(t, c, as, id); n != 3 || len(gapless(t, c, as, id)) != 4 {
		t.Errorf("%d points, want those of the three that succeeded", n)
	}
	kept, err := receipt(c, as, id, "key")
	if err != nil || kept != "" {
		t.Errorf("the receipt of the command that failed was kept: %s, %v", kept, err)
	}
	sameAsRebuilt(t, c, as, id)
}

func receipt(c *core.Core, as tenancy.Identity, id charts.ID, key string) (kept string, err error) {
	err = c.Journal.Do(context.Background(), as.Tenant(), id, func(ctx context.Context, s *journal.Session) error {
		body, err := s.Receipt(ctx, key)
		kept = string(body)
		return err
	})
	return kept, err
}

func TestACommandWhoseCallerHasGone(t *testing.T) {
	c := core.New(t, core.At(start.Add(time.Hour)))
	as := c.Tenant(t, "Europe/Paris", directory.Monday)
	id := c.Chart(t, as, charts.Sum)
	letGo := hold(t, c, as, id)
	ctx, cancel := context.WithCancel(context.Background())
	answer := make(chan error, 1)
	ran := make(chan struct{}, 1)
	go func() {
		answer <- c.Journal.Do(ctx, as.Tenant(), id, func(ctx context.Context, s *journal.Session) error {
			ran <- struct{}{}
			return record(1)(ctx, s)
		})
	}()
	c.Journal.AwaitQueued(as.Tenant(), id, 1)
	cancel()
	if err := <-answer; !errors.Is(err, eventstore.ErrUnavailable) || !errors.Is(err, context.Canceled) {
		t.Errorf("answered %v", err)
	}
	letGo()
	if err := c.Journal.Do(context.Background(), as.Tenant(), id, record(2)); err != nil {
		t.Fatal(err)
	}
	select {
	case <-ran:
		t.Error("a command ran whose caller had gone before its turn")
	default:
	}
	if n, _ := total(t, c, as, id); n != 1 {
		t.Errorf("%d points, want 1", n)
	}
}

// A decision that changes nothing is of the chart as it is now, even where the session has been in use for a while.
func TestNothingIsDecidedOnAnOldState(t *testing.T) {
	c := core.New(t, core.At(start.Add(time.Hour)))
	other := core.On(c.Store, c.Clock)
	as := c.Tenant(t, "Europe/Paris", directory.Monday)
	id := c.Chart(t, as, charts.Sum)
	next := make(chan error, 1)
	var seen int64
	err := c.Journal.Do(context.Background(), as.Tenant(), id, func(ctx context.Context, s *journal.Session) error {
		if s.Chart.Version > 1 {
			return nil
		}
		go func() { // waits behind this one, so that its session is the one that this one leaves
			next <- c.Journal.Do(context.Background(), as.Tenant(), id, func(_ context.Context, s *journal.Session) error {
				if s.Chart.Version == 2 {
					other.Record(t, as, id, core.Point(start.Add(2*time.Minute), "1"))
				}
				seen = s.Chart.Version
				return nil
			})
		}()
		c.Journal.AwaitQueued(as.Tenant(), id, 1)
		return record(1)(ctx, s)
	})
	if err := errors.Join(err, <-next); err != nil {
		t.Fatal(err)
	}
	if seen != 3 {
		t.Errorf("decided on version %d, want 3, which another instance made meanwhile", seen)
	}
}
