package command_test

import (
	"context"
	"errors"
	"fmt"
	"reflect"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/mykpi/mykpi/charts"
	"github.com/mykpi/mykpi/charts/command"
	"github.com/mykpi/mykpi/charts/journal"
	"github.com/mykpi/mykpi/eventstore"
	"github.com/mykpi/mykpi/tenancy"
	"github.com/mykpi/mykpi/tenancy/directory"
	"github.com/mykpi/mykpi/test/core"
)

// narrow is a store whose commits hold little, and that fails once so many more of them are made.
type narrow struct {
	eventstore.Store
	records int
	left    atomic.Int64
}

var errCrash = fmt.Errorf("crash: %w", eventstore.ErrUnavailable)

func (n *narrow) Limits() eventstore.Limits {
	limits := n.Store.Limits()
	limits.Records = n.records
	return limits
}

func (n *narrow) Commit(ctx context.Context, tenant tenancy.ID, c eventstore.Commit) error {
	if err := c.Validate(tenant, n.Limits()); err != nil {
		return err
	}
	if n.left.Add(-1) < 0 {
		return errCrash
	}
	return n.Store.Commit(ctx, tenant, c)
}

// shop is a chart, and the means to record into it under an idempotency key.
type shop struct {
	*core.Core
	as tenancy.Identity
	id charts.ID
}

func newShop(t *testing.T) shop {
	c := core.New(t, core.At(start))
	as := c.Tenant(t, "Europe/Paris", directory.Monday)
	return shop{c, as, c.Chart(t, as, charts.Sum)}
}

func (s shop) with(key string, points ...command.PointInput) command.RecordDataPoints {
	return command.RecordDataPoints{Chart: charts.Ref{ID: s.id}, Points: points, IdempotencyKey: key}
}

func (s shop) record(t *testing.T, c command.RecordDataPoints) command.Recorded {
	t.Helper()
	answer, err := s.Commands.RecordDataPoints(context.Background(), s.as, c)
	if err != nil {
		t.Fatal(err)
	}
	return answer
}

func (s shop) value(t *testing.T) string {
	t.Helper()
	kpi, err := s.Read(t, s.as, s.id).Kpi(context.Background(), nil, nil, nil)
	if err != nil {
		t.Fatal(err)
	}
	if kpi.Value == nil {
		return "none"
	}
	return kpi.Value.String()
}

func sales(n int) []command.PointInput {
	points := make([]command.PointInput, n)
	for i := range points {
		points[i] = core.Keyed(fmt.Sprint("sale_", i), start.Add(-time.Duration(i)*time.Minute), "1")
	}
	return points
}

func TestTheSameKeyHasTheSameAnswer(t *testing.T) {
	s := newShop(t)
	now := command.PointInput{Value: charts.MustDecimal("3")} // of no instant: without a key it would count again
	first := s.record(t, s.with("key", now))
	s.Clock.Advance(time.Hour)
	if again := s.record(t, s.with("key", now)); !reflect.DeepEqual(again, first) {
		t.Errorf("answered %+v, first %+v", again, first)
	}
	if v := s.value(t); v != "3" {
		t.Errorf("the value is %s: it counted again", v)
	}
	if other := s.record(t, s.with("another key", now)); other.Recorded != 1 || s.value(t) != "6" {
		t.Errorf("another key: %+v", other)
	}
	id := s.Chart(t, s.as, charts.Sum)
	elsewhere := s.with("key", now)
	elsewhere.Chart = charts.Ref{ID: id}
	if answer := s.record(t, elsewhere); answer.Recorded != 1 {
		t.Errorf("the same key in another chart: %+v", answer)
	}
}

func TestTheSameKeyForOtherInputIsRefused(t *testing.T) {
	s := newShop(t)
	at := start.Add(-time.Minute)
	s.record(t, s.with("key", core.Point(at, "3")))
	source := s.with("key", core.Point(at, "3"))
	source.Source = "another flow"
	for name, other := range map[string]command.RecordDataPoints{
		"value":  s.with("key", core.Point(at, "4")),
		"at":     s.with("key", core.Point(at.Add(1), "3")),
		"key":    s.with("key", core.Keyed("k", at, "3")),
		"more":   s.with("key", core.Point(at, "3"), core.Point(at, "3")),
		"source": source,
	} {
		_, err := s.Commands.RecordDataPoints(context.Background(), s.as, other)
		var refusal *tenancy.Refusal
		if !errors.As(err, &refusal) || refusal.Code != tenancy.IdempotencyKeyReused || refusal.Field != "idempotencyKey" {
			t.Errorf("another %s: %v", name, err)
		}
	}
	if v := s.value(t); v != "3" {
		t.Errorf("the value is %s", v)
	}
	elsewhere := at.In(time.FixedZone("", 3600))
	if answer := s.record(t, s.with("key", command.PointInput{At: &elsewhere, Value: charts.MustDecimal("3.0")})); answer.Recorded != 1 {
		t.Errorf("the same point in other words: %+v", answer)
	}
}

// However many of the same command run at once, in two instances, in one commit or in many: it happens once.
func TestDuplicatesAtOnceHappenOnce(t *testing.T) {
	for name, n := range map[string]int{"in one commit": 1, "in many": 60} {
		t.Run(name, func(t *testing.T) {
			s := newShop(t)
			store := &narrow{Store: s.Store, records: 24}
			store.left.Store(1 << 40)
			handlers := []*command.Handlers{core.On(store, s.Clock).Commands, core.On(store, s.Clock).Commands}
			answers := make([]command.Recorded, 12)
			var group sync.WaitGroup
			for i := range answers {
				group.Go(func() {
					var err error
					answers[i], err = handlers[i%2].RecordDataPoints(context.Background(), s.as, s.with("key", sales(n)...))
					if err != nil {
						t.Errorf("%d: %v", i, err)
					}
				})
			}
			group.Wait()
			if v := s.value(t); v != fmt.Sprint(n) {
				t.Errorf("the value is %s, want %d", v, n)
			}
			for i, a := range answers {
				if !reflect.DeepEqual(a, answers[0]) {
					t.Errorf("answer %d is %+v, answer 0 %+v", i, a, answers[0])
				}
			}
		})
	}
}

func TestAKeyIsForgottenAfter48Hours(t *testing.T) {
	s := newShop(t)
	now := command.PointInput{Value: charts.MustDecimal("3")}
	first := s.record(t, s.with("key", now))
	s.Clock.Set(start.Add(journal.ReceiptLife - time.Second))
	if again := s.record(t, s.with("key", now)); !reflect.DeepEqual(again, first) {
		t.Errorf("just before: %+v, first %+v", again, first)
	}
	s.Clock.Set(start.Add(journal.ReceiptLife))
	if again := s.record(t, s.with("key", now)); again.IngestionID == first.IngestionID || again.Recorded != 1 || s.value(t) != "6" {
		t.Errorf("afterwards: %+v, value %s", again, s.value(t))
	}
	if other, err := s.Commands.RecordDataPoints(context.Background(), s.as, s.with("key", sales(2)...)); err == nil {
		t.Errorf("the key in its second life took other input: %+v", other)
	}
}

// A command that takes several commits and dies between them is completed by sending it again, whatever the piece.
func TestACrashBetweenPieces(t *testing.T) {
	s := newShop(t)
	const n = 60
	for crash := int64(0); ; crash++ {
		id := s.Chart(t, s.as, charts.Sum)
		chart := shop{s.Core, s.as, id}
		store := &narrow{Store: s.Store, records: 24}
		store.left.Store(crash)
		weak := core.On(store, s.Clock).Commands
		_, err := weak.RecordDataPoints(context.Background(), s.as, chart.with("key", sales(n)...))
		if err == nil {
			if crash < 4 {
				t.Fatalf("took %d commits: nothing was interrupted", crash)
			}
			break
		}
		if !errors.Is(err, eventstore.ErrUnavailable) {
			t.Fatalf("commit %d: %v", crash, err)
		}
		store.left.Store(1 << 40)
		answer, err := weak.RecordDataPoints(context.Background(), s.as, chart.with("key", sales(n)...))
		if err != nil || answer.Recorded+answer.Unchanged != n {
			t.Fatalf("sent again after a crash at commit %d: %+v, %v", crash, answer, err)
		}
		again, err := weak.RecordDataPoints(context.Background(), s.as, chart.with("key", sales(n)...))
		if err != nil || !reflect.DeepEqual(again, answer) {
			t.Fatalf("and once more: %+v, %v; want %+v", again, err, answer)
		}
		if v := chart.value(t); v != fmt.Sprint(n) {
			t.Fatalf("after a crash at commit %d the value is %s, want %d", crash, v, n)
		}
	}
}

// Commands that are too large together, or alone, are committed in as many steps as they need.
func TestWhatIsTooLargeIsSplit(t *testing.T) {
	s := newShop(t)
	store := &narrow{Store: s.Store, records: 16}
	store.left.Store(1 << 40)
	c := core.On(store, s.Clock)
	var group sync.WaitGroup
	const commands, n = 8, 50
	for w := range commands {
		group.Go(func() {
			points := make([]command.PointInput, n)
			for i := range points {
				points[i] = core.Keyed(fmt.Sprint(w, "/", i), start.Add(-time.Duration(i*commands+w)*time.Minute), "1")
			}
			if answer := c.Record(t, s.as, s.id, points...); answer.Recorded != n {
				t.Errorf("command %d: %+v", w, answer)
			}
		})
	}
	group.Wait()
	if v := s.value(t); v != fmt.Sprint(commands*n) {
		t.Errorf("the value is %s, want %d", v, commands*n)
	}
	keys := make([]string, n)
	for i := range keys {
		keys[i] = fmt.Sprint("3/", i)
	}
	removed, err := c.Commands.RemoveDataPoints(context.Background(), s.as, command.RemoveDataPoints{Chart: charts.Ref{ID: s.id}, Keys: keys})
	if err != nil || removed.Removed != n || s.value(t) != fmt.Sprint((commands-1)*n) {
		t.Errorf("removed %+v, %v; the value is %s", removed, err, s.value(t))
	}
}

// An instant that can't be a point's is no other's either, though its nanoseconds since 1970 may wrap round.
func TestRemovingAtAnImpossibleInstant(t *testing.T) {
	s := newShop(t)
	s.record(t, s.with("", core.Point(start, "1")))
	wrapped := time.Unix(start.Unix(), 0)
	for range 2 {
		wrapped = wrapped.Add(-1 << 63).Add(-1 << 63) // 584 years: 2^64 nanoseconds
		removed, err := s.Commands.RemoveDataPoints(context.Background(), s.as, command.RemoveDataPoints{
			Chart: charts.Ref{ID: s.id}, Instants: []time.Time{wrapped, {}, time.Date(9999, 1, 1, 0, 0, 0, 0, time.UTC)},
		})
		if err != nil || removed.Removed != 0 {
			t.Errorf("removed %+v at %v, %v", removed, wrapped, err)
		}
	}
}
