package turns_test

import (
	"context"
	"errors"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"github.com/mykpi/mykpi/tenancy"
	"github.com/mykpi/mykpi/tenancy/turns"
)

var a, b = tenancy.MustParseID("a"), tenancy.MustParseID("b")

// A tenant waits for itself, in the order in which it came, and never for another.
func TestTurns(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		turn := turns.New(2, 0)
		start := time.Now()
		ended := make(chan int, 10)
		for i := range 5 {
			go func() {
				done, err := turn.Take(t.Context(), a)
				if err != nil {
					t.Error(err)
				}
				time.Sleep(time.Second)
				done()
				ended <- i
			}()
			synctest.Wait()
		}
		done, err := turn.Take(t.Context(), b)
		if err != nil || time.Since(start) != 0 {
			t.Errorf("another tenant waited %v, %v", time.Since(start), err)
		}
		if n := turn.Len(); n != 2 {
			t.Errorf("%d tenants are at work, want 2", n)
		}
		done()
		var order []int
		for range 5 {
			order = append(order, <-ended/2)
		}
		if want := [5]int{0, 0, 1, 1, 2}; [5]int(order) != want || time.Since(start) != 3*time.Second {
			t.Errorf("5 turns of a second, 2 at once, took %v in the order %v", time.Since(start), order)
		}
		if n := turn.Len(); n != 0 {
			t.Errorf("%d tenants are kept with nothing under way", n)
		}
	})
}

// Where all have one turn together, tenants alternate, however many of one wait.
func TestTenantsAlternate(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		turn := turns.New(1, 1)
		start := time.Now()
		var order []tenancy.ID
		ended := make(chan struct{}, 10)
		for _, tenant := range []tenancy.ID{a, a, a, a, b, b} {
			go func() {
				done, err := turn.Take(t.Context(), tenant)
				if err != nil {
					t.Error(err)
				}
				order = append(order, tenant) // one at a time
				time.Sleep(time.Second)
				done()
				ended <- struct{}{}
			}()
			synctest.Wait()
		}
		gone, cancel := context.WithTimeout(t.Context(), time.Second/2)
		defer cancel()
		if _, err := turn.Take(gone, tenancy.MustParseID("c")); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("%v, want that the time is over", err)
		}
		for range 6 {
			<-ended
		}
		if want := []tenancy.ID{a, b, a, b, a, a}; !slices.Equal(order, want) || time.Since(start) != 6*time.Second {
			t.Errorf("order %v after %v, want %v after 6 s", order, time.Since(start), want)
		}
		if n := turn.Len(); n != 0 {
			t.Errorf("%d tenants are kept with nothing under way", n)
		}
	})
}

func TestWhoLeavesTheLine(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		turn := turns.New(1, 0)
		done, _ := turn.Take(t.Context(), a)
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		if _, err := turn.Take(ctx, a); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("%v, want that the time is over", err)
		}
		done()
		if done, err := turn.Take(t.Context(), a); err != nil || turn.Len() != 1 {
			t.Errorf("the next in line: %v", err)
		} else {
			done()
		}
		if turn.Len() != 0 {
			t.Error("who left the line is still counted")
		}
	})
}

func TestNoLimit(t *testing.T) {
	done, err := turns.New(0, 1).Take(t.Context(), a)
	if err != nil {
		t.Fatal(err)
	}
	done()
}
