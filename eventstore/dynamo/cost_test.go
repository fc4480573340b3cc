package dynamo_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/mykpi/mykpi/eventstore"
	"github.com/mykpi/mykpi/eventstore/dynamo/meter"
)

// point is the commit of one recorded point: event, NOW document and idempotency record.
func point(s eventstore.Stream, expected, revision int64) eventstore.Commit {
	return eventstore.Commit{
		Appends: []eventstore.Append{appendTo(s, expected, 1)},
		Puts: []eventstore.Put{
			{Key: eventstore.Key{Name: "NOW#" + s.ID}, Body: make([]byte, 700), If: eventstore.IfRevision(revision)},
			{Key: eventstore.Key{Stream: s, Name: fmt.Sprintf("IDEM#%d", expected)}, Body: make([]byte, 64), If: eventstore.IfAbsent(), Expires: time.Now().Add(48 * time.Hour)},
		},
	}
}

// What the engine adds to the layer above's documents is nothing: an append is one request of 2 WCU an item.
func TestCost(t *testing.T) {
	var m meter.Meter
	o := freshTables(t)
	o.Wrap = m.Wrap
	s := open(t, o)
	a := chart("0198f3a0-5d0c-7cc3-9f4e-1a2b3c4d5e6f")
	commit(t, s, point(a, 0, 0))

	withKey := point(a, 3, 3)
	withKey.Puts = append(withKey.Puts, eventstore.Put{Key: eventstore.Key{Stream: a, Name: "POINT#evt_1"}, Body: []byte("1"), If: eventstore.IfAbsent()})
	alone := eventstore.Commit{Appends: []eventstore.Append{appendTo(a, 4, 1)}}
	dashboard := func() {
		found, err := s.Documents(t.Context(), tenant, eventstore.Span{Key: eventstore.Key{Name: "CHART#"}, To: "NOW$", Eventual: true})
		if err != nil || len(found[0]) != 40 {
			t.Fatalf("%d documents, %v", len(found[0]), err)
		}
	}
	charts := eventstore.Commit{}
	for i := range 20 {
		charts.Puts = append(charts.Puts, eventstore.Put{Key: eventstore.Key{Name: fmt.Sprintf("CHART#%d", i)}, Body: make([]byte, 350)})
		if i > 0 {
			charts.Puts = append(charts.Puts, eventstore.Put{Key: eventstore.Key{Name: fmt.Sprintf("NOW#%d", i)}, Body: make([]byte, 700)})
		}
	}

	for _, c := range []struct {
		name     string
		do       func()
		wcu, rcu float64
		requests string
	}{
		{"since the first point: chart and tenant are listed", func() {}, 10, 1, "GetItem:1 TransactWriteItems:1"},
		{"a point", func() { commit(t, s, point(a, 1, 1)) }, 6, 0, "TransactWriteItems:1"},
		{"another", func() { commit(t, s, point(a, 2, 2)) }, 6, 0, "TransactWriteItems:1"},
		{"a point with a key", func() { commit(t, s, withKey) }, 8, 0, "TransactWriteItems:1"},
		{"an event alone: its version is proved by a read", func() { commit(t, s, alone) }, 2, 1, "GetItem:1 TransactWriteItems:1"},
		{"settings of 20 charts", func() { commit(t, s, charts) }, 78, 0, "TransactWriteItems:1"},
		{"a dashboard of 20 charts", dashboard, 0, 3, "Query:1"},
	} {
		c.do()
		use := m.Take()
		var requests []string
		for _, operation := range []string{"BatchGetItem", "GetItem", "PutItem", "Query", "TransactWriteItems"} {
			if n := use.Requests[operation]; n > 0 {
				requests = append(requests, fmt.Sprintf("%s:%d", operation, n))
			}
		}
		if got := strings.Join(requests, " "); use.WCU != c.wcu || use.RCU != c.rcu || got != c.requests {
			t.Errorf("%s: %v WCU, %v RCU in %s, want %v, %v in %s", c.name, use.WCU, use.RCU, got, c.wcu, c.rcu, c.requests)
		}
	}
}
