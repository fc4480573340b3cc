package recall_test

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/mykpi/mykpi/tenancy/recall"
)

func TestNothingOlderThanItsAgeIsTold(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var truth atomic.Int64
		c := recall.New(2*time.Second, 10, time.Now, func(context.Context, string) (int64, error) { return truth.Load(), nil })
		want := func(n int64) {
			t.Helper()
			if got, err := c.Get(t.Context(), "k"); got != n || err != nil {
				t.Errorf("got %d, %v, want %d", got, err, n)
			}
		}
		want(0)
		truth.Store(1)
		time.Sleep(2*time.Second - 1)
		want(0)
		time.Sleep(time.Nanosecond)
		want(1)
		truth.Store(2)
		c.Forget("k")
		want(2)
	})
}

// The age counts from before a read: a slow store must not make a value older.
func TestASlowReadAgesMeanwhile(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var reads atomic.Int64
		c := recall.New(2*time.Second, 10, time.Now, func(context.Context, string) (int64, error) {
			time.Sleep(3 * time.Second)
			return reads.Add(1), nil
		})
		for want := int64(1); want < 3; want++ {
			if got, err := c.Get(t.Context(), "k"); got != want || err != nil {
				t.Errorf("got %d, %v, want %d", got, err, want)
			}
		}
	})
}

func TestManyWaitForOneReadAndItsErrorIsNotKept(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var reads atomic.Int64
		broken := errors.New("broken")
		c := recall.New(time.Hour, 10, time.Now, func(context.Context, string) (int64, error) {
			time.Sleep(time.Second)
			if n := reads.Add(1); n > 1 {
				return n, nil
			}
			return 0, broken
		})
		gone, leave := context.WithCancel(t.Context())
		var all sync.WaitGroup
		for i := range 20 {
			all.Go(func() {
				ctx := t.Context()
				want := broken
				if i == 0 {
					ctx, want = gone, context.Canceled
				}
				if _, err := c.Get(ctx, "k"); !errors.Is(err, want) {
					t.Errorf("got %v, want %v", err, want)
				}
			})
		}
		synctest.Wait()
		leave() // and the others still get their answer
		all.Wait()
		if got, err := c.Get(t.Context(), "k"); got != 2 || err != nil {
			t.Errorf("after the error: %d, %v", got, err)
		}
	})
}

func TestMemoryIsBounded(t *testing.T) {
	var reads atomic.Int64
	c := recall.New(time.Hour, 100, time.Now, func(_ context.Context, k string) (string, error) { reads.Add(1); return k, nil })
	for round := range 2 {
		for i := range 1000 {
			if got, err := c.Get(t.Context(), fmt.Sprint(i)); got != fmt.Sprint(i) || err != nil {
				t.Fatalf("round %d: %s, %v", round, got, err)
			}
		}
	}
	if got := reads.Load(); got != 2000 {
		t.Errorf("%d reads of 1,000 keys, twice, through 100 places: something was kept beyond them", got)
	}
}
