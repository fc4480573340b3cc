package plan_test

import (
	"fmt"
	"math"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/mykpi/mykpi/charts"
	"github.com/mykpi/mykpi/test/core"
)

// A kept text is that of the same chart in the same state, of the same selection with the same variables, in the same second.
func TestAKeptTextIsOfAllThatItDependsOn(t *testing.T) {
	s := newSubject(t)
	const document = `query($p: Period, $first: Int, $with: Boolean!, $key: String!) {
		charts(first: 4) { nodes { name kpi(period: $p) { value } trend(period: $p) { buckets { value } } points(first: $first) { nodes { key } } updatedAt @include(if: $with) } }
		chart(by: {key: $key}) { name } }`
	told := map[string]bool{}
	same := func(when, variables string) {
		t.Helper()
		want := s.ask(t, s.reference, document, variables)
		for range 2 {
			if got := s.ask(t, s.compiled, document, variables); got != want {
				t.Errorf("%s, %s:\n%.300s\nwant\n%.300s", when, variables, got, want)
			}
		}
		told[want] = true
	}
	all := []string{
		`{"with": true, "key": "a"}`, `{"with": false, "key": "a"}`, `{"with": true, "key": "a", "p": "LAST_30_DAYS"}`,
		`{"with": true, "key": "a", "p": "TODAY"}`, `{"with": true, "key": "a", "p": "LAST_90_DAYS"}`,
		`{"with": true, "key": "a", "p": "TODAY", "first": 1}`, `{"with": true, "key": "a", "p": "TODAY", "first": 2}`,
	}
	for _, variables := range all {
		same("at first", variables)
	}
	s.core.Record(t, s.as, charts.ID(s.ids[1]), core.Point(s.core.Clock.Now(), "12345"))
	for _, variables := range all {
		same("after a point", variables)
	}
	s.core.Record(t, s.as, charts.ID(s.ids[1]), core.Point(s.core.Clock.Now().Add(time.Second), "98765"))
	for _, variables := range all {
		same("before a point that is to come", variables)
	}
	s.core.Clock.Advance(time.Second)
	for _, variables := range all {
		same("when it has come", variables)
	}
	s.core.Clock.Advance(30 * time.Hour)
	for _, variables := range all {
		same("a day later", variables)
	}
	if len(told) < 12 {
		t.Errorf("only %d different answers: what is compared here?", len(told))
	}
}

// Of a dashboard that is asked again in the same second, charts that have not changed are not written again.
func TestUnchangedChartsAreNotWrittenAgain(t *testing.T) {
	s := newSubject(t)
	// cost is what an answer allocates after something has happened, the least of several times.
	cost := func(happens func()) uint64 {
		least := uint64(math.MaxUint64)
		for range 10 {
			happens()
			var before, after runtime.MemStats
			runtime.ReadMemStats(&before)
			s.ask(t, s.compiled, `{ charts { nodes { kpi { value } trend(period: LAST_90_DAYS) { buckets { start value } } } } }`, "{}")
			runtime.ReadMemStats(&after)
			least = min(least, after.Mallocs-before.Mallocs)
		}
		return least
	}
	n := 0
	write := func() {
		n++
		s.core.Record(t, s.as, charts.ID(s.ids[1]), core.Point(s.core.Clock.Now(), fmt.Sprint(n)))
	}
	if later, again := cost(func() { s.core.Clock.Advance(time.Second) }), cost(func() {}); again+20 > later {
		t.Errorf("%d allocations in the same second, %d in the next", again, later)
	}
	if later, again := cost(func() { s.core.Clock.Advance(time.Second); write() }), cost(write); again+15 > later {
		t.Errorf("after a write to one chart %d allocations in the same second, %d in the next", again, later)
	}
}

// A text of a few bytes may be of a document of many thousands: it is kept without it.
func TestAKeptTextHoldsNoDocument(t *testing.T) {
	s := newSubject(t)
	padding := strings.Repeat("x", 30_000)
	asked := 0
	// heap is what is alive after so many documents more.
	heap := func(documents int) uint64 {
		for range documents {
			asked++
			s.ask(t, s.compiled, fmt.Sprintf("{ a%d: charts(first: 1) { nodes { id } } } # %s", asked, padding), "{}")
		}
		runtime.GC()
		var m runtime.MemStats
		runtime.ReadMemStats(&m)
		return m.HeapAlloc
	}
	before := heap(1200) // more than there are plans kept
	if after := heap(1000); after > before+10_000_000 {
		t.Errorf("1,000 documents of %d bytes later, %d bytes more are alive", len(padding), after-before)
	}
	runtime.KeepAlive(s)
}
