package transport_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/mykpi/mykpi/graph/transport"
)

func TestWebsocketHandshake(t *testing.T) {
	s := newTestServer(t, func(s *testServer) { s.ws.Origins = transport.Origins{"https://app.example"} })
	for origin, want := range map[string]int{
		"":                     http.StatusSwitchingProtocols,
		"http://mykpi.test":    http.StatusSwitchingProtocols, // the server's own
		"https://app.example":  http.StatusSwitchingProtocols,
		"https://evil.example": http.StatusForbidden,
		"null":                 http.StatusForbidden,
	} {
		header := []string{"Sec-WebSocket-Protocol", "graphql-transport-ws"}
		if origin != "" {
			header = append(header, "Origin", origin)
		}
		if _, resp := s.handshake(t, header...); resp.StatusCode != want {
			t.Errorf("origin %q: %s", origin, resp.Status)
		}
	}
	if _, resp := s.handshake(t, "Sec-WebSocket-Key", "x"); resp.StatusCode < 400 || resp.Header.Get("Content-Type") != "application/json; charset=utf-8" {
		t.Errorf("a bad handshake: %s %v", resp.Status, resp.Header)
	}
	c, resp := s.handshake(t, "Sec-WebSocket-Protocol", "graphql-ws")
	if resp.Header.Get("Sec-WebSocket-Protocol") != "" {
		t.Errorf("subprotocol %s", resp.Header.Get("Sec-WebSocket-Protocol"))
	}
	c.expectClose(4406, "Subprotocol not acceptable")
	c, _ = s.handshake(t)
	c.expectClose(4406, "Subprotocol not acceptable")
}

func TestWebsocketInvalidMessages(t *testing.T) {
	s := newTestServer(t, nil)
	for _, text := range []string{
		``, `x`, `null`, `[]`, `"ping"`, `7`, `{}`, `{"type":7}`, `{"type":null}`, `{"type":"unknown"}`, `{"type":"ping"} {}`,
		`{"type":"connection_init","payload":"x"}`, `{"type":"connection_init","payload":[]}`, `{"type":"ping","payload":7}`,
		`{"type":"connection_ack"}`, `{"id":"1","type":"next","payload":{}}`, `{"id":"1","type":"error","payload":[]}`,
		`{"type":"complete"}`, `{"type":"complete","id":""}`, `{"type":"complete","id":7}`,
		`{"type":"start","id":"1","payload":{"query":"{version}"}}`,
		`{"type":"subscribe","payload":{"query":"{version}"}}`,
		`{"type":"subscribe","id":"","payload":{"query":"{version}"}}`,
		`{"type":"subscribe","id":1,"payload":{"query":"{version}"}}`,
		`{"type":"subscribe","id":"` + strings.Repeat("x", 256) + `","payload":{"query":"{version}"}}`,
		`{"type":"subscribe","id":"1"}`, `{"type":"subscribe","id":"1","payload":null}`, `{"type":"subscribe","id":"1","payload":{}}`,
		`{"type":"subscribe","id":"1","payload":"{version}"}`, `{"type":"subscribe","id":"1","payload":[]}`,
		`{"type":"subscribe","id":"1","payload":{"query":null}}`, `{"type":"subscribe","id":"1","payload":{"query":7}}`,
		`{"type":"subscribe","id":"1","payload":{"query":"{version}","variables":"x"}}`,
		`{"type":"subscribe","id":"1","payload":{"query":"{version}","variables":[]}}`,
		`{"type":"subscribe","id":"1","payload":{"query":"{version}","operationName":{}}}`,
		`{"type":"subscribe","id":"1","payload":{"query":"{version}","extensions":7}}`,
		"{\"type\":\"ping\",\"payload\":{\"a\":\"\xff\"}}",
	} {
		c := s.connect(t)
		c.send(text)
		c.expectClose(4400, "")
	}
	c := s.connect(t)
	c.frame(0x82, []byte(`{"type":"ping"}`))
	c.expectClose(4400, "text")
	c = s.dial(t)
	c.send("x") // before connection_init too
	c.expectClose(4400, "")
}

func TestWebsocketFraming(t *testing.T) {
	s := newTestServer(t, nil)
	unmasked := s.connect(t)
	if _, err := unmasked.conn.Write([]byte{0x81, 0x02, '{', '}'}); err != nil {
		t.Fatal(err)
	}
	unmasked.expectClose(1002, "")
	reserved := s.connect(t)
	reserved.frame(0xf1, []byte("{}"))
	reserved.expectClose(1002, "")
	large := s.connect(t)
	large.send(`{"type":"ping","payload":{"a":"` + strings.Repeat("x", 65<<10) + `"}}`)
	large.expectClose(1009, "")
	fits := s.connect(t)
	fits.send(`{"type":"ping","payload":{"a":"` + strings.Repeat("x", 60<<10) + `"}}`)
	fits.message()
	fragmented := s.connect(t)
	fragmented.frame(0x01, []byte(`{"type":`))
	fragmented.frame(0x89, []byte("between"))
	fragmented.frame(0x80, []byte(`"ping"}`))
	if kind, data, err := fragmented.receive(); kind != 0x8a || string(data) != "between" {
		t.Errorf("pong: %x %s %v", kind, data, err)
	}
	fragmented.expect(`{"type":"pong"}`)
	for name, c := range map[string]struct {
		bytes []byte
		code  int
	}{
		"an opcode that there is not":        {masked(0x83, "x"), 1002},
		"a control opcode that there is not": {masked(0x8b, ""), 1002},
		"a continuation of nothing":          {masked(0x80, "x"), 1002},
		"a message within a message":         {append(masked(0x01, "{"), masked(0x81, "{}")...), 1002},
		"a ping in fragments":                {masked(0x09, "x"), 1002},
		"a ping that is too long":            {masked(0x89, strings.Repeat("x", 126)), 1002},
		"a close frame of one byte":          {masked(0x88, "x"), 1002},
		"a close code that there is not":     {masked(0x88, "\x03\xed"), 1002}, // 1005
		"a close code out of range":          {masked(0x88, "\x13\x88"), 1002}, // 5000
		"a close reason that is no UTF-8":    {masked(0x88, "\x03\xe8\xff"), 1002},
		"a message of 2^63 bytes":            {[]byte{0x81, 0xff, 0x80, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0}, 1009},
		"too large in fragments":             {append(masked(0x01, strings.Repeat("x", 60<<10)), masked(0x80, strings.Repeat("x", 5<<10))...), 1009},
	} {
		broken := s.connect(t)
		if _, err := broken.conn.Write(c.bytes); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		t.Log(name)
		broken.expectClose(c.code, "")
	}
	trickling := s.connect(t)
	for _, b := range masked(0x81, `{"type":"ping","payload":{"a":"`+strings.Repeat("x", 200)+`"}}`) {
		if _, err := trickling.conn.Write([]byte{b}); err != nil {
			t.Fatal(err)
		}
	}
	trickling.message()
	for _, code := range []uint16{1000, 1001, 4499} {
		leaving := s.connect(t)
		leaving.frame(0x88, []byte{byte(code >> 8), byte(code)})
		if kind, data, err := leaving.receive(); kind != 0x88 || len(data) != 2 || data[0] != byte(code>>8) || data[1] != byte(code) {
			t.Errorf("close %d answered with %x % x %v", code, kind, data, err)
		}
	}
	wordless := s.connect(t)
	wordless.frame(0x88, nil)
	if kind, _, err := wordless.receive(); kind != 0x88 {
		t.Errorf("close without a code: %x %v", kind, err)
	}
}

func TestWebsocketConnection(t *testing.T) {
	s := newTestServer(t, func(s *testServer) { s.ws.InitTimeout = 100 * time.Millisecond })
	s.dial(t).expectClose(4408, "Connection initialisation timeout")

	c := s.dial(t)
	c.subscribe("1", "{version}")
	c.expectClose(4401, "Unauthorized")

	c = s.connect(t)
	c.init()
	c.expectClose(4429, "Too many initialisation requests")

	for token, code := range map[string]int{"bad": 4403, "down": 1013, "panic": 1011} {
		c = s.dial(t)
		c.init(credential{Token: token})
		c.expectClose(code, "")
	}

	c = s.dial(t)
	c.send(`{"type":"ping"}`) // allowed at any time
	c.expect(`{"type":"pong"}`)
	c.send(`{"type":"connection_init","payload":null}`)
	c.expect(`{"type":"connection_ack"}`)
	c.send(`{"type":"ping","payload":{"a":1}}`)
	c.expect(`{"type":"pong","payload":{"a":1}}`)
	c.send(`{"type":"ping","payload":null}`)
	c.expect(`{"type":"pong"}`)
	c.send(`{"type":"pong"}`)
	c.send(`{"type":"complete","id":"never heard of"}`)
	time.Sleep(150 * time.Millisecond) // beyond the time for connection_init
	c.send(`{"type":"ping"}`)
	c.expect(`{"type":"pong"}`)
}

func TestWebsocketOperations(t *testing.T) {
	s := newTestServer(t, func(s *testServer) { s.ws.RequestTimeout = 100 * time.Millisecond })
	c := s.connect(t)
	for range 2 { // an id may be used again when its operation has ended
		c.subscribe("1", "{version}")
		c.expect(`{"id":"1","type":"next","payload":{"data":{"version":"test"}}}`, `{"id":"1","type":"complete"}`)
		c.subscribe("1", "subscription{count(to:3)}")
		for i := range 3 {
			c.expect(fmt.Sprintf(`{"id":"1","type":"next","payload":{"data":{"count":%d}}}`, i+1))
		}
		c.expect(`{"id":"1","type":"complete"}`)
		c.subscribe("1", "mutation{record}")
		c.expect(`{"id":"1","type":"next","payload":{"data":{"record":1}}}`, `{"id":"1","type":"complete"}`)
	}
	c.send(`{"id":"v","type":"subscribe","payload":{"operationName":"b","query":"query a{version} query b($t:String){echo(text:$t)}","variables":{"t":"x"},"extensions":null}}`)
	c.expect(`{"id":"v","type":"next","payload":{"data":{"echo":"x"}}}`, `{"id":"v","type":"complete"}`)

	// Errors before execution end the operation without complete; the id is free again.
	for _, query := range []string{"{", "{nothing}", "subscription{nothing}", "subscription{broken}", "subscription{boom}"} {
		c.subscribe("1", query)
		if got := c.message(); !strings.HasPrefix(got, `{"id":"1","type":"error","payload":[{"message":`) || !strings.Contains(got, `"traceId":"trace"`) || strings.Contains(got, "secret") {
			t.Errorf("%s: %s", query, got)
		}
		c.send(`{"type":"ping"}`)
		c.expect(`{"type":"pong"}`) // and no complete before it
	}
	// Those of execution are part of the result.
	c.subscribe("1", `{fail(code:"NOT_FOUND")}`)
	if got := c.message(); !strings.HasPrefix(got, `{"id":"1","type":"next","payload":{"errors":[`) || !strings.Contains(got, `"data":null`) {
		t.Error(got)
	}
	c.expect(`{"id":"1","type":"complete"}`)
	c.subscribe("slow", "{slow}")
	if got := c.message(); !strings.Contains(got, `"id":"slow"`) || !strings.Contains(got, `"errors"`) && !strings.Contains(got, `"error"`) {
		t.Error(got)
	}
}

func TestWebsocketDuplicate(t *testing.T) {
	s := newTestServer(t, nil)
	for _, second := range []string{"{version}", "subscription{forever}"} {
		c := s.connect(t)
		c.subscribe(`a"é`, "subscription{forever}")
		c.expect(`{"id":"a\"é","type":"next","payload":{"data":{"forever":1}}}`)
		c.subscribe(`a"é`, second)
		c.expectClose(4409, `Subscriber for a"é already exists`)
	}
	c := s.connect(t)
	c.subscribe("1", "{slow}") // single results reserve their id too
	c.subscribe("1", "{version}")
	c.expectClose(4409, "Subscriber for 1 already exists")
}

func TestWebsocketComplete(t *testing.T) {
	s := newTestServer(t, nil)
	c := s.connect(t)
	c.subscribe("1", "subscription{forever}")
	c.expect(`{"id":"1","type":"next","payload":{"data":{"forever":1}}}`)
	c.send(`{"id":"1","type":"complete"}`)
	eventually(t, "the subscription ends", func() bool { return s.exe.running.Load() == 0 })
	c.subscribe("1", "subscription{forever}") // the id is free
	c.expect(`{"id":"1","type":"next","payload":{"data":{"forever":1}}}`)
	c.subscribe("2", "{slow}")
	c.send(`{"id":"2","type":"complete"}`)
	c.subscribe("2", "{version}") // nothing comes of the query that was given up
	c.expect(`{"id":"2","type":"next","payload":{"data":{"version":"test"}}}`, `{"id":"2","type":"complete"}`)
	c.conn.Close()
	eventually(t, "all ends with the socket", func() bool { return s.exe.running.Load() == 0 && s.registry.Len() == 0 })
}

func TestWebsocketOperationLimit(t *testing.T) {
	s := newTestServer(t, nil)
	c := s.connect(t)
	for i := range 50 {
		c.subscribe(fmt.Sprint(i), "subscription{forever}")
		c.message()
	}
	c.subscribe("50", "{version}")
	if got := c.message(); !strings.HasPrefix(got, `{"id":"50","type":"error"`) || !strings.Contains(got, "LIMIT_EXCEEDED") {
		t.Error(got)
	}
	c.send(`{"id":"7","type":"complete"}`)
	c.subscribe("50", "{version}")
	c.expect(`{"id":"50","type":"next","payload":{"data":{"version":"test"}}}`)
}

func TestWebsocketExpiry(t *testing.T) {
	var checks atomic.Int32
	s := newTestServer(t, func(s *testServer) {
		s.ws.Refresh = func(ctx context.Context, payload json.RawMessage) (*transport.Session, error) {
			var c credential
			if err := json.Unmarshal(payload, &c); err != nil || c.Token == "" {
				return nil, nil
			}
			fresh, err := authenticate(&http.Request{}, payload)
			return &fresh, err
		}
		s.ws.CheckEvery = 40 * time.Millisecond
		s.ws.Check = func(context.Context) error {
			if checks.Add(1) >= 1000 {
				return errors.New("the key was revoked")
			}
			return nil
		}
	})
	soon := func(d time.Duration) credential { return credential{Token: "alice", Expires: time.Now().Add(d)} }
	ping := func(c *rawSocket, p credential) {
		text, _ := json.Marshal(p)
		c.send(`{"type":"ping","payload":` + string(text) + `}`)
	}

	c := s.connect(t, soon(150*time.Millisecond))
	c.subscribe("1", "subscription{forever}")
	c.expectClose(4403, "expired")

	c = s.connect(t, soon(-time.Second))
	c.expectClose(4403, "expired")

	c = s.connect(t, soon(200*time.Millisecond))
	ping(c, soon(time.Hour))
	c.expect(`{"type":"pong"}`) // without the token
	time.Sleep(300 * time.Millisecond)
	c.subscribe("1", "{version}")
	c.expect(`{"id":"1","type":"next","payload":{"data":{"version":"test"}}}`, `{"id":"1","type":"complete"}`)
	ping(c, credential{Token: "mallory", Expires: time.Now().Add(time.Hour)})
	c.expectClose(4403, "another's")

	c = s.connect(t, soon(time.Hour))
	ping(c, credential{Token: "bad"})
	c.expectClose(4403, "not valid")

	c = s.connect(t, soon(time.Hour))
	checks.Store(1000)
	c.expectClose(4403, "revoked")
}

func TestWebsocketLimits(t *testing.T) {
	s := newTestServer(t, func(s *testServer) {
		s.registry = transport.NewRegistry(func(transport.Session) (int, int) { return 2, 3 })
	})
	one := s.connect(t, credential{Token: "alice"})
	s.connect(t, credential{Token: "alice"})
	c := s.dial(t)
	c.init(credential{Token: "alice"})
	c.expectClose(4429, "user")
	s.connect(t, credential{Token: "bob"})
	c = s.dial(t)
	c.init(credential{Token: "carol"})
	c.expectClose(4429, "tenant")
	if n := s.registry.Tenant("t1"); n != 3 {
		t.Errorf("%d sockets of the tenant", n)
	}
	one.conn.Close()
	eventually(t, "the socket is counted out", func() bool { return s.registry.Tenant("t1") == 2 })
	s.connect(t, credential{Token: "carol"})
}

// A client that answers pings and reads nothing else is cut at the write deadline, and holds nobody up meanwhile.
func TestWebsocketStalledReader(t *testing.T) {
	s := newTestServer(t, func(s *testServer) { s.ws.WriteTimeout = 300 * time.Millisecond })
	c := s.connect(t)
	c.subscribe("1", "subscription{flood}")
	other := s.connect(t)
	other.send(`{"type":"ping"}`)
	other.expect(`{"type":"pong"}`)
	eventually(t, "the stalled socket is cut", func() bool { return s.registry.Len() == 1 && s.exe.running.Load() == 0 })
	made := s.exe.flooded.Load()
	if made > 1000 {
		t.Errorf("%d values of 32 KiB were made for a client that reads none", made)
	}
	other.send(`{"type":"ping"}`)
	other.expect(`{"type":"pong"}`)
}

func TestWebsocketDeadPeer(t *testing.T) {
	s := newTestServer(t, func(s *testServer) { s.ws.PingEvery = 100 * time.Millisecond })
	c := s.connect(t)
	for range 3 {
		if kind, _, err := c.receive(); kind != 0x89 {
			t.Fatalf("%x %v", kind, err)
		}
		c.frame(0x8a, nil)
	}
	c.expectCut() // no more pongs
}

func TestWebsocketDrain(t *testing.T) {
	s := newTestServer(t, nil)
	var sockets []*rawSocket
	for range 20 {
		c := s.connect(t)
		c.subscribe("1", "subscription{forever}")
		c.message()
		sockets = append(sockets, c)
	}
	stalled := s.connect(t)
	stalled.subscribe("1", "subscription{flood}")
	done := make(chan error, 1)
	go func() {
		ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
		defer cancel()
		done <- s.registry.Drain(ctx)
	}()
	for _, c := range sockets {
		c.expectClose(1012, "restarting")
	}
	if err := <-done; err != nil {
		t.Error(err)
	}
	if n := s.registry.Len(); n != 0 {
		t.Errorf("%d sockets after", n)
	}
	if _, resp := s.handshake(t, "Sec-WebSocket-Protocol", "graphql-transport-ws"); resp.StatusCode != 503 || resp.Header.Get("Retry-After") == "" {
		t.Errorf("a new socket: %s %v", resp.Status, resp.Header)
	}
}

// eventually waits for what happens soon, in another goroutine.
func eventually(t testing.TB, what string, is func() bool) {
	t.Helper()
	for range 1000 {
		if is() {
			return
		}
		time.Sleep(10 * time.Millisecond)
	}
	t.Fatalf("not so: %s", what)
}
