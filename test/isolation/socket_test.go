package isolation

import (
	"encoding/json"
	"errors"
	"net"
	"strings"
	"testing"
	"time"

	"github.com/gorilla/websocket"
)

type frame struct {
	ID      string          `json:"id,omitempty"`
	Type    string          `json:"type"`
	Payload json.RawMessage `json:"payload,omitempty"`
}

// subscribe opens a socket with one operation.
func subscribe(t testing.TB, c *caller, query string, variables vars) *websocket.Conn {
	t.Helper()
	dialer := websocket.Dialer{Subprotocols: []string{"graphql-transport-ws"}, HandshakeTimeout: time.Minute}
	conn, _, err := dialer.Dial(strings.Replace(c.server.url, "http", "ws", 1)+"/graphql", nil)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { conn.Close() })
	send := func(f frame) {
		if err := conn.WriteJSON(f); err != nil {
			t.Fatal(err)
		}
	}
	send(frame{Type: "connection_init", Payload: encode(t, vars{"Authorization": "Bearer " + c.token})})
	if f := next(t, conn); f.Type != "connection_ack" {
		t.Fatalf("want connection_ack, got %+v", f)
	}
	send(frame{ID: "1", Type: "subscribe", Payload: encode(t, vars{"query": query, "variables": variables})})
	return conn
}

func encode(t testing.TB, v any) json.RawMessage {
	t.Helper()
	text, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return text
}

// quiet is how long nothing has to come for nothing to be meant.
const quiet = time.Second

// next is the next frame that is no ping; its Type is "quiet" where none comes.
func next(t testing.TB, conn *websocket.Conn) frame {
	t.Helper()
	conn.SetReadDeadline(time.Now().Add(quiet))
	for {
		var f frame
		err := conn.ReadJSON(&f)
		if timeout, ok := errors.AsType[net.Error](err); ok && timeout.Timeout() {
			return frame{Type: "quiet"}
		}
		if err != nil {
			t.Fatalf("websocket: %v", err)
		}
		if f.Type != "ping" && f.Type != "pong" {
			return f
		}
	}
}

// follow answers the first frames of a subscription: up to its end, or until it is quiet.
func follow(t testing.TB, c *caller, query string, variables vars) string {
	t.Helper()
	conn := subscribe(t, c, query, variables)
	defer conn.Close()
	text := ""
	for range 100 {
		f := next(t, conn)
		text += f.Type + " " + string(f.Payload) + "\n"
		if f.Type != "next" {
			break
		}
	}
	return text
}

// firstCursor is the cursor of the first update that a tenant is sent.
func firstCursor(t testing.TB, c *caller) string {
	t.Helper()
	conn := subscribe(t, c, `subscription { kpiUpdated { cursor } }`, nil)
	defer conn.Close()
	conn.SetReadDeadline(time.Now().Add(time.Minute))
	var f frame
	if err := conn.ReadJSON(&f); err != nil {
		t.Fatal(err)
	}
	var a struct {
		Data struct{ KpiUpdated struct{ Cursor string } }
	}
	if err := json.Unmarshal(f.Payload, &a); err != nil || a.Data.KpiUpdated.Cursor == "" {
		t.Fatalf("%v: %+v %s", err, f, f.Payload)
	}
	return a.Data.KpiUpdated.Cursor
}
