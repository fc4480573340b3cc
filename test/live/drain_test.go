package live

import (
	"cmp"
	"fmt"
	"net/http"
	"os"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/gorilla/websocket"
)

// TestDashboardsLeaveWhenTheServerEnds: at SIGTERM each of many dashboards is asked to come back, by code 1012 and without a
// complete message, on which clients would not; not all at once; and the server ends by itself. One that was cut instead,
// because the time for it (--shutdown, 20 s) was over, has no code.
func TestDashboardsLeaveWhenTheServerEnds(t *testing.T) {
	sockets := 500
	if text := os.Getenv("MYKPI_SOCKETS"); text != "" {
		var err error
		if sockets, err = strconv.Atoi(text); err != nil {
			t.Fatal(err)
		}
	}
	s := serve(t, "--rate-address", "0", "--max-sockets-per-user", "0")
	token := s.token("acme", "ADMIN")
	s.create(token, "sales")
	conns := make([]*websocket.Conn, sockets)
	var connecting sync.WaitGroup
	turns := make(chan struct{}, 16)
	for i := range conns {
		turns <- struct{}{}
		connecting.Go(func() {
			defer func() { <-turns }()
			conns[i] = s.subscribe(token)
		})
	}
	connecting.Wait()
	for _, conn := range conns {
		if conn == nil {
			t.FailNow() // was told
		}
		defer conn.Close()
	}

	began := time.Now()
	ended := make(chan error, 1)
	go func() { ended <- s.process.Stop() }()
	left := make([]time.Time, sockets)
	var leaving sync.WaitGroup
	for i, conn := range conns {
		leaving.Go(func() {
			code, said := closing(conn)
			left[i] = time.Now()
			if code != websocket.CloseServiceRestart || strings.Contains(said, `"complete"`) {
				t.Errorf("closed with %d: %s", code, said)
			}
		})
	}
	leaving.Wait()
	if err := <-ended; err != nil {
		t.Error(err)
	}
	if slices.IsSortedFunc(left, func(a, b time.Time) int { return a.Compare(b) }) {
		t.Error("the dashboards left in the order in which they came")
	}
	last := slices.MaxFunc(left, func(a, b time.Time) int { return cmp.Compare(a.UnixNano(), b.UnixNano()) })
	t.Logf("%d dashboards left within %v, and the server ended after %v", sockets, last.Sub(began).Round(time.Millisecond), time.Since(began).Round(time.Millisecond))
}

// subscribe opens a socket that has had its first update; nil where it can't, which it tells.
func (s *server) subscribe(token string) *websocket.Conn {
	dialer := websocket.Dialer{Subprotocols: []string{"graphql-transport-ws"}, ReadBufferSize: 512, WriteBufferSize: 512}
	conn, _, err := dialer.Dial("ws://"+s.address+"/graphql", http.Header{})
	if err != nil {
		s.t.Error(err)
		return nil
	}
	_ = conn.SetReadDeadline(time.Now().Add(2 * patience))
	for _, m := range []string{hello(token), fmt.Sprintf(follow, 1)} {
		if err := conn.WriteMessage(websocket.TextMessage, []byte(m)); err != nil {
			s.t.Error(err)
			return nil
		}
	}
	for _, want := range []string{"connection_ack", `"next"`} {
		if _, text, err := conn.ReadMessage(); err != nil || !strings.Contains(string(text), want) {
			s.t.Errorf("%s, %v, want %s", text, err, want)
			return nil
		}
	}
	return conn
}
