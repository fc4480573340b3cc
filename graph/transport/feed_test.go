package transport_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/99designs/gqlgen/graphql"

	"github.com/mykpi/mykpi/graph/transport"
)

// hub is a shared state of one number: each feed sees the newest, and skips what it missed.
type hub struct {
	now atomic.Pointer[hubState]

	mu    sync.Mutex
	feeds map[*hubFeed]bool
}

type hubState struct {
	n     int
	event transport.Event
	err   error // after the event
}

type hubFeed struct {
	h    *hub
	seen int
	wake func()
}

func newHub() *hub {
	h := &hub{feeds: map[*hubFeed]bool{}}
	h.now.Store(&hubState{})
	return h
}

func (h *hub) share(_ context.Context, _ graphql.GraphExecutor, op *graphql.OperationContext, wake func()) (transport.Feed, error) {
	if f := graphql.CollectFields(op, op.Operation.SelectionSet, []string{"Subscription"}); f[0].Name != "shared" {
		return nil, nil
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	f := &hubFeed{h: h, wake: wake}
	h.feeds[f] = true
	return f, nil
}

// set publishes a new state, encoded once.
func (h *hub) set(n int, padding string) {
	h.publish(&hubState{n: n, event: transport.Event{ID: fmt.Sprint("c", n), Payload: fmt.Appendf(nil, `{"data":{"shared":%d%s}}`, n, padding)}})
}

func (h *hub) end(err error) {
	s := *h.now.Load()
	s.err = err
	h.publish(&s)
}

func (h *hub) publish(s *hubState) {
	h.now.Store(s)
	h.mu.Lock()
	defer h.mu.Unlock()
	for f := range h.feeds {
		f.wake()
	}
}

func (h *hub) len() int {
	h.mu.Lock()
	defer h.mu.Unlock()
	return len(h.feeds)
}

func (f *hubFeed) Next() (*transport.Event, error) {
	s := f.h.now.Load()
	if f.seen < s.n {
		f.seen = s.n
		return &s.event, nil
	}
	return nil, s.err
}

func (f *hubFeed) Close() {
	f.h.mu.Lock()
	defer f.h.mu.Unlock()
	delete(f.h.feeds, f)
}

// shareOne shares a state that never changes.
func shareOne(ctx context.Context, _ graphql.GraphExecutor, op *graphql.OperationContext, wake func()) (transport.Feed, error) {
	h := newHub()
	h.set(1, "")
	return h.share(ctx, nil, op, wake)
}

func TestWebsocketShared(t *testing.T) {
	h := newHub()
	s := newTestServer(t, func(s *testServer) { s.ws.Share = h.share })
	h.set(1, "")
	a, b := s.connect(t), s.connect(t)
	a.subscribe("a", "subscription{shared}")
	b.subscribe("b", "subscription{shared}")
	a.expect(`{"id":"a","type":"next","payload":{"data":{"shared":1}}}`)
	b.expect(`{"id":"b","type":"next","payload":{"data":{"shared":1}}}`)
	h.set(2, "")
	a.expect(`{"id":"a","type":"next","payload":{"data":{"shared":2}}}`)
	b.expect(`{"id":"b","type":"next","payload":{"data":{"shared":2}}}`)
	a.send(`{"id":"a","type":"complete"}`)
	eventually(t, "the feed is closed", func() bool { return h.len() == 1 })
	a.subscribe("a", "subscription{count(to:1)}") // the ordinary way
	a.expect(`{"id":"a","type":"next","payload":{"data":{"count":1}}}`, `{"id":"a","type":"complete"}`)
	b.conn.Close()
	eventually(t, "the feed is closed", func() bool { return h.len() == 0 })

	a.subscribe("a", "subscription{shared}")
	a.expect(`{"id":"a","type":"next","payload":{"data":{"shared":2}}}`)
	h.end(io.EOF)
	a.expect(`{"id":"a","type":"complete"}`)
	h.end(coded("FORBIDDEN"))
	a.subscribe("a", "subscription{shared}")
	a.expect(`{"id":"a","type":"next","payload":{"data":{"shared":2}}}`,
		`{"id":"a","type":"error","payload":[{"message":"failed with FORBIDDEN","extensions":{"code":"FORBIDDEN","traceId":"trace"}}]}`)
	eventually(t, "the feeds are closed", func() bool { return h.len() == 0 })
}

func TestWebsocketShareRefuses(t *testing.T) {
	s := newTestServer(t, func(s *testServer) {
		s.ws.Share = func(context.Context, graphql.GraphExecutor, *graphql.OperationContext, func()) (transport.Feed, error) {
			return nil, coded("FORBIDDEN")
		}
	})
	c := s.connect(t)
	c.subscribe("1", "subscription{shared}")
	if got := c.message(); !strings.HasPrefix(got, `{"id":"1","type":"error"`) || !strings.Contains(got, "FORBIDDEN") {
		t.Error(got)
	}
}

// A reader that is slow for a while gets the newest state when it reads again, and never an older one after a newer.
func TestWebsocketConflates(t *testing.T) {
	h := newHub()
	s := newTestServer(t, func(s *testServer) { s.ws.Share = h.share })
	h.set(1, "")
	c := s.connect(t)
	c.subscribe("1", "subscription{shared}")
	c.message()
	const states = 2000
	padding := `,"padding":"` + strings.Repeat("x", 32<<10) + `"`
	for n := 2; n <= states; n++ { // 64 MB, much more than socket buffers hold
		h.set(n, padding)
		if n%100 == 0 {
			time.Sleep(time.Millisecond)
		}
	}
	last, seen := 1, 0
	for last < states {
		var n int
		text := c.message()
		if _, err := fmt.Sscanf(text, `{"id":"1","type":"next","payload":{"data":{"shared":%d`, &n); err != nil || n <= last {
			t.Fatalf("%d after %d: %v %.80s", n, last, err, text)
		}
		last, seen = n, seen+1
	}
	if seen >= states-1 {
		t.Errorf("all %d states were sent to a slow reader", seen)
	}
}

func TestWebsocketSharedPanics(t *testing.T) {
	s := newTestServer(t, func(s *testServer) {
		s.ws.Share = func(context.Context, graphql.GraphExecutor, *graphql.OperationContext, func()) (transport.Feed, error) {
			return panicFeed{}, nil
		}
	})
	c := s.connect(t)
	c.subscribe("1", "subscription{shared}")
	if got := c.message(); !strings.HasPrefix(got, `{"id":"1","type":"error"`) || !strings.Contains(got, "INTERNAL") || strings.Contains(got, "secret") {
		t.Error(got)
	}
}

type panicFeed struct{}

func (panicFeed) Next() (*transport.Event, error) { panic(errors.New("secret of the feed")) }
func (panicFeed) Close()                          {}
