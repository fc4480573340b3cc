package dynamo_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/mykpi/mykpi/eventstore"
	"github.com/mykpi/mykpi/eventstore/dynamo"
	"github.com/mykpi/mykpi/eventstore/dynamo/dynamolocal"
)

const transact = "TransactWriteItems"

// Each fault befalls the second append of a stream. Whatever it is, the event is there once and the answer is true.
func TestCommitUnderFaults(t *testing.T) {
	o, p := behindProxy(t)
	s := open(t, o)
	for i, c := range []struct {
		name     string
		faults   []fault
		attempts int
	}{
		{"throttled", []fault{throttled, throttled, limited}, 4},
		{"a throttled transaction", []fault{txLimited, txLimited}, 3},
		{"another transaction on the same items", []fault{conflicted, conflicted, conflicted}, 4},
		{"internal error", []fault{broken}, 2},
		{"no answer of DynamoDB's", []fault{gateway, gateway}, 3},
		{"connection cut before", []fault{cut, cut}, 3},
		{"answer lost", []fault{lost}, 2},
		{"answer lost twice", []fault{lost, lost}, 3},
		{"answer torn", []fault{torn}, 2},
		{"answer lost, the first still at work", []fault{lost, inProgress}, 3},
		{"answer lost, then another conflict", []fault{lost, conflicted}, 3},
		{"answer lost, token forgotten", []fault{forgetful(lost), forgetful(pass)}, 2},
	} {
		t.Run(c.name, func(t *testing.T) {
			stream := chart(fmt.Sprint(i))
			commit(t, s, point(stream, 0, 0))
			p.next(transact, c.faults...)
			if err := s.Commit(t.Context(), tenant, point(stream, 1, 1)); err != nil {
				t.Error(err)
			}
			if got := p.count(transact); got != c.attempts {
				t.Errorf("%d attempts, want %d", got, c.attempts)
			}
			if got := versions(t, s, stream); !slices.Equal(got, []int64{1, 2}) {
				t.Errorf("versions %v", got)
			}
			if d, _ := one(t, s, eventstore.Key{Name: "NOW#" + stream.ID}); d.Revision != 2 {
				t.Errorf("the document is at revision %d", d.Revision)
			}
		})
	}
}

// An answer that does not come is given up, and the commit is found done.
func TestAnswerTooLate(t *testing.T) {
	o, p := behindProxy(t)
	o.AttemptTimeout, o.Patience = 300*time.Millisecond, time.Minute
	s := open(t, o)
	stream := chart("a")
	commit(t, s, point(stream, 0, 0))
	p.next(transact, stuck)
	commit(t, s, point(stream, 1, 1))
	if got := versions(t, s, stream); !slices.Equal(got, []int64{1, 2}) {
		t.Errorf("versions %v", got)
	}
}

// Once an outage is known each call makes one attempt; the first answer ends that.
func TestOutageIsToldFast(t *testing.T) {
	o, p := behindProxy(t)
	o.Patience = 300 * time.Millisecond
	s := open(t, o)
	ready := func(want error, attempts func(int) bool) {
		t.Helper()
		if err := s.Ready(t.Context()); !errors.Is(err, want) || !attempts(p.count("GetItem")) {
			t.Errorf("%v after %d attempts", err, p.count("GetItem"))
		}
	}
	p.each("GetItem", cut)
	ready(eventstore.ErrUnavailable, func(n int) bool { return n > 1 })
	for range 3 {
		p.each("GetItem", cut)
		ready(eventstore.ErrUnavailable, func(n int) bool { return n == 1 })
	}
	p.each("GetItem", nil)
	ready(nil, func(n int) bool { return n == 2 })
	p.next("GetItem", cut)
	ready(nil, func(n int) bool { return n == 3 })
}

// A put under Always has no condition that would refuse it the second time: the token alone keeps it from counting
// twice, as the control without one shows.
func TestPutIsNotRepeated(t *testing.T) {
	o, p := behindProxy(t)
	s := open(t, o)
	for _, c := range []struct {
		name     string
		faults   []fault
		revision int64
	}{
		{"with a token", []fault{lost, lost}, 2},
		{"control", []fault{forgetful(lost), forgetful(pass)}, 3},
	} {
		put := eventstore.Commit{Puts: []eventstore.Put{now(c.name, eventstore.Always())}}
		commit(t, s, put)
		p.next(transact, c.faults...)
		commit(t, s, put)
		if d, _ := one(t, s, put.Puts[0].Key); d.Revision != c.revision {
			t.Errorf("%s: revision %d, want %d", c.name, d.Revision, c.revision)
		}
	}
}

// Where another's event came between a request that was never heard and its repetition, ours is not there.
func TestDoubtIsNoExcuse(t *testing.T) {
	o, p := behindProxy(t)
	s := open(t, o)
	stream := chart("a")
	commit(t, s, point(stream, 0, 0))
	other := point(stream, 1, 1)
	other.Appends[0].Events[0].ID = "another's"
	p.next(transact, after(func() {
		p.each(transact, nil)
		commit(t, s, other)
	}, cut))
	if err := s.Commit(t.Context(), tenant, point(stream, 1, 1)); !errors.Is(err, eventstore.ErrConflict) {
		t.Errorf("%v, want ErrConflict", err)
	}
	events, err := s.Events(t.Context(), tenant, stream, 0, 10)
	if err != nil || len(events) != 2 || events[1].ID != "another's" {
		t.Errorf("%v, %v", events, err)
	}
}

// What lasts longer than patience or the context is said in time, and nothing is half done.
func TestUnavailable(t *testing.T) {
	for name, f := range map[string]fault{"throttled": throttled, "conflicts": conflicted, "broken": broken, "cut": cut} {
		t.Run(name, func(t *testing.T) {
			o, p := behindProxy(t)
			o.Patience = 300 * time.Millisecond
			s := open(t, o)
			stream := chart("a")
			commit(t, s, point(stream, 0, 0))
			for _, operation := range []string{transact, "Query", "GetItem", "BatchGetItem", "BatchWriteItem"} {
				p.each(operation, f)
			}
			calls := everyCall(t.Context(), s, stream)
			for call, err := range calls {
				if !errors.Is(err, eventstore.ErrUnavailable) {
					t.Errorf("%s: %v, want ErrUnavailable", call, err)
				}
			}
			for _, operation := range []string{transact, "Query", "GetItem", "BatchGetItem", "BatchWriteItem"} {
				p.each(operation, nil)
			}
			if got := versions(t, s, stream); !slices.Equal(got, []int64{1}) {
				t.Errorf("versions %v", got)
			}
			if err := s.Ready(t.Context()); err != nil {
				t.Errorf("after the fault: %v", err)
			}
			commit(t, s, point(stream, 1, 1))
		})
	}
}

func everyCall(ctx context.Context, s *dynamo.Store, stream eventstore.Stream) map[string]error {
	_, documents := s.Documents(ctx, tenant, eventstore.One(eventstore.Key{Name: "a"}), eventstore.Between("a", "b"))
	_, events := s.Events(ctx, tenant, stream, 0, 1)
	_, before := s.EventsBefore(ctx, tenant, stream, 0, 1)
	_, streams := s.Streams(ctx, tenant, "CHART", "", 1)
	_, tenants := s.Tenants(ctx, tenant, 1)
	return map[string]error{
		"Documents": documents, "Events": events, "EventsBefore": before, "Streams": streams, "Tenants": tenants,
		"Commit": s.Commit(ctx, tenant, point(stream, 1, 1)), "Erase": s.Erase(ctx, tenant), "Ready": s.Ready(ctx),
	}
}

func TestContextEndsFirst(t *testing.T) {
	o, p := behindProxy(t)
	s := open(t, o)
	commit(t, s, point(chart("a"), 0, 0))
	p.each(transact, func(e *exchange) { <-e.request.Context().Done() })
	ctx, cancel := context.WithTimeout(t.Context(), 100*time.Millisecond)
	defer cancel()
	if err := s.Commit(ctx, tenant, point(chart("a"), 1, 1)); !errors.Is(err, context.DeadlineExceeded) || !errors.Is(err, eventstore.ErrUnavailable) {
		t.Errorf("past its deadline: %v", err)
	}
	ctx, cancel = context.WithCancel(t.Context())
	p.each(transact, after(cancel, func(e *exchange) { <-e.request.Context().Done() }))
	if err := s.Commit(ctx, tenant, point(chart("a"), 1, 1)); !errors.Is(err, context.Canceled) {
		t.Errorf("canceled: %v", err)
	}
}

// What another attempt can't mend is said at once, and is neither a conflict nor an outage.
func TestRefusalIsFinal(t *testing.T) {
	o, p := behindProxy(t)
	s := open(t, o)
	commit(t, s, point(chart("a"), 0, 0))
	p.each(transact, denied)
	err := s.Commit(t.Context(), tenant, point(chart("a"), 1, 1))
	if err == nil || errors.Is(err, eventstore.ErrUnavailable) || errors.Is(err, eventstore.ErrConflict) || p.count(transact) != 1 {
		t.Errorf("%v after %d attempts", err, p.count(transact))
	}
}

// Batches that DynamoDB does a part of are finished.
func TestUnprocessed(t *testing.T) {
	o, p := behindProxy(t)
	s := open(t, o)
	c := eventstore.Commit{Appends: []eventstore.Append{appendTo(chart("a"), 0, 2)}}
	var spans []eventstore.Span
	for i := range 4 {
		for _, k := range []eventstore.Key{{Name: fmt.Sprint(i)}, {Stream: chart("a"), Name: fmt.Sprint(i)}} {
			c.Puts = append(c.Puts, eventstore.Put{Key: k, Body: bytes.Repeat([]byte{1}, 10)})
			spans = append(spans, eventstore.One(k), eventstore.One(k))
		}
	}
	commit(t, s, c)
	p.next("BatchGetItem", partial, partial)
	found, err := s.Documents(t.Context(), tenant, spans...)
	if err != nil {
		t.Fatal(err)
	}
	for i, d := range found {
		if len(d) != 1 || d[0].Key != spans[i].Key {
			t.Errorf("span %d answers %v", i, d)
		}
	}
	p.next("BatchWriteItem", partial, throttled, partial)
	if err := s.Erase(t.Context(), tenant); err != nil {
		t.Fatal(err)
	}
	if found, err = s.Documents(t.Context(), tenant, spans...); err != nil {
		t.Fatal(err)
	}
	for i, d := range found {
		if len(d) != 0 {
			t.Errorf("span %d still answers %v", i, d)
		}
	}
	if got := versions(t, s, chart("a")); len(got) != 0 {
		t.Errorf("versions %v", got)
	}
}

// A server starts while DynamoDB is down, is not ready, answers fast, and serves once DynamoDB does.
func TestDownAtStart(t *testing.T) {
	o, p := behindProxy(t)
	o.Patience = 200 * time.Millisecond
	p.each("DescribeTable", gateway)
	p.each("GetItem", gateway)
	s := open(t, o)
	if err := s.Ready(t.Context()); !errors.Is(err, eventstore.ErrUnavailable) {
		t.Errorf("while it is down: %v", err)
	}
	p.each("DescribeTable", nil)
	p.each("GetItem", nil)
	if err := s.Ready(t.Context()); err != nil {
		t.Errorf("once it is up: %v", err)
	}
	nobody := o
	nobody.Config = dynamolocal.Config("http://127.0.0.1:1")
	if err := open(t, nobody).Ready(t.Context()); !errors.Is(err, eventstore.ErrUnavailable) {
		t.Errorf("nobody listens: %v", err)
	}
}
