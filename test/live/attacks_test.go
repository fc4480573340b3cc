package live

import (
	"bytes"
	"compress/gzip"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/gorilla/websocket"
)

// send sends a request with a token ("" for none) and answers its status, header and body.
func (s *server) send(method, target, token, contentType string, body io.Reader, header ...string) (int, http.Header, string) {
	s.t.Helper()
	request, err := http.NewRequest(method, target, body)
	if err != nil {
		s.t.Fatal(err)
	}
	if token != "" {
		request.Header.Set("Authorization", "Bearer "+token)
	}
	if contentType != "" {
		request.Header.Set("Content-Type", contentType)
	}
	for i := 0; i < len(header); i += 2 {
		request.Header.Set(header[i], header[i+1])
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		s.t.Fatal(err)
	}
	defer response.Body.Close()
	text, err := io.ReadAll(response.Body)
	if err != nil {
		s.t.Fatal(err)
	}
	return response.StatusCode, response.Header, string(text)
}

// settles waits until the process holds no more files, sockets and goroutines than before.
func (s *server) settles(after string, before holding) {
	s.t.Helper()
	http.DefaultClient.CloseIdleConnections()
	for deadline := time.Now().Add(patience); ; time.Sleep(20 * time.Millisecond) {
		now := s.holds()
		if len(now.descriptors) <= len(before.descriptors) && now.goroutines <= before.goroutines {
			return
		}
		if time.Now().After(deadline) {
			s.t.Errorf("after %s the server holds %+v, before %+v", after, now, before)
			return
		}
	}
}

func operation(query string) string {
	body, err := json.Marshal(map[string]string{"query": query})
	if err != nil {
		panic(err) // a string
	}
	return string(body)
}

func repeated(n int, format string) string {
	var b strings.Builder
	for i := range n {
		if strings.Contains(format, "%") {
			fmt.Fprintf(&b, format, i)
		} else {
			b.WriteString(format)
		}
	}
	return b.String()
}

func TestAttacksByGraphQL(t *testing.T) {
	s := serve(t)
	token := s.token("acme", "ADMIN")
	s.create(token, "sales")
	http.DefaultClient.CloseIdleConnections()
	before := s.holds()
	bomb := "{...f0}"
	for i := range 30 {
		if i == 29 {
			bomb += " fragment f29 on Query{version}"
			break
		}
		bomb += fmt.Sprintf(" fragment f%d on Query{...f%d ...f%d}", i, i+1, i+1)
	}
	for name, c := range map[string]struct {
		query, code string
	}{
		"101 aliases":          {"{" + repeated(101, " a%d:version") + "}", "QUERY_TOO_COMPLEX"},
		"10,000 directives":    {"{version" + repeated(10_000, "@a") + "}", "QUERY_TOO_COMPLEX"},
		"31 directives":        {"{version" + repeated(31, "@skip(if:false)") + "}", "QUERY_TOO_COMPLEX"},
		"depth 50":             {"{viewer" + repeated(50, "{tenant") + "{id}" + repeated(50, "}") + "}", "QUERY_TOO_COMPLEX"},
		"fragment bomb":        {bomb, "QUERY_TOO_COMPLEX"},
		"a field 10,000 times": {"{" + repeated(10_000, " version") + "}", "QUERY_TOO_COMPLEX"},
		"circular schema":      {"{__schema{types" + repeated(8, "{fields{type") + "{name}" + repeated(8, "}}") + "}}", "BAD_USER_INPUT"},
		"a typo":               {"{versoin}", "BAD_USER_INPUT"},
		"a huge page":          {"{charts(first:1000000){totalCount}}", "BAD_USER_INPUT"},
		"pages within pages":   {"{charts(first:500){nodes{points(first:500){nodes{key}}}}}", "QUERY_TOO_COMPLEX"},
		"defer":                {"{...@defer{version}}", "BAD_USER_INPUT"},
		"21 mutations":         {"mutation{" + repeated(21, ` a%d:archiveChart(input:{chart:{key:"sales"}}){chart{id}}`) + "}", "QUERY_TOO_COMPLEX"},
	} {
		status, _, body := s.send("POST", s.url(), token, "application/json", strings.NewReader(operation(c.query)))
		if status != http.StatusOK || !strings.Contains(body, `"code":"`+c.code+`"`) || !strings.Contains(body, `"traceId":"`) {
			t.Errorf("%s: %d %s", name, status, body)
		}
		if strings.Contains(body, "Did you mean") {
			t.Errorf("%s: a suggestion: %s", name, body)
		}
		s.settles(name, before)
	}
	if status, _, body := s.send("POST", s.url(), "", "application/json", strings.NewReader(operation("{__schema{types{name}}}"))); status != http.StatusUnauthorized {
		t.Errorf("the schema for nobody: %d %s", status, body)
	}
	var answer any
	if err := s.ask(token, "{ version }", nil, &answer); err != nil {
		t.Error(err)
	}
	s.settles("a good query", before)
}

func TestEachMutationOfARequestIsCounted(t *testing.T) {
	s := serve(t, "--rate-mutations", "1:30")
	token := s.token("acme", "ADMIN")
	s.create(token, "sales") // 1 of 30
	body := operation("mutation{" + repeated(20, ` a%d:recordDataPoints(input:{chart:{key:"sales"},points:[{value:1}]}){recorded}`) + "}")
	if status, _, answer := s.send("POST", s.url(), token, "application/json", strings.NewReader(body)); status != http.StatusOK {
		t.Errorf("20 of 29: %d %s", status, answer)
	}
	status, header, answer := s.send("POST", s.url(), token, "application/json", strings.NewReader(body))
	if status != http.StatusTooManyRequests || header.Get("Retry-After") == "" || !strings.Contains(answer, "RATE_LIMITED") {
		t.Errorf("20 of 9: %d %v %s", status, header, answer)
	}
	other := s.token("other", "ADMIN")
	s.create(other, "sales") // is not held up
}

// A tenant has one budget, whichever way its mutations come.
func TestAWebhookCountsAsAMutation(t *testing.T) {
	s := serve(t, "--rate-mutations", "1:30")
	token := s.token("acme", "ADMIN")
	start := time.Now()
	s.create(token, "sales") // 1 of 30
	body := operation("mutation{" + repeated(20, ` a%d:recordDataPoints(input:{chart:{key:"sales"},points:[{value:1}]}){recorded}`) + "}")
	if status, _, answer := s.send("POST", s.url(), token, "application/json", strings.NewReader(body)); status != http.StatusOK {
		t.Fatalf("20 of 29: %d %s", status, answer)
	}
	webhook := strings.TrimSuffix(s.url(), "/graphql") + "/webhooks/charts/sales"
	for passed := 0; ; passed++ {
		status, _, answer := s.send("POST", webhook, token, "application/json", strings.NewReader(`{"value": 1}`))
		if status == http.StatusTooManyRequests {
			break
		}
		if most := 9 + int(time.Since(start).Seconds()); status != http.StatusOK || passed >= most {
			t.Fatalf("webhook %d of %d: %d %s", passed+1, most, status, answer)
		}
	}
}

func TestAttacksByHTTP(t *testing.T) {
	s := serve(t, "--header-timeout", "300ms", "--request-timeout", "2s")
	token := s.token("acme", "ADMIN")
	s.create(token, "sales")
	http.DefaultClient.CloseIdleConnections()
	before := s.holds()
	const record = `mutation{recordDataPoints(input:{chart:{key:"sales"},points:[{value:1}]}){recorded}}`
	var zipped bytes.Buffer
	z := gzip.NewWriter(&zipped)
	if _, err := z.Write(make([]byte, 10<<20)); err != nil || z.Close() != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		method, target, contentType, body, encoding string
		status                                      int
	}{
		"a mutation by GET": {"GET", s.url() + "?query=" + url.QueryEscape(record), "", "", "", http.StatusMethodNotAllowed},
		"a form":            {"POST", s.url(), "application/x-www-form-urlencoded", "query=" + url.QueryEscape(record), "", http.StatusUnsupportedMediaType},
		"plain text":        {"POST", s.url(), "text/plain", operation(record), "", http.StatusUnsupportedMediaType},
		"multipart":         {"POST", s.url(), "multipart/form-data; boundary=x", "--x--", "", http.StatusUnsupportedMediaType},
		"10 MB":             {"POST", s.url(), "application/json", operation(repeated(10<<20, "#")), "", http.StatusRequestEntityTooLarge},
		"a gzip bomb":       {"POST", s.url(), "application/json", zipped.String(), "gzip", http.StatusUnsupportedMediaType},
		"bad JSON":          {"POST", s.url(), "application/json", `{"query":"{version}","password":hunter2}`, "", http.StatusBadRequest},
		"a batch":           {"POST", s.url(), "application/json", "[" + operation("{version}") + "]", "", http.StatusBadRequest},
		"a foreign page":    {"OPTIONS", s.url(), "", "", "", http.StatusForbidden},
	} {
		header := []string{"Content-Encoding", c.encoding}
		if c.encoding == "" {
			header = nil
		}
		if c.method == "OPTIONS" {
			header = []string{"Origin", "https://evil.example", "Access-Control-Request-Method", "POST"}
		}
		status, _, body := s.send(c.method, c.target, token, c.contentType, strings.NewReader(c.body), header...)
		if status != c.status || strings.Contains(body, "hunter2") {
			t.Errorf("%s: %d %s, want %d", name, status, body, c.status)
		}
		s.settles(name, before)
	}
	// Who sends slowly is cut, in the head as in the body.
	for name, text := range map[string]string{
		"head": "POST /graphql HTTP/1.1\r\nHost: x\r\nX-Slow: ",
		"body": "POST /graphql HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 1000\r\n\r\n{",
	} {
		conn, err := net.Dial("tcp", s.address)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := io.WriteString(conn, text); err != nil {
			t.Fatal(err)
		}
		_ = conn.SetReadDeadline(time.Now().Add(patience))
		if _, err := io.ReadAll(conn); err != nil {
			t.Errorf("a slow %s is held: %v", name, err)
		}
		conn.Close()
		s.settles("a slow "+name, before)
	}
	var stored struct{ Chart struct{ Version int } }
	if err := s.ask(token, `{ chart(by: {key: "sales"}) { version } }`, nil, &stored); err != nil || stored.Chart.Version != 1 {
		t.Errorf("something was recorded: %+v %v", stored, err)
	}
}

const follow = `{"id":"%d","type":"subscribe","payload":{"query":"subscription{kpiUpdated{cause}}"}}`

// hello is the message by which a socket says who it is.
func hello(token string) string {
	return fmt.Sprintf(`{"type":"connection_init","payload":{"Authorization":"Bearer %s"}}`, token)
}

// TestAttacksByWebsocket: each ends with the code that the protocol has for it.
func TestAttacksByWebsocket(t *testing.T) {
	s := serve(t, "--socket-init-timeout", "500ms")
	token := s.token("acme", "ADMIN")
	s.create(token, "sales")
	http.DefaultClient.CloseIdleConnections()
	before := s.holds()
	for name, c := range map[string]struct {
		messages []string
		code     int
	}{
		"no init":              {nil, 4408},
		"no credential":        {[]string{`{"type":"connection_init"}`}, 4403},
		"a bad token":          {[]string{hello("e30.e30.x")}, 4403},
		"subscribed too early": {[]string{fmt.Sprintf(follow, 1)}, 4401},
		"a second init":        {[]string{hello(token), hello(token)}, 4429},
		"an id twice":          {[]string{hello(token), fmt.Sprintf(follow, 1), fmt.Sprintf(follow, 1)}, 4409},
		"no JSON":              {[]string{"hunter2"}, 4400},
		"65 KiB":               {[]string{hello(token), `{"type":"ping","payload":{"x":"` + repeated(65<<10, "x") + `"}}`}, 1009},
		"an expired token":     {[]string{hello(s.token("acme", "VIEWER", "--ttl", "2s")), fmt.Sprintf(follow, 1)}, 4403},
		"another's new token":  {[]string{hello(token), fmt.Sprintf(`{"type":"ping","payload":{"Authorization":"Bearer %s"}}`, s.token("other", "ADMIN"))}, 4403},
	} {
		conn := s.dial("")
		for _, m := range c.messages {
			if err := conn.WriteMessage(websocket.TextMessage, []byte(m)); err != nil {
				t.Fatalf("%s: %v", name, err)
			}
		}
		if code, said := closing(conn); code != c.code || strings.Contains(said, "hunter2") {
			t.Errorf("%s: closed with %d, want %d: %s", name, code, c.code, said)
		}
		conn.Close()
		s.settles(name, before)
	}
	header := http.Header{"Origin": {"https://evil.example"}}
	dialer := websocket.Dialer{Subprotocols: []string{"graphql-transport-ws"}}
	if _, response, err := dialer.Dial("ws://"+s.address+"/graphql", header); err == nil || response.StatusCode != http.StatusForbidden {
		t.Errorf("a foreign page was let in: %v", response)
	}
	conn := s.dial("")
	if err := conn.WriteMessage(websocket.TextMessage, []byte(hello(token))); err != nil {
		t.Fatal(err)
	}
	for i := range 51 {
		if err := conn.WriteMessage(websocket.TextMessage, fmt.Appendf(nil, follow, i)); err != nil {
			t.Fatal(err)
		}
	}
	for refused := false; !refused; {
		_, text, err := conn.ReadMessage()
		if err != nil {
			t.Fatal(err)
		}
		refused = strings.Contains(string(text), `"id":"50"`) && strings.Contains(string(text), "LIMIT_EXCEEDED")
	}
	conn.Close()
	s.settles("51 operations", before)
}

// TestWhoNeverReadsIsCut: a client that asks for much, answers pings and reads nothing is cut at the write deadline, and its
// operations end.
func TestWhoNeverReadsIsCut(t *testing.T) {
	s := serve(t, "--write-timeout", "500ms")
	token := s.token("acme", "ADMIN")
	s.create(token, "sales")
	http.DefaultClient.CloseIdleConnections()
	before := s.holds()
	conn := s.dial("")
	defer conn.Close()
	if err := conn.WriteMessage(websocket.TextMessage, []byte(hello(token))); err != nil {
		t.Fatal(err)
	}
	_ = conn.SetWriteDeadline(time.Now().Add(patience)) // a server that waits for ever holds it still, and that shows
	const much = `{"id":"%d","type":"subscribe","payload":{"query":"{__schema{types{name description fields{name description args{name description}}}}}"}}`
	for i := 0; ; i++ { // until more waits than the kernel keeps
		if conn.WriteMessage(websocket.PongMessage, nil) != nil || conn.WriteMessage(websocket.TextMessage, fmt.Appendf(nil, much, i)) != nil {
			break
		}
		if i > 100_000 {
			t.Fatal("a client that never reads is held")
		}
		time.Sleep(time.Millisecond)
	}
	s.settles("a client that never reads", before)
}

func (s *server) dial(origin string) *websocket.Conn {
	s.t.Helper()
	header := http.Header{}
	if origin != "" {
		header.Set("Origin", origin)
	}
	dialer := websocket.Dialer{Subprotocols: []string{"graphql-transport-ws"}}
	conn, _, err := dialer.Dial("ws://"+s.address+"/graphql", header)
	if err != nil {
		s.t.Fatal(err)
	}
	_ = conn.SetReadDeadline(time.Now().Add(patience))
	return conn
}

// closing reads to the close frame, and answers its code and all that was said.
func closing(conn *websocket.Conn) (int, string) {
	var said strings.Builder
	for {
		_, text, err := conn.ReadMessage()
		if closed, ok := err.(*websocket.CloseError); ok {
			return closed.Code, said.String() + closed.Text
		}
		if err != nil {
			return 0, said.String() + err.Error()
		}
		said.Write(text)
	}
}

// TestARevokedKeyIsCut: a socket ends within seconds of its key's revocation.
func TestARevokedKeyIsCut(t *testing.T) {
	s := serve(t)
	token := s.token("acme", "ADMIN")
	var made struct {
		CreateApiKey struct {
			Secret string
			ApiKey struct{ ID string }
		}
	}
	if err := s.ask(token, `mutation { createApiKey(input: {name: "wall", permissions: [READ]}) { secret apiKey { id } } }`, nil, &made); err != nil {
		t.Fatal(err)
	}
	conn := s.dial("")
	defer conn.Close()
	for _, m := range []string{fmt.Sprintf(`{"type":"connection_init","payload":{"X-API-Key":%q}}`, made.CreateApiKey.Secret), fmt.Sprintf(follow, 1)} {
		if err := conn.WriteMessage(websocket.TextMessage, []byte(m)); err != nil {
			t.Fatal(err)
		}
	}
	if _, text, err := conn.ReadMessage(); err != nil || !strings.Contains(string(text), "connection_ack") {
		t.Fatalf("%s %v", text, err)
	}
	var answer any
	if err := s.ask(token, `mutation($id: ID!) { revokeApiKey(input: {id: $id}) { apiKey { id } } }`, map[string]any{"id": made.CreateApiKey.ApiKey.ID}, &answer); err != nil {
		t.Fatal(err)
	}
	revoked := time.Now()
	if code, said := closing(conn); code != 4403 {
		t.Errorf("closed with %d: %s", code, said)
	}
	t.Logf("cut after %v", time.Since(revoked).Round(time.Millisecond))
}
