package ratelimit_test

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"testing"
	"testing/synctest"
	"time"

	"pgregory.net/rapid"

	"github.com/mykpi/mykpi/graph/transport/ratelimit"
)

func TestBucket(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := ratelimit.New("tenant", ratelimit.Rate{PerSecond: 10, Burst: 5}, 0)
		for i := range 5 {
			if s := l.Take("a", 1); !s.OK || s.Remaining != 4-i {
				t.Fatalf("%d: %+v", i, s)
			}
		}
		if s := l.Take("a", 1); s.OK || s.RetryAfter != 100*time.Millisecond || s.Err() == nil {
			t.Errorf("empty: %+v", s)
		}
		if s := l.Take("b", 1); !s.OK || s.Err() != nil {
			t.Errorf("another's: %+v", s)
		}
		time.Sleep(100 * time.Millisecond)
		if s := l.Take("a", 1); !s.OK {
			t.Errorf("after the time it said: %+v", s)
		}
		time.Sleep(time.Hour)
		if s := l.Take("a", 20); !s.OK { // more than it holds, of a full one
			t.Errorf("20: %+v", s)
		}
		if s := l.Take("a", 1); s.OK || s.RetryAfter != 1600*time.Millisecond {
			t.Errorf("in debt: %+v", s)
		}
	})
}

// Who waits is served in the order in which it came, at the rate; who gives up costs those behind it nothing.
func TestWait(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := ratelimit.New("points", ratelimit.Rate{PerSecond: 10, Burst: 20}, 0)
		start := time.Now()
		for _, c := range []struct {
			key     string
			n       int
			patient time.Duration
			after   time.Duration
			err     error
		}{
			{"a", 20, time.Hour, 0, nil}, // what it holds
			{"a", 10, time.Hour, time.Second, nil},
			{"b", 20, time.Hour, time.Second, nil}, // another's is full
			{"a", 50, 2 * time.Second, 3 * time.Second, context.DeadlineExceeded},
			{"a", 20, time.Hour, 3 * time.Second, nil},   // as if nobody had asked: 2 s have filled it
			{"a", 100, time.Hour, 13 * time.Second, nil}, // more than it ever holds
			{"a", 1, time.Hour, 13100 * time.Millisecond, nil},
		} {
			ctx, cancel := context.WithTimeout(t.Context(), c.patient)
			if err := l.Wait(ctx, c.key, c.n); err != c.err || time.Since(start) != c.after {
				t.Errorf("%d of %s: %v after %v, want %v after %v", c.n, c.key, err, time.Since(start), c.err, c.after)
			}
			cancel()
		}
		var none *ratelimit.Limiter
		if err := none.Wait(t.Context(), "a", 1_000_000); err != nil {
			t.Error(err)
		}
	})
}

// At a low rate, the last of a long burst would wait for minutes.
func TestAPauseIsShort(t *testing.T) {
	l := ratelimit.New("tenant", ratelimit.Rate{PerSecond: 1, Burst: 300, AtOnce: 3}, 0)
	for range 299 {
		l.Take("a", 1)
	}
	if s := l.Take("a", 1); !s.OK || s.Pause != time.Second {
		t.Errorf("the last: %+v", s)
	}
}

// Of a burst so many go on at once, and those behind them in turn, at the rate.
func TestPace(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := ratelimit.New("tenant", ratelimit.Rate{PerSecond: 10, Burst: 7, AtOnce: 3}, 0)
		admitted := func(after time.Duration) {
			t.Helper()
			start := time.Now()
			if s := l.Admit(t.Context(), "a", 1); !s.OK || time.Since(start) != after {
				t.Errorf("%+v after %v, want it after %v", s, time.Since(start), after)
			}
		}
		for range 3 {
			admitted(0)
		}
		if s := l.Take("a", 1); !s.OK || s.Pause != 100*time.Millisecond {
			t.Errorf("the next: %+v", s)
		}
		admitted(200 * time.Millisecond)
		admitted(100 * time.Millisecond) // it came as the one before it went on
		if s := l.Take("b", 1); !s.OK || s.Pause != 0 {
			t.Errorf("another's: %+v", s)
		}
		time.Sleep(time.Hour)
		for i := range 7 {
			if s := l.Take("a", 1); !s.OK || s.Pause != max(0, time.Duration(i-2))*100*time.Millisecond {
				t.Errorf("%d: %+v", i, s)
			}
		}
		if s := l.Take("a", 1); s.OK || s.Pause != 0 {
			t.Errorf("over the rate: %+v", s)
		}
		ctx, cancel := context.WithTimeout(t.Context(), time.Millisecond)
		defer cancel()
		time.Sleep(200 * time.Millisecond)
		start := time.Now()
		if l.Admit(ctx, "a", 1); time.Since(start) != 0 {
			t.Errorf("whoever has gone waited %v", time.Since(start))
		}
	})
}

// However requests are spread, no more pass in a time than the burst and what the rate gives in it.
func TestRateHolds(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		rate := ratelimit.Rate{PerSecond: rapid.Float64Range(0.5, 100).Draw(rt, "rate"), Burst: rapid.IntRange(1, 50).Draw(rt, "burst")}
		pauses := rapid.SliceOfN(rapid.IntRange(0, 100), 1, 200).Draw(rt, "pauses in ms")
		passed, took := 0, time.Duration(0)
		synctest.Test(t, func(*testing.T) {
			l := ratelimit.New("x", rate, 0)
			start := time.Now()
			for _, ms := range pauses {
				time.Sleep(time.Duration(ms) * time.Millisecond)
				if l.Take("a", 1).OK {
					passed++
				}
			}
			took = time.Since(start)
		})
		if most := float64(rate.Burst) + took.Seconds()*rate.PerSecond + 1e-6; float64(passed) > most {
			rt.Fatalf("%d passed, %f at most", passed, most)
		}
	})
}

func TestMemoryIsBounded(t *testing.T) {
	l := ratelimit.New("address", ratelimit.Rate{PerSecond: 1, Burst: 1}, 100)
	l.Take("kept", 1)
	for i := range 10_000 {
		l.Take(fmt.Sprint(i), 1)
		if i%50 == 0 && l.Take("kept", 1).OK {
			t.Fatal("a bucket in use was forgotten")
		}
	}
	if l.Len() != 100 {
		t.Errorf("%d buckets", l.Len())
	}
}

func TestMiddleware(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := ratelimit.Middleware{
			Keys:    ratelimit.New("key", ratelimit.Rate{PerSecond: 1, Burst: 2}, 0),
			Tenants: ratelimit.New("tenant", ratelimit.Rate{PerSecond: 1, Burst: 3}, 0),
			Principal: func(r *http.Request) ratelimit.Principal {
				return ratelimit.Principal{Key: r.Header.Get("Key"), Tenant: "t1"}
			},
			TraceID: func(context.Context) string { return "trace" },
		}.Wrap(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusNoContent) }))
		call := func(key string) *httptest.ResponseRecorder {
			r := httptest.NewRequest("POST", "/", nil)
			r.Header.Set("Key", key)
			w := httptest.NewRecorder()
			h.ServeHTTP(w, r)
			return w
		}
		if w := call("a"); w.Code != 204 || fmt.Sprint(w.Header()["Ratelimit"]) != `["key";r=1 "tenant";r=2]` || fmt.Sprint(w.Header()["Ratelimit-Policy"]) != `["key";q=2;w=2 "tenant";q=3;w=3]` {
			t.Errorf("%d %v", w.Code, w.Header())
		}
		call("a")
		w := call("a")
		var body struct {
			Errors []struct {
				Message    string
				Extensions struct {
					Code, TraceID string
					RetryAfter    int
				}
			}
		}
		if err := json.Unmarshal(w.Body.Bytes(), &body); err != nil || len(body.Errors) != 1 {
			t.Fatalf("%s %v", w.Body, err)
		}
		if e := body.Errors[0]; w.Code != 429 || w.Header().Get("Retry-After") != "1" || e.Extensions.Code != "RATE_LIMITED" || e.Extensions.TraceID != "trace" || e.Extensions.RetryAfter != 1 || w.Header().Get("RateLimit") != `"key";r=0;t=1` {
			t.Errorf("%d %v %s", w.Code, w.Header(), w.Body)
		}
		if w := call("b"); w.Code != 204 {
			t.Errorf("another key: %d", w.Code)
		}
		if w := call("c"); w.Code != 429 {
			t.Errorf("the tenant's own: %d", w.Code)
		}
		time.Sleep(time.Second)
		if w := call("a"); w.Code != 204 {
			t.Errorf("after Retry-After: %d", w.Code)
		}
	})
}

func TestAddresses(t *testing.T) {
	for _, c := range []struct {
		first, second string
		same          bool
	}{
		{"192.0.2.1:1000", "192.0.2.1:2000", true},
		{"192.0.2.1:1000", "192.0.2.2:1000", false},
		{"[2001:db8::1]:1000", "[2001:db8::ffff]:1000", true},
		{"[2001:db8::1]:1000", "[2001:db8:0:1::1]:1000", false},
		{"[::ffff:192.0.2.1]:1000", "192.0.2.1:1000", true},
		{"@", "@", true},
	} {
		h := ratelimit.Middleware{Addresses: ratelimit.New("address", ratelimit.Rate{PerSecond: 0.001, Burst: 1}, 0)}.
			Wrap(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {}))
		var codes []int
		for _, address := range []string{c.first, c.second} {
			r := httptest.NewRequest("GET", "/", nil)
			r.RemoteAddr = address
			w := httptest.NewRecorder()
			h.ServeHTTP(w, r)
			codes = append(codes, w.Code)
		}
		if codes[0] != 200 || (codes[1] == 429) != c.same {
			t.Errorf("%s and %s: %v", c.first, c.second, codes)
		}
	}
}

// A refusal is kept back, so that who floods is refused seldom; whoever is within the rate waits for nothing, and no more
// refusals are held than the bound says.
func TestRefusalsAreKeptBack(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		const flood = 1500
		l := ratelimit.New("tenant", ratelimit.Rate{PerSecond: 0.001, Burst: 1}, 0)
		start := time.Now()
		if s := l.Admit(t.Context(), "a", 1); !s.OK || time.Since(start) != 0 {
			t.Errorf("within the rate: %+v after %v", s, time.Since(start))
		}
		waited := make(chan time.Duration, flood)
		for range flood {
			go func() {
				if l.Admit(t.Context(), "a", 1).OK {
					t.Error("over the rate: passed")
				}
				waited <- time.Since(start)
			}()
		}
		synctest.Wait()
		if s := l.Admit(t.Context(), "b", 1); !s.OK || time.Since(start) != 0 {
			t.Errorf("another's, in the flood: %+v after %v", s, time.Since(start))
		}
		held := 0
		for range flood {
			if d := <-waited; d >= 100*time.Millisecond {
				held++
			}
		}
		if held != 1000 {
			t.Errorf("%d refusals were kept back, want 1000 of %d", held, flood)
		}
		gone, cancel := context.WithCancel(t.Context())
		cancel()
		start = time.Now()
		if l.Admit(gone, "a", 1).OK || time.Since(start) != 0 {
			t.Errorf("who has gone was kept back %v", time.Since(start))
		}
	})
}

func BenchmarkTake(b *testing.B) {
	l := ratelimit.New("tenant", ratelimit.Rate{PerSecond: 1e9, Burst: 1e9}, 0)
	b.ReportAllocs()
	for b.Loop() {
		l.Take("t1", 1)
	}
}

func TestScopes(t *testing.T) {
	h := ratelimit.Middleware{
		Addresses: ratelimit.New("address", ratelimit.Rate{PerSecond: 0.001, Burst: 1}, 0),
		Scope:     func(r *http.Request) string { return r.Header.Get("Scope") },
	}.Wrap(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusNoContent) }))
	for i, want := range []int{204, 429, 204, 204} {
		r := httptest.NewRequest("POST", "/", nil)
		r.Header.Set("Scope", []string{"a", "a", "b", ""}[i])
		w := httptest.NewRecorder()
		if h.ServeHTTP(w, r); w.Code != want {
			t.Errorf("%d: %d, want %d", i, w.Code, want)
		}
	}
}
