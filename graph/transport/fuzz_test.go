package transport

import (
	"bytes"
	"encoding/binary"
	"encoding/json"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"
	"unicode/utf8"
)

var requestSeeds = []string{
	`{"query":"{version}"}`, `{"query":"{version}","variables":{"a":1},"operationName":null,"extensions":{}}`, `[]`, `null`, ``,
	`{"query":"\ud83c\udfca"}`, `{"query":"\ud83c"}`, `{"query":"a"} x`, `{"variables":"{}"}`, `{"documentId":"x"}`, "{\"query\":\"\xff\"}",
}

// Whatever the body, a request is refused with a message that does not quote it, or is valid JSON that was understood.
func FuzzParseRequest(f *testing.F) {
	for _, s := range requestSeeds {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		q, bad := parseRequest([]byte(text))
		if (q == nil) == (bad == nil) {
			t.Fatal("neither or both")
		}
		if q != nil && (!json.Valid([]byte(text)) || !utf8.ValidString(q.Query)) {
			t.Errorf("%q was understood", text)
		}
		if q != nil && strings.ContainsRune(q.Query, utf8.RuneError) && !strings.ContainsRune(text, utf8.RuneError) && !strings.Contains(strings.ToLower(text), `\ufffd`) {
			t.Errorf("%q was changed into %q", text, q.Query)
		}
	})
}

// Whatever the message, it is refused with a short reason, or has all that its type needs.
func FuzzParseMessage(f *testing.F) {
	for _, s := range requestSeeds {
		f.Add(`{"type":"subscribe","id":"1","payload":` + s + `}`)
	}
	for _, s := range []string{`{"type":"connection_init"}`, `{"type":"ping","payload":{}}`, `{"type":"complete","id":"1"}`, `{"type":"next"}`} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		m, err := parseMessage([]byte(text))
		switch {
		case err != nil:
			if reason := closeReason(err.Error()); len(reason) > 123 || !utf8.ValidString(reason) {
				t.Errorf("reason %q", reason)
			}
		case m.Type == typeSubscribe && (m.request == nil || m.ID == ""):
			t.Errorf("subscribe without what it needs: %q", text)
		case m.Payload != nil && !json.Valid(m.Payload):
			t.Errorf("payload %q", m.Payload)
		}
	})
}

// Whatever a client sends, its socket ends with it, and answers in whole frames: at most one close frame, the last of them.
func FuzzFrames(f *testing.F) {
	for _, s := range []string{"", "\x89\x80\x00\x00\x00\x00", "\x81\x82\x00\x00\x00\x00{}", "\x01\x81\x00\x00\x00\x00{\x80\x81\x00\x00\x00\x00}",
		"\x88\x82\x00\x00\x00\x00\x03\xe8", "\x81\xfe\x00\x7e\x00\x00\x00\x00{", "\x81\xff\x00", "\xf1\x80", "\x8a\x80\x00\x00\x00\x00"} {
		f.Add([]byte(s))
	}
	t := &Websocket{
		Registry:     NewRegistry(nil),
		Authenticate: func(*http.Request, json.RawMessage) (Session, error) { return Session{}, ErrTryAgain },
	}
	t.setDefaults()
	f.Fuzz(func(test *testing.T, sent []byte) {
		conn := &deafConn{in: bytes.NewReader(sent)}
		s := newSocket(t, nil, httptest.NewRequest("GET", "/", nil), conn)
		s.nextPing, s.nextCheck = never, never
		t.Registry.clock.add(s)
		s.read()
		s.end()
		for out := conn.out.Bytes(); len(out) > 0; {
			if len(out) < 2 || out[1] > 126 || out[1] == 126 && len(out) < 4 {
				test.Fatalf("% x", out)
			}
			size := 2 + int(out[1])
			if out[1] == 126 {
				size = 4 + int(binary.BigEndian.Uint16(out[2:]))
			}
			if len(out) < size || out[0] == frameClose && len(out) > size {
				test.Fatalf("% x", out)
			}
			out = out[size:]
		}
	})
}

// deafConn is a connection to which in is sent.
type deafConn struct {
	net.Conn
	in  *bytes.Reader
	out bytes.Buffer
}

func (c *deafConn) Read(b []byte) (int, error)       { return c.in.Read(b) }
func (c *deafConn) Write(b []byte) (int, error)      { return c.out.Write(b) }
func (c *deafConn) Close() error                     { return nil }
func (c *deafConn) SetReadDeadline(time.Time) error  { return nil }
func (c *deafConn) SetWriteDeadline(time.Time) error { return nil }

// Whatever the Accept header, the choice is one of ours or none, and qualities are in range.
func FuzzNegotiate(f *testing.F) {
	for _, s := range []string{"", "*/*", "application/json;q=0.5, application/graphql-response+json", "text/event-stream", "a;q=NaN", ";;,"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, accept string) {
		p := negotiate([]string{accept})
		for _, q := range []float64{p.json, p.graphql, p.events} {
			if !(q >= 0 && q <= 1) {
				t.Errorf("%q: %+v", accept, p)
			}
		}
		r := httptest.NewRequest("POST", "/", nil)
		r.Header.Set("Accept-Encoding", accept)
		if c := contentCoding(r, 1<<20); c != "" && c != "gzip" && c != "zstd" {
			t.Errorf("coding %q", c)
		}
	})
}

func TestFrameHeader(t *testing.T) {
	for size, want := range map[int]string{
		0: "\x81\x00", 125: "\x81\x7d", 126: "\x81\x7e\x00\x7e", 65535: "\x81\x7e\xff\xff", 65536: "\x81\x7f\x00\x00\x00\x00\x00\x01\x00\x00",
	} {
		if got := string(appendHeader(nil, frameText, size)); got != want {
			t.Errorf("%d: % x, want % x", size, got, want)
		}
		if got := appendText(nil, make([]byte, size/2), make([]byte, size-size/2)); len(got) != len(want)+size || string(got[:len(want)]) != want {
			t.Errorf("%d: % x", size, got[:len(want)])
		}
	}
}
