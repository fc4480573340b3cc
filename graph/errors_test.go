package graph

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/mykpi/mykpi/tenancy"
)

const archive = `mutation { gone: archiveChart(input: {chart: {key: "revenue"}}) { chart { key } } }`

func TestARefusalIsTold(t *testing.T) {
	for _, code := range []tenancy.Code{
		tenancy.BadUserInput, tenancy.NotFound, tenancy.VersionConflict, tenancy.KeyTaken, tenancy.IdempotencyKeyReused,
		tenancy.LimitExceeded, tenancy.RateLimited, tenancy.Unavailable,
	} {
		a := serve(t)
		a.domain.fail = func() error {
			return fmt.Errorf("table CHARTS at host-7: %w", tenancy.Refuse(code, "expectedVersion", "is %d", 4))
		}
		got := a.as(tenancy.Admin, archive, "")
		if message := got.refused(t, code, "input.expectedVersion"); message != "is 4" {
			t.Errorf("%s: %q", code, message)
		}
		if path := got.Errors[0].Path; len(path) != 1 || path[0] != "gone" {
			t.Errorf("path %v", path)
		}
		if a.log.Len() != 0 {
			t.Errorf("a refusal is no matter for the log: %s", a.log)
		}
	}
}

func TestAQuerysRefusalNamesItsArgument(t *testing.T) {
	a := serve(t)
	a.domain.fail = func() error { return tenancy.Refuse(tenancy.BadUserInput, "first", "must be 1 to 500") }
	a.as(tenancy.Admin, `{ charts(first: 501) { totalCount } }`, "").refused(t, tenancy.BadUserInput, "first")
}

func TestWhatIsOursIsNotTold(t *testing.T) {
	const secret = "open /var/lib/mykpi/acme.db: password hunter2"
	for name, c := range map[string]struct {
		fail   func() error
		code   tenancy.Code
		logged string
	}{
		"error":    {func() error { return errors.New(secret) }, tenancy.Internal, secret},
		"panic":    {func() error { panic(secret) }, tenancy.Internal, secret},
		"store":    {func() error { return fmt.Errorf("%s: %w", secret, errAway) }, tenancy.Unavailable, secret},
		"deadline": {func() error { return fmt.Errorf("%s: %w", secret, context.DeadlineExceeded) }, tenancy.Unavailable, secret},
		"canceled": {func() error { return fmt.Errorf("%s: %w", secret, context.Canceled) }, tenancy.Unavailable, ""},
	} {
		t.Run(name, func(t *testing.T) {
			a := serve(t, func(c *Config) { c.Unavailable = func(err error) bool { return errors.Is(err, errAway) } })
			a.domain.fail = c.fail
			for _, query := range []string{archive, `{ tenant { id } }`, `{ viewer { tenant { id } } }`} {
				a.log.Reset()
				got := a.as(tenancy.Admin, query, "")
				message := got.refused(t, c.code, "")
				if strings.Contains(got.body, "hunter2") || strings.Contains(got.body, "goroutine") {
					t.Errorf("%s: %s", query, got.body)
				}
				if c.code == tenancy.Internal && message != "internal error, trace trace1" {
					t.Errorf("%s: %q", query, message)
				}
				log := a.log.String()
				if strings.Count(log, "hunter2") != strings.Count(c.logged, "hunter2") || c.logged != "" && !strings.Contains(log, `"traceId":"trace1"`) {
					t.Errorf("%s: logged %s", query, log)
				}
				if (name == "panic") != strings.Contains(log, "goroutine") {
					t.Errorf("%s: a stack belongs to panics: %s", query, log)
				}
			}
		})
	}
}

var errAway = errors.New("away")

func TestEachRequestHasOneTrace(t *testing.T) {
	const parent = "4bf92f3577b34da6a3ce929d0e0e4736"
	handler := Traced(Traced(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { fmt.Fprint(w, TraceOf(r.Context())) })))
	seen := map[string]bool{}
	for header, kept := range map[string]bool{
		"":                                      false,
		"00-" + parent + "-00f067aa0ba902b7-01": true,
		"00-" + strings.Repeat("0", 32) + "-00f067aa0ba902b7-01": false,
		"00-" + strings.ToUpper(parent) + "-00f067aa0ba902b7-01": false,
		parent: false,
	} {
		request := httptest.NewRequest(http.MethodGet, "/", nil)
		request.Header.Set("Traceparent", header)
		recorder := httptest.NewRecorder()
		handler.ServeHTTP(recorder, request)
		id := recorder.Body.String()
		if (id == parent) != kept || len(id) != 32 || seen[id] || recorder.Header().Get(TraceHeader) != id {
			t.Errorf("%q: %q, header %q", header, id, recorder.Header().Get(TraceHeader))
		}
		seen[id] = true
	}
}

func TestAMissingChartAfterItsCommandIsOurFault(t *testing.T) {
	a := serve(t)
	calls := 0
	a.domain.fail = func() error {
		if calls++; calls == 2 { // the reading back
			return errors.New("lost")
		}
		return nil
	}
	a.as(tenancy.Admin, archive, "").refused(t, tenancy.Internal, "")
}
