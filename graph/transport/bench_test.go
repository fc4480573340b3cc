package transport_test

import (
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"runtime"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/99designs/gqlgen/graphql"
	"github.com/gorilla/websocket"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"

	"github.com/mykpi/mykpi/graph/transport"
)

// frameSize is that of one update of one chart, about.
const frameSize = 300

const benchSockets = 1000

// BenchmarkFanOut writes one change to every socket. floor is gorilla's broadcast of a prepared message, one socket after
// the other; the clients, in the same process, only count bytes.
func BenchmarkFanOut(b *testing.B) {
	padding := `,"padding":"` + strings.Repeat("x", frameSize-80) + `"`
	b.Run("mykpi", func(b *testing.B) {
		h := newHub()
		s := newTestServer(b, func(s *testServer) { s.ws.Share = h.share })
		h.set(1, padding)
		var received atomic.Int64
		for i := range benchSockets {
			c := s.connect(b)
			c.subscribe(fmt.Sprintf("%032d", i), "subscription{shared}")
			size := len(c.message())
			go count(c.conn, size+4, &received)
		}
		n := 1
		broadcast(b, &received, func() { n++; h.set(n, padding) })
	})
	b.Run("floor", func(b *testing.B) {
		conns := make(chan *websocket.Conn, benchSockets)
		up := websocket.Upgrader{Subprotocols: []string{"graphql-transport-ws"}}
		srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			c, err := up.Upgrade(w, r, nil)
			if err != nil {
				b.Error(err)
				return
			}
			conns <- c
		}))
		defer srv.Close()
		s := &testServer{Server: srv}
		var all []*websocket.Conn
		var received atomic.Int64
		for range benchSockets {
			c := s.dial(b)
			all = append(all, <-conns)
			go count(c.conn, frameSize+4, &received)
		}
		broadcast(b, &received, func() {
			m, err := websocket.NewPreparedMessage(websocket.TextMessage, make([]byte, frameSize))
			if err != nil {
				b.Fatal(err)
			}
			for _, c := range all {
				if err := c.WritePreparedMessage(m); err != nil {
					b.Fatal(err)
				}
			}
		})
		for _, c := range all {
			c.Close()
		}
	})
}

// broadcast measures until every socket has every message.
func broadcast(b *testing.B, received *atomic.Int64, send func()) {
	b.Helper()
	for b.Loop() {
		want := received.Load() + benchSockets
		send()
		for received.Load() < want {
			time.Sleep(50 * time.Microsecond)
		}
	}
	b.ReportMetric(float64(b.N)*benchSockets/b.Elapsed().Seconds(), "messages/s")
}

// count counts messages of size bytes.
func count(c net.Conn, size int, received *atomic.Int64) {
	buf := make([]byte, 4096)
	pending := 0
	for {
		n, err := c.Read(buf)
		if err != nil {
			return
		}
		pending += n
		received.Add(int64(pending / size))
		pending %= size
	}
}

// BenchmarkHeldSocket reports the memory, stacks and all, of a socket that holds a shared subscription and is silent. The
// client's end, without a goroutine, is part of it.
func BenchmarkHeldSocket(b *testing.B) {
	h := newHub()
	s := newTestServer(b, func(s *testServer) { s.ws.Share = h.share })
	h.set(1, "")
	s.connect(b).conn.Close()
	heapBefore, stacksBefore := inUse()
	var held []*rawSocket
	for b.Loop() {
		c := s.connect(b)
		c.subscribe(fmt.Sprintf("%032d", len(held)), "subscription{shared}")
		c.message()
		c.r = nil
		held = append(held, c)
	}
	heap, stacks := inUse()
	b.ReportMetric((heap-heapBefore)/float64(len(held)), "heap-B/socket")
	b.ReportMetric((stacks-stacksBefore)/float64(len(held)), "stack-B/socket")
	b.ReportMetric(float64(runtime.NumGoroutine())/float64(len(held)), "goroutines/socket")
	for _, c := range held {
		c.conn.Close()
	}
}

func inUse() (heap, stacks float64) {
	for range 4 { // stacks shrink by half at each
		runtime.GC()
	}
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return float64(m.HeapInuse), float64(m.StackInuse)
}

// BenchmarkHTTP is the transport alone, with an executor that does next to nothing.
func BenchmarkHTTP(b *testing.B) {
	h := &transport.HTTP{}
	exec := readyExecutor{[]byte(`{"data":"` + strings.Repeat("x", 4<<10) + `"}`)}
	body := byPOST("{charts{nodes{id name}}}")
	b.ReportAllocs()
	for b.Loop() {
		r := httptest.NewRequest("POST", "/", strings.NewReader(body))
		r.Header.Set("Content-Type", jsonType)
		h.Do(discard{http.Header{}}, r, exec)
	}
}

type discard struct{ header http.Header }

func (d discard) Header() http.Header         { return d.header }
func (d discard) Write(b []byte) (int, error) { return io.Discard.Write(b) }
func (d discard) WriteHeader(int)             {}

var _ graphql.GraphExecutor = readyExecutor{}

// readyExecutor answers every operation with the same data.
type readyExecutor struct{ data []byte }

func (readyExecutor) CreateOperationContext(context.Context, *graphql.RawParams) (*graphql.OperationContext, gqlerror.List) {
	return readyOperation, nil
}

func (e readyExecutor) DispatchOperation(ctx context.Context, _ *graphql.OperationContext) (graphql.ResponseHandler, context.Context) {
	return graphql.OneShot(&graphql.Response{Data: e.data}), ctx
}

func (readyExecutor) DispatchError(context.Context, gqlerror.List) *graphql.Response { return nil }

var readyOperation = &graphql.OperationContext{Operation: &ast.OperationDefinition{Operation: ast.Query}}
