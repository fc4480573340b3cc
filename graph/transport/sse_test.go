package transport_test

import (
	"bufio"
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/99designs/gqlgen/graphql"

	"github.com/mykpi/mykpi/graph/transport"
)

const eventsType = "text/event-stream"

// event is one of a stream; comments are those before it.
type event struct{ id, event, data string }

// events is an open stream.
type events struct {
	t        testing.TB
	resp     *http.Response
	r        *bufio.Reader
	comments int
}

func (s *testServer) events(t testing.TB, method, path, body string, header ...string) *events {
	t.Helper()
	r, err := http.NewRequest(method, s.URL+path, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Accept", eventsType)
	r.Header.Set("Content-Type", jsonType)
	for i := 0; i < len(header); i += 2 {
		r.Header.Set(header[i], header[i+1])
	}
	resp, err := s.Client().Do(r)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { resp.Body.Close() })
	if resp.StatusCode == 200 && resp.Header.Get("Content-Type") != eventsType+"; charset=utf-8" {
		t.Fatalf("%s", resp.Header.Get("Content-Type"))
	}
	return &events{t: t, resp: resp, r: bufio.NewReader(resp.Body)}
}

// next reads an event; io.EOF is the end of the stream.
func (e *events) next() (ev event, err error) {
	for {
		line, err := e.r.ReadString('\n')
		if err != nil {
			return ev, err
		}
		name, value, _ := strings.Cut(strings.TrimSuffix(line, "\n"), ": ")
		switch {
		case line == "\n" && ev != event{}:
			return ev, nil
		case name == "id":
			ev.id = value
		case name == "event":
			ev.event = value
		case name == "data":
			ev.data += value
		case strings.HasPrefix(line, ":"):
			e.comments++
		}
	}
}

func (e *events) expect(want ...event) {
	e.t.Helper()
	for _, w := range want {
		if got, err := e.next(); err != nil || got != w {
			e.t.Fatalf("event %+v %v, want %+v", got, err, w)
		}
	}
}

// expectEnd sees the stream end, without complete.
func (e *events) expectEnd() {
	e.t.Helper()
	if got, err := e.next(); err == nil {
		e.t.Fatalf("event %+v, want the end", got)
	}
}

var complete = event{event: "complete"}

func next(data string) event { return event{event: "next", data: data} }

func TestSSE(t *testing.T) {
	s := newTestServer(t, func(s *testServer) { s.sse.RequestTimeout = 100 * time.Millisecond })
	s.events(t, "POST", "/", byPOST("{version}")).expect(next(`{"data":{"version":"test"}}`), complete)
	s.events(t, "GET", byGET("subscription{count(to:2)}"), "").expect(next(`{"data":{"count":1}}`), next(`{"data":{"count":2}}`), complete)
	s.events(t, "POST", "/", byPOST("mutation{record}")).expect(next(`{"data":{"record":1}}`), complete)
	for _, query := range []string{"{", "{nothing}", "subscription{broken}", "subscription{boom}", "{slow}"} {
		e := s.events(t, "POST", "/", byPOST(query))
		ev, err := e.next()
		if err != nil || ev.event != "next" || !strings.HasPrefix(ev.data, `{"errors":[`) || strings.Contains(ev.data, "secret") {
			t.Errorf("%s: %+v %v", query, ev, err)
		}
		e.expect(complete)
	}
	for _, c := range []struct {
		method, path, body string
		status             int
	}{
		{"GET", byGET("mutation{record}"), "", 405},
		{"POST", "/", "{", 400},
		{"GET", "/", "", 400},
	} {
		if e := s.events(t, c.method, c.path, c.body); e.resp.StatusCode != c.status || e.resp.Header.Get("Content-Type") != jsonType+"; charset=utf-8" {
			t.Errorf("%+v: %s", c, e.resp.Status)
		}
	}
	if e := s.events(t, "POST", "/", byPOST("{version}"), "Content-Type", "text/plain"); e.resp.StatusCode != 415 {
		t.Errorf("%s", e.resp.Status)
	}
	// Named besides application/json, as urql does for queries, it is a second choice.
	if a := s.send(t, "POST", "/", byPOST("{version}"), "Content-Type", jsonType, "Accept", gqlType+", "+jsonType+", "+eventsType); a.header.Get("Content-Type") != gqlType+"; charset=utf-8" {
		t.Error(a.header)
	}
}

func TestSSEClientLeaves(t *testing.T) {
	s := newTestServer(t, nil)
	e := s.events(t, "POST", "/", byPOST("subscription{forever}"))
	e.expect(next(`{"data":{"forever":1}}`))
	e.resp.Body.Close()
	eventually(t, "the subscription ends with its client", func() bool { return s.exe.running.Load() == 0 && s.registry.Len() == 0 })
}

func TestSSEKeepAlive(t *testing.T) {
	s := newTestServer(t, func(s *testServer) { s.sse.KeepAlive = 20 * time.Millisecond })
	e := s.events(t, "POST", "/", byPOST("subscription{forever}"))
	e.expect(next(`{"data":{"forever":1}}`))
	for range 3 {
		if line, err := e.r.ReadString('\n'); line != ":\n" || err != nil {
			t.Fatalf("%q %v", line, err)
		}
		_, _ = e.r.ReadString('\n')
	}
}

func TestSSEShared(t *testing.T) {
	h := newHub()
	var lastID atomic.Value
	s := newTestServer(t, func(s *testServer) {
		s.sse.Share = func(ctx context.Context, _ graphql.GraphExecutor, op *graphql.OperationContext, wake func()) (transport.Feed, error) {
			lastID.Store(transport.LastEventID(ctx))
			return h.share(ctx, nil, op, wake)
		}
		s.sse.EventID = func(resp *graphql.Response) string { return "e" + string(resp.Data) + "\n" }
	})
	h.set(1, "")
	e := s.events(t, "GET", byGET("subscription{shared}"), "", "Last-Event-ID", "c0")
	e.expect(event{"c1", "next", `{"data":{"shared":1}}`})
	if lastID.Load() != "c0" {
		t.Errorf("Last-Event-ID %v", lastID.Load())
	}
	h.set(2, "")
	e.expect(event{"c2", "next", `{"data":{"shared":2}}`})
	h.end(io.EOF)
	e.expect(complete)
	h.end(coded("FORBIDDEN"))
	e = s.events(t, "GET", byGET("subscription{shared}"), "")
	e.expect(event{"c2", "next", `{"data":{"shared":2}}`})
	if ev, err := e.next(); err != nil || !strings.Contains(ev.data, "FORBIDDEN") {
		t.Errorf("%+v %v", ev, err)
	}
	e.expect(complete)
	eventually(t, "the feeds are closed", func() bool { return h.len() == 0 })
	s.events(t, "POST", "/", byPOST("{version}")).expect(next(`{"data":{"version":"test"}}`)) // an id with a line end is left out
}

func TestSSESession(t *testing.T) {
	var revoked atomic.Bool
	expires := time.Time{}
	s := newTestServer(t, func(s *testServer) {
		s.registry = transport.NewRegistry(func(transport.Session) (int, int) { return 0, 1 })
		s.sse.Session = func(r *http.Request) (transport.Session, error) {
			if r.Header.Get("Token") == "bad" {
				return transport.Session{}, errors.New("no session")
			}
			return transport.Session{Context: r.Context(), Tenant: "t1", Expires: expires}, nil
		}
		s.sse.CheckEvery = 20 * time.Millisecond
		s.sse.Check = func(context.Context) error {
			if revoked.Load() {
				return errors.New("revoked")
			}
			return nil
		}
	})
	forever := byPOST("subscription{forever}")
	if e := s.events(t, "POST", "/", forever, "Token", "bad"); e.resp.StatusCode != 403 {
		t.Error(e.resp.Status)
	}
	one := s.events(t, "POST", "/", forever)
	one.expect(next(`{"data":{"forever":1}}`))
	if e := s.events(t, "POST", "/", forever); e.resp.StatusCode != 429 || e.resp.Header.Get("Retry-After") == "" {
		t.Errorf("over the tenant's limit: %s", e.resp.Status)
	}
	revoked.Store(true)
	one.expectEnd()
	revoked.Store(false)
	eventually(t, "the stream is counted out", func() bool { return s.registry.Tenant("t1") == 0 })

	expires = time.Now().Add(100 * time.Millisecond)
	one = s.events(t, "POST", "/", forever)
	one.expect(next(`{"data":{"forever":1}}`))
	one.expectEnd()
	eventually(t, "the stream is counted out", func() bool { return s.registry.Tenant("t1") == 0 })

	expires = time.Time{}
	one = s.events(t, "POST", "/", forever)
	one.expect(next(`{"data":{"forever":1}}`))
	ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
	defer cancel()
	if err := s.registry.Drain(ctx); err != nil {
		t.Error(err)
	}
	one.expectEnd()
	if e := s.events(t, "POST", "/", forever); e.resp.StatusCode != 503 {
		t.Errorf("while draining: %s", e.resp.Status)
	}
}

// A client that reads nothing is cut at the write deadline.
func TestSSEStalledReader(t *testing.T) {
	s := newTestServer(t, func(s *testServer) { s.sse.WriteTimeout = 200 * time.Millisecond })
	conn, err := net.Dial("tcp", s.Listener.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	if _, err := io.WriteString(conn, "GET "+byGET("subscription{flood}")+" HTTP/1.1\r\nHost: x\r\nAccept: "+eventsType+"\r\n\r\n"); err != nil {
		t.Fatal(err)
	}
	eventually(t, "it began", func() bool { return s.exe.flooded.Load() > 0 })
	eventually(t, "the stalled stream is cut", func() bool { return s.registry.Len() == 0 && s.exe.running.Load() == 0 })
	if made := s.exe.flooded.Load(); made > 1000 {
		t.Errorf("%d values of 32 KiB were made for a client that reads none", made)
	}
}
