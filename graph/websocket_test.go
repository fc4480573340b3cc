package graph

import (
	"context"
	"encoding/json"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/99designs/gqlgen/graphql"
	"github.com/coder/websocket"
	"github.com/coder/websocket/wsjson"

	"github.com/mykpi/mykpi/charts"
	"github.com/mykpi/mykpi/charts/command"
	"github.com/mykpi/mykpi/charts/live"
	"github.com/mykpi/mykpi/charts/query"
	"github.com/mykpi/mykpi/graph/transport"
	"github.com/mykpi/mykpi/tenancy"
	"github.com/mykpi/mykpi/tenancy/directory"
	"github.com/mykpi/mykpi/tenancy/httpauth"
)

var (
	_ Commands  = (*command.Handlers)(nil)
	_ Queries   = (*query.Reader)(nil)
	_ Directory = (*directory.Directory)(nil)
	_ Live      = (*live.Hub)(nil)
)

// overSockets lets clients connect by websocket. The role in the payload's token is the credential; "" is nobody.
func overSockets(c *Config) {
	c.Transports = []graphql.Transport{&transport.Websocket{
		Registry: transport.NewRegistry(nil),
		Authenticate: func(r *http.Request, payload json.RawMessage) (transport.Session, error) {
			var given struct{ Token string }
			if err := json.Unmarshal(payload, &given); err != nil {
				return transport.Session{}, err
			}
			ctx := r.Context()
			if given.Token != "" {
				ctx = httpauth.With(ctx, caller("acme", tenancy.Role(given.Token)))
			}
			return transport.Session{Context: ctx}, nil
		},
	}}
}

type message struct {
	Type    string          `json:"type"`
	ID      string          `json:"id,omitempty"`
	Payload json.RawMessage `json:"payload,omitempty"`
}

type socket struct {
	t    *testing.T
	conn *websocket.Conn
}

func (a *api) dial(ctx context.Context) socket {
	a.t.Helper()
	conn, _, err := websocket.Dial(ctx, strings.Replace(a.URL, "http", "ws", 1), &websocket.DialOptions{
		Subprotocols: []string{"graphql-transport-ws"},
		HTTPHeader:   http.Header{},
	})
	if err != nil {
		a.t.Fatal(err)
	}
	a.t.Cleanup(func() { _ = conn.CloseNow() })
	return socket{a.t, conn}
}

func (s socket) send(ctx context.Context, kind, id, payload string) {
	s.t.Helper()
	if err := wsjson.Write(ctx, s.conn, message{kind, id, json.RawMessage(payload)}); err != nil {
		s.t.Fatal(err)
	}
}

// read answers the next message that is no ping.
func (s socket) read(ctx context.Context) (message, error) {
	for {
		var m message
		if err := wsjson.Read(ctx, s.conn, &m); err != nil || m.Type != "ping" && m.Type != "pong" {
			return m, err
		}
	}
}

func (s socket) expect(ctx context.Context, kind string) string {
	s.t.Helper()
	m, err := s.read(ctx)
	if err != nil || m.Type != kind {
		s.t.Fatalf("%s %s, %v, want %s", m.Type, m.Payload, err, kind)
	}
	return string(m.Payload)
}

func subscribe(query, variables string) string {
	text, err := json.Marshal(query)
	if err != nil {
		panic(err)
	}
	return `{"query":` + string(text) + `,"variables":` + variables + `}`
}

func patience(t *testing.T) context.Context {
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	t.Cleanup(cancel)
	return ctx
}

func TestKpiUpdated(t *testing.T) {
	ctx := patience(t)
	a := serve(t, overSockets)
	s := a.dial(ctx)
	s.send(ctx, "connection_init", "", `{"token":"VIEWER"}`)
	s.expect(ctx, "connection_ack")
	s.send(ctx, "subscribe", "1", subscribe(
		`subscription($charts: [ChartRef!], $after: Cursor) { kpiUpdated(charts: $charts, after: $after) { cause occurredAt cursor chart { key version } } }`,
		`{"charts":[{"key":"revenue"},{"id":"c2"}],"after":"c-41"}`))

	at := time.Date(2026, 3, 29, 1, 30, 0, 0, time.FixedZone("", 3600))
	for _, cause := range []live.Cause{live.Snapshot, live.PointsRecorded} {
		select {
		case a.domain.updates <- &live.KpiUpdate{Chart: revenue(), Cause: cause, OccurredAt: at, Cursor: "c-42"}:
		case <-ctx.Done():
			t.Fatal("nobody watches")
		}
		want := `{"data":{"kpiUpdated":{"cause":"` + string(cause) + `","occurredAt":"2026-03-29T00:30:00Z","cursor":"c-42","chart":{"key":"revenue","version":3}}}}`
		if got := s.expect(ctx, "next"); got != want {
			t.Errorf("%s, want %s", got, want)
		}
	}
	a.domain.mu.Lock()
	refs, after := a.domain.refs, a.domain.after
	a.domain.mu.Unlock()
	if len(refs) != 2 || refs[0] != (charts.Ref{Key: "revenue"}) || refs[1] != (charts.Ref{ID: "c2"}) || *after != "c-41" {
		t.Errorf("watched %v after %v", refs, after)
	}
	close(a.domain.updates)
	s.expect(ctx, "complete")
}

func TestASubscriptionThatIsRefused(t *testing.T) {
	ctx := patience(t)
	a := serve(t, overSockets)
	a.domain.fail = func() error { return tenancy.Refuse(tenancy.NotFound, "charts[0]", "there is no such chart") }
	s := a.dial(ctx)
	s.send(ctx, "connection_init", "", `{"token":"VIEWER"}`)
	s.expect(ctx, "connection_ack")
	for variables, want := range map[string]string{
		`{"refs":[{"key":"none"}]}`: `"extensions":{"code":"NOT_FOUND","field":"charts[0]","traceId":"trace1"}`,
		`{"refs":[{}]}`:             `"extensions":{"code":"BAD_USER_INPUT","field":"charts[0]","traceId":"trace1"}`,
	} {
		s.send(ctx, "subscribe", "1", subscribe(`subscription($refs: [ChartRef!]) { kpiUpdated(charts: $refs) { cause } }`, variables))
		m, err := s.read(ctx)
		if err != nil || m.Type != "error" || !strings.Contains(string(m.Payload), want) {
			t.Errorf("%s: %s %s, %v, want %s", variables, m.Type, m.Payload, err, want)
		}
	}
}

func TestASubscriptionNeedsAnIdentity(t *testing.T) {
	ctx := patience(t)
	s := serve(t, overSockets).dial(ctx)
	s.send(ctx, "connection_init", "", `{}`)
	s.expect(ctx, "connection_ack")
	s.send(ctx, "subscribe", "1", subscribe(`subscription { kpiUpdated { cause } }`, `{}`))
	if m, err := s.read(ctx); err != nil || !strings.Contains(string(m.Payload), `"UNAUTHENTICATED"`) {
		t.Errorf("%s %s, %v", m.Type, m.Payload, err)
	}
}

func TestQueriesOverAWebsocketAreExact(t *testing.T) {
	ctx := patience(t)
	a := serve(t, overSockets)
	s := a.dial(ctx)
	s.send(ctx, "connection_init", "", `{"token":"ADMIN"}`)
	s.expect(ctx, "connection_ack")
	s.send(ctx, "subscribe", "1", subscribe(create, `{"input":{"name":"x","target":123456789012.345678}}`))
	s.expect(ctx, "next")
	a.domain.mu.Lock()
	defer a.domain.mu.Unlock()
	if got := a.domain.created.Target; got == nil || *got != charts.MustDecimal("123456789012.345678") {
		t.Errorf("came as %v", got)
	}
}
