package live

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"time"

	"github.com/gorilla/websocket"
)

const subscription = `subscription($after: Cursor) { kpiUpdated(after: $after) { cause cursor chart { id version kpi(period: TODAY) { value } } } }`

// shown is what a dashboard shows of one chart.
type shown struct {
	ID      string
	Version int
	Kpi     struct{ Value json.Number }
}

type update struct {
	KpiUpdated struct {
		Cause, Cursor string
		Chart         shown
	}
}

// dashboard is a client that comes back whenever it is cut, with its cursor or without.
type dashboard struct {
	name   string
	server *server
	token  string
	own    map[string]bool      // the tenant's charts
	sse    bool                 // else by websocket
	delay  func() time.Duration // between updates

	mu     sync.Mutex
	charts map[string]shown
	cursor string
	faults []string
	cut    context.CancelFunc
}

// run holds the dashboard open until ctx ends.
func (d *dashboard) run(ctx context.Context) {
	for ctx.Err() == nil {
		life, cut := context.WithCancel(ctx)
		d.mu.Lock()
		d.cut = cut
		d.mu.Unlock()
		if d.sse {
			_ = d.stream(life) // that it ends is what is tested
		} else {
			_ = d.socket(life)
		}
		cut()
		select {
		case <-ctx.Done():
		case <-time.After(20 * time.Millisecond):
		}
	}
}

// interrupt cuts the connection; forget also loses the cursor.
func (d *dashboard) interrupt(forget bool) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if forget {
		d.cursor = ""
	}
	if d.cut != nil {
		d.cut()
	}
}

func (d *dashboard) variables() map[string]any {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.cursor == "" {
		return map[string]any{}
	}
	return map[string]any{"after": d.cursor}
}

func (d *dashboard) socket(ctx context.Context) error {
	dialer := websocket.Dialer{Subprotocols: []string{"graphql-transport-ws"}}
	conn, _, err := dialer.DialContext(ctx, strings.Replace(d.server.url(), "http", "ws", 1), nil)
	if err != nil {
		return err
	}
	defer conn.Close()
	stop := context.AfterFunc(ctx, func() { conn.Close() })
	defer stop()
	send := func(m any) error { return conn.WriteJSON(m) }
	if err := send(map[string]any{"type": "connection_init", "payload": map[string]string{"Authorization": "Bearer " + d.token}}); err != nil {
		return err
	}
	for {
		var m struct {
			Type    string
			Payload json.RawMessage
		}
		if err := conn.ReadJSON(&m); err != nil {
			return err
		}
		switch m.Type {
		case "connection_ack":
			payload := map[string]any{"query": subscription, "variables": d.variables()}
			if err := send(map[string]any{"type": "subscribe", "id": "1", "payload": payload}); err != nil {
				return err
			}
		case "next":
			d.take(m.Payload)
		default:
			d.fault("a message %s %s", m.Type, m.Payload)
		}
	}
}

// stream is the same by server-sent events, coming back as browsers do.
func (d *dashboard) stream(ctx context.Context) error {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, d.server.url()+"?query="+url.QueryEscape(subscription), nil)
	if err != nil {
		return err
	}
	request.Header.Set("Accept", "text/event-stream")
	request.Header.Set("Authorization", "Bearer "+d.token)
	if after, ok := d.variables()["after"].(string); ok {
		request.Header.Set("Last-Event-ID", after)
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return err
	}
	defer response.Body.Close()
	lines := bufio.NewScanner(response.Body)
	lines.Buffer(nil, 1<<20)
	var id, data string
	for lines.Scan() {
		switch field, value, _ := strings.Cut(lines.Text(), ": "); field {
		case "id":
			id = value
		case "data":
			data = value
		case "": // the end of an event; one that was cut has none
			if data != "" {
				d.take([]byte(data))
				if after := d.variables()["after"]; after != id && ctx.Err() == nil {
					d.fault("the event %s has the cursor %s", id, after)
				}
			}
			id, data = "", ""
		}
	}
	return lines.Err()
}

// take shows an update.
func (d *dashboard) take(payload []byte) {
	var answer struct {
		Data   update
		Errors []struct{ Message string }
	}
	if err := json.Unmarshal(payload, &answer); err != nil || answer.Errors != nil {
		d.fault("%s: %v", payload, err)
		return
	}
	if d.delay != nil {
		time.Sleep(d.delay())
	}
	u := answer.Data.KpiUpdated
	d.mu.Lock()
	defer d.mu.Unlock()
	if before := d.charts[u.Chart.ID]; u.Chart.Version < before.Version {
		d.faults = append(d.faults, fmt.Sprintf("version %d after %d", u.Chart.Version, before.Version))
	}
	if !d.own[u.Chart.ID] {
		d.faults = append(d.faults, "another tenant's chart")
	}
	d.charts[u.Chart.ID], d.cursor = u.Chart, u.Cursor
}

func (d *dashboard) fault(format string, args ...any) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.faults = append(d.faults, fmt.Sprintf(format, args...))
}

// differs says what differs from what the store holds, or "".
func (d *dashboard) differs(stored map[string]shown) string {
	d.mu.Lock()
	defer d.mu.Unlock()
	if len(d.faults) > 0 {
		return fmt.Sprintf("%s: %v", d.name, d.faults)
	}
	for id, want := range stored {
		if got := d.charts[id]; got != want {
			return fmt.Sprintf("%s shows %+v, the store holds %+v", d.name, got, want)
		}
	}
	return ""
}
