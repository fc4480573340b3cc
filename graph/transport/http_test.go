package transport_test

import (
	"bytes"
	"compress/gzip"
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/klauspost/compress/zstd"
)

type answer struct {
	status int
	header http.Header
	body   string
}

func (s *testServer) send(t testing.TB, method, path, body string, header ...string) answer {
	t.Helper()
	r, err := http.NewRequest(method, s.URL+path, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	for i := 0; i < len(header); i += 2 {
		r.Header.Add(header[i], header[i+1])
	}
	resp, err := s.Client().Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	text, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	return answer{resp.StatusCode, resp.Header, string(text)}
}

const (
	jsonType = "application/json"
	gqlType  = "application/graphql-response+json"
)

// byGET is a path that asks for a query, with further parameters.
func byGET(query string, more ...string) string {
	v := url.Values{"query": {query}}
	for i := 0; i < len(more); i += 2 {
		v.Set(more[i], more[i+1])
	}
	return "/?" + v.Encode()
}

// byPOST is a body that asks for a query.
func byPOST(query string) string {
	b, _ := json.Marshal(map[string]any{"query": query})
	return string(b)
}

func TestHTTP(t *testing.T) {
	s := newTestServer(t, func(s *testServer) { s.http.Timeout = 100 * time.Millisecond })
	accept := func(ranges string) []string { return []string{"Content-Type", jsonType, "Accept", ranges} }
	contentType := func(media string) []string { return []string{"Content-Type", media} }
	const withText = "query($t:String){echo(text:$t)}"
	for _, c := range []struct {
		name, method, path, body string   // POST and / where absent
		header                   []string // Content-Type: application/json where absent
		status                   int      // 200 where 0
		want                     string   // contained; the whole body where it is an object
		not                      string   // not contained
		media                    string   // application/json where absent
	}{
		{name: "query", body: byPOST("{version}"), want: `{"data":{"version":"test"}}`},
		{name: "n8n's GraphQL node", body: `{"query":"{version}","variables":{},"operationName":null}`, want: `{"data":{"version":"test"}}`},
		{name: "n8n's raw mode", body: "{version}", header: []string{"Content-Type", "application/graphql", "Accept", "*/*"}, want: `{"data":{"version":"test"}}`},
		{name: "n8n's HTTP node", body: byPOST("{version}"), header: accept("application/json,text/html,application/xhtml+xml,application/xml,text/*;q=0.9, image/*;q=0.8, */*;q=0.7"), want: `{"data":`},
		{name: "GET", method: "GET", path: byGET("{version}"), want: `{"data":{"version":"test"}}`},
		{name: "GET with variables", method: "GET", path: byGET(withText, "variables", `{"t":"é"}`), want: `{"data":{"echo":"é"}}`},
		{name: "GET with bad variables", method: "GET", path: byGET("{version}", "variables", `{"t":"secret"`), status: 400, want: "variables", not: "secret"},
		{name: "GET with more after variables", method: "GET", path: byGET("{version}", "variables", `{} {}`), status: 400},
		{name: "GET with a broken URL", method: "GET", path: "/?query=%zz", status: 400},
		{name: "GET of invalid UTF-8", method: "GET", path: "/?query=%ff", status: 400},
		{name: "GET of a mutation", method: "GET", path: byGET("mutation{record}"), status: 405, want: "POST"},
		{name: "PUT", method: "PUT", status: 405},
		{name: "type by name", body: byPOST("{version}"), header: accept(gqlType + ", application/json;q=0.9"), media: gqlType},
		{name: "wildcard before a lesser name", body: byPOST("{version}"), header: accept(gqlType + ";q=0.5, */*")},
		{name: "a refused type beats a wildcard", body: byPOST("{version}"), header: accept("application/json;q=0, */*"), status: 406},
		{name: "malformed ranges", body: byPOST("{version}"), header: accept("application/json;q=x, ;;, application/json")},
		{name: "not acceptable", body: byPOST("{version}"), header: accept("text/html"), status: 406},
		{name: "another charset asked", body: byPOST("{version}"), header: accept("application/json; charset=latin1"), status: 406},
		{name: "form", body: "query={version}", header: contentType("application/x-www-form-urlencoded"), status: 415},
		{name: "multipart", body: "--x--", header: contentType("multipart/form-data; boundary=x"), status: 415},
		{name: "text", body: byPOST("mutation{record}"), header: contentType("text/plain"), status: 415},
		{name: "no type", body: byPOST("{version}"), header: contentType(""), status: 415},
		{name: "another charset", body: byPOST("{version}"), header: contentType("application/json; charset=latin1"), status: 415},
		{name: "gzip bomb", body: "\x1f\x8b", header: []string{"Content-Type", jsonType, "Content-Encoding", "gzip"}, status: 415},
		{name: "10 MB", body: `{"query":"` + strings.Repeat(" ", 10<<20) + `"}`, status: 413, want: "LIMIT_EXCEEDED"},
		{name: "bad JSON", body: `{"query":"{version}", "password":"hunter2`, status: 400, want: "BAD_USER_INPUT", not: "hunter2"},
		{name: "garbage after", body: byPOST("{version}") + "hunter2", status: 400, want: "after", not: "hunter2"},
		{name: "second object", body: byPOST("{version}") + byPOST("{version}"), status: 400},
		{name: "space after", body: " " + byPOST("{version}") + "\n", want: `{"data":`},
		{name: "batch", body: "[" + byPOST("{version}") + "]", status: 400, want: "batch"},
		{name: "empty", body: "", status: 400},
		{name: "scalar", body: "7", status: 400, want: "object"},
		{name: "null", body: "null", status: 400, want: "query"},
		{name: "no query", body: `{"notquery":"x"}`, status: 400, want: "query"},
		{name: "variables in a string", body: `{"query":"{version}","variables":"{\"a\":\"hunter2\"}"}`, status: 400, want: "send a JSON object", not: "hunter2"},
		{name: "variables in a list", body: `{"query":"{version}","variables":[1]}`, status: 400},
		{name: "deep variables", body: `{"query":"{version}","variables":{"a":` + strings.Repeat("[", 20000) + strings.Repeat("]", 20000) + `}}`, status: 400},
		{name: "invalid UTF-8", body: "{\"query\":\"{echo(text:\\\"\xff\\\")}\"}", status: 400, want: "UTF-8"},
		{name: "invalid UTF-8, raw", body: "{echo(text:\"\xff\")}", header: contentType("application/graphql"), status: 400, want: "UTF-8"},
		{name: "high surrogate alone", body: `{"query":"` + withText + `","variables":{"t":"\ud83c"}}`, status: 400, want: "surrogate"},
		{name: "low surrogate alone", body: `{"query":"` + withText + `","variables":{"t":"\uDFCA"}}`, status: 400, want: "surrogate"},
		{name: "pair of surrogates", body: `{"query":"` + withText + `","variables":{"t":"\ud83c\udfca"}}`, want: `{"data":{"echo":"🏊"}}`},
		{name: "backslash before u", body: `{"query":"` + withText + `","variables":{"t":"\\ud83c"}}`, want: `{"data":{"echo":"\\ud83c"}}`},
		{name: "syntax", body: byPOST("{"), want: `"errors"`, not: `"data"`},
		{name: "syntax, type by name", body: byPOST("{"), header: accept(gqlType), media: gqlType, status: 400, want: `"errors"`, not: `"data"`},
		{name: "subscription", body: byPOST("subscription{forever}"), want: "websocket", not: `"data"`},
		{name: "null data", body: byPOST(`{fail(code:"NOT_FOUND")}`), want: `"data":null`},
		{name: "partial data", body: byPOST(`{version maybe(code:"NOT_FOUND")}`), want: `"version":"test"`},
		{name: "expired", body: byPOST(`{fail(code:"UNAUTHENTICATED")}`), status: 401, want: `"data":null`},
		{name: "store down", body: byPOST(`{fail(code:"UNAVAILABLE")}`), status: 503, want: `"data":null`},
		{name: "panic", body: byPOST("{boom}"), status: 500, want: "INTERNAL", not: "secret"},
		{name: "slow", body: byPOST("{slow}"), want: `"errors"`},
	} {
		t.Run(c.name, func(t *testing.T) {
			c.method, c.path, c.media = or(c.method, "POST"), or(c.path, "/"), or(c.media, jsonType)
			if c.header == nil {
				c.header = contentType(jsonType)
			}
			if c.status == 0 {
				c.status = 200
			}
			a := s.send(t, c.method, c.path, c.body, c.header...)
			if a.status != c.status {
				t.Errorf("status %d, want %d: %s", a.status, c.status, a.body)
			}
			if json.Valid([]byte(c.want)) && c.want[0] == '{' && a.body != c.want || !strings.Contains(a.body, c.want) {
				t.Errorf("body %s, want %s", a.body, c.want)
			}
			if c.not != "" && strings.Contains(a.body, c.not) {
				t.Errorf("body %s holds %s", a.body, c.not)
			}
			if got := a.header.Get("Content-Type"); got != c.media+"; charset=utf-8" {
				t.Errorf("type %s, want %s", got, c.media)
			}
			if !json.Valid([]byte(a.body)) || a.status >= 400 && !strings.Contains(a.body, `"traceId":"trace"`) {
				t.Errorf("no error of the contract: %s", a.body)
			}
			if (a.status == 405) != (a.header.Get("Allow") != "") {
				t.Errorf("status %d with Allow: %q", a.status, a.header.Get("Allow"))
			}
			if (a.status == 503 || a.status == 429) != (a.header.Get("Retry-After") != "") {
				t.Errorf("status %d with Retry-After: %q", a.status, a.header.Get("Retry-After"))
			}
		})
	}
}

func or(s, otherwise string) string {
	if s == "" {
		return otherwise
	}
	return s
}

func TestStatuses(t *testing.T) {
	var real bool
	s := newTestServer(t, func(s *testServer) { s.http.RealStatus = func(context.Context) bool { return real } })
	for code, want := range map[string]struct{ real, others int }{
		"UNAUTHENTICATED":        {401, 401},
		"FORBIDDEN":              {403, 200},
		"NOT_FOUND":              {404, 200},
		"VERSION_CONFLICT":       {409, 200},
		"KEY_TAKEN":              {409, 200},
		"IDEMPOTENCY_KEY_REUSED": {422, 200},
		"BAD_USER_INPUT":         {422, 200},
		"LIMIT_EXCEEDED":         {422, 200},
		"RATE_LIMITED":           {429, 429},
		"UNAVAILABLE":            {503, 503},
		"INTERNAL":               {500, 200},
		"SOMETHING":              {500, 200},
	} {
		body := byPOST(`mutation{fail(code:"` + code + `")}`)
		real = true
		if a := s.send(t, "POST", "/", body, "Content-Type", jsonType); a.status != want.real || !strings.Contains(a.body, code) {
			t.Errorf("%s: %d %s", code, a.status, a.body)
		}
		real = false
		for _, media := range []string{jsonType, gqlType} {
			if a := s.send(t, "POST", "/", body, "Content-Type", jsonType, "Accept", media); a.status != want.others {
				t.Errorf("%s as %s: %d %s", code, media, a.status, a.body)
			}
		}
	}
	real = true
	if a := s.send(t, "POST", "/", byPOST("{ nothing }"), "Content-Type", jsonType); a.status != 400 {
		t.Errorf("a document that is not valid: %d", a.status)
	}
	if a := s.send(t, "POST", "/", byPOST(`{version maybe(code:"NOT_FOUND")}`), "Content-Type", jsonType); a.status != 200 {
		t.Errorf("partial data: %d", a.status)
	}
}

func TestCompression(t *testing.T) {
	s := newTestServer(t, nil)
	const big = `{"query":"query($n:Int!){big(size:$n)}","variables":{"n":20000}}`
	for accept, coding := range map[string]string{
		"gzip, compress, deflate, br": "gzip", // n8n
		"gzip, deflate, br, zstd":     "zstd",
		"zstd;q=0.1, gzip;q=0.5":      "gzip",
		"gzip;q=0":                    "",
		"identity":                    "",
		"*":                           "zstd",
	} {
		a := s.send(t, "POST", "/", big, "Content-Type", jsonType, "Accept-Encoding", accept)
		if got := a.header.Get("Content-Encoding"); got != coding {
			t.Fatalf("%s: %s", accept, got)
		}
		text := unpack(t, coding, a.body)
		if !bytes.HasPrefix(text, []byte(`{"data":{"big":"0123`)) || len(text) < 20000 || coding != "" && len(a.body) > 2000 {
			t.Errorf("%s: %d bytes for %d", accept, len(a.body), len(text))
		}
	}
	if a := s.send(t, "POST", "/", byPOST("{version}"), "Content-Type", jsonType, "Accept-Encoding", "gzip"); a.header.Get("Content-Encoding") != "" {
		t.Error("a short answer was compressed")
	}
}

func unpack(t *testing.T, coding, body string) []byte {
	t.Helper()
	var r io.Reader = strings.NewReader(body)
	switch coding {
	case "gzip":
		z, err := gzip.NewReader(r)
		if err != nil {
			t.Fatal(err)
		}
		r = z
	case "zstd":
		z, err := zstd.NewReader(r)
		if err != nil {
			t.Fatal(err)
		}
		defer z.Close()
		r = z
	}
	text, err := io.ReadAll(r)
	if err != nil {
		t.Fatal(err)
	}
	return text
}
