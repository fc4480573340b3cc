package e2e

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/gorilla/websocket"
)

// socket is one subscription by graphql-transport-ws.
type socket struct{ conn *websocket.Conn }

type update struct {
	KpiUpdated struct {
		Cause, Cursor string
		OccurredAt    time.Time
		Chart         chart
	}
}

type frame struct {
	ID      string          `json:"id,omitempty"`
	Type    string          `json:"type"`
	Payload json.RawMessage `json:"payload,omitempty"`
}

// updateTimeout bounds the wait for what has to come. The contract says a second; how long it took is no pass or fail
// here, for the machine may be busy.
const updateTimeout = 30 * time.Second

// connect opens a socket that the server has acknowledged.
func (c *client) connect(tb testing.TB) *socket {
	tb.Helper()
	dialer := websocket.Dialer{Subprotocols: []string{"graphql-transport-ws"}, HandshakeTimeout: updateTimeout}
	conn, response, err := dialer.DialContext(tb.Context(), strings.Replace(c.server.at("/graphql"), "http", "ws", 1), http.Header{})
	if err != nil {
		tb.Fatalf("websocket: %v (%v)", err, response)
	}
	tb.Cleanup(func() { conn.Close() })
	s := &socket{conn}
	s.write(tb, frame{Type: "connection_init", Payload: marshal(tb, vars{"Authorization": "Bearer " + c.token})})
	if f := s.read(tb); f.Type != "connection_ack" {
		tb.Fatalf("want connection_ack, got %+v", f)
	}
	return s
}

// subscribe opens a socket with one operation.
func (c *client) subscribe(tb testing.TB, query string) *socket {
	tb.Helper()
	s := c.connect(tb)
	s.write(tb, frame{ID: "1", Type: "subscribe", Payload: marshal(tb, vars{"query": query})})
	return s
}

// next is the next update; anything else fails the test.
func (s *socket) next(tb testing.TB) update {
	tb.Helper()
	f := s.read(tb)
	if f.Type != "next" {
		tb.Fatalf("want next, got %s %s", f.Type, f.Payload)
	}
	a := read[answer](tb, f.Payload)
	if a.Errors != nil {
		tb.Fatalf("an update with errors: %s", f.Payload)
	}
	return read[update](tb, a.Data)
}

// read is the next frame that is no ping.
func (s *socket) read(tb testing.TB) frame {
	tb.Helper()
	s.conn.SetReadDeadline(time.Now().Add(updateTimeout))
	for {
		var f frame
		if err := s.conn.ReadJSON(&f); err != nil {
			tb.Fatalf("websocket: %v", err)
		}
		switch f.Type {
		case "ping":
			s.write(tb, frame{Type: "pong"})
		case "pong":
		default:
			return f
		}
	}
}

func (s *socket) write(tb testing.TB, f frame) {
	tb.Helper()
	if err := s.conn.WriteJSON(f); err != nil {
		tb.Fatalf("websocket: %v", err)
	}
}

func marshal(tb testing.TB, v any) json.RawMessage {
	tb.Helper()
	text, err := json.Marshal(v)
	if err != nil {
		tb.Fatal(err)
	}
	return text
}
