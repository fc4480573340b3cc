package transport

import (
	"encoding/json"
	"net/http/httptest"
	"strings"
	"testing"
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
