package main

import (
	"testing"
	"testing/synctest"
	"time"

	"github.com/spf13/cobra"

	"github.com/mykpi/mykpi/graph/transport/ratelimit"
	"github.com/mykpi/mykpi/tenancy"
	"github.com/mykpi/mykpi/tenancy/turns"
)

// A tenant's batches beyond its rate wait for it, before they have a turn that others could have; another tenant's don't.
func TestBatchesKeepTheirTenantsPace(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := batches{turns.New(1, 1), ratelimit.New("points", ratelimit.Rate{PerSecond: 1000, Burst: 2000}, 0)}
		start := time.Now()
		take := func(tenant string) time.Duration {
			done, err := b.Take(t.Context(), tenancy.MustParseID(tenant), 1000)
			if err != nil {
				t.Fatal(err)
			}
			done()
			return time.Since(start)
		}
		for i, want := range []time.Duration{0, 0, time.Second, 2 * time.Second} {
			if at := take("flood"); at != want {
				t.Errorf("batch %d had its turn after %v, want %v", i, at, want)
			}
		}
		waiting := make(chan time.Duration)
		go func() { waiting <- take("flood") }()
		synctest.Wait()
		if at := take("quiet"); at != 2*time.Second {
			t.Errorf("another tenant's batch had its turn after %v", at)
		}
		if at := <-waiting; at != 3*time.Second {
			t.Errorf("the one that waited had its turn after %v", at)
		}
	})
}

// However long a tenant was quiet, what it sends at once is kept to its rate after a second's worth.
func TestFloodsAreAtTheirRateAfterASecondsWorth(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var c serverConfig
		c.flags(&cobra.Command{})
		requests := c.rateTenant.limiter("tenant")
		for n := range c.rateTenant.perSecond {
			if !requests.Take("flood", 1).OK {
				t.Fatalf("request %d of the first second is refused", n)
			}
		}
		if requests.Take("flood", 1).OK {
			t.Error("a request beyond a second's worth is served at once")
		}

		points := c.ratePoints.limiter("points")
		start := time.Now()
		for range 3 {
			if err := points.Wait(t.Context(), "flood", c.ratePoints.perSecond); err != nil {
				t.Fatal(err)
			}
		}
		if took := time.Since(start); took != 2*time.Second {
			t.Errorf("the points of three seconds are taken within %v, want 2s", took)
		}
	})
}
