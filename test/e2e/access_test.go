package e2e

import (
	"encoding/base64"
	"errors"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/gorilla/websocket"
)

type apiKey struct {
	Secret string
	APIKey struct {
		ID, Prefix            string
		LastUsedAt, RevokedAt *string
	}
}

// apiKey makes a key by an input.
func (c *client) apiKey(tb testing.TB, input vars) apiKey {
	tb.Helper()
	return ask[struct{ CreateApiKey apiKey }](tb, c, `mutation($input: CreateApiKeyInput!) { createApiKey(input: $input) {
		secret apiKey { id prefix lastUsedAt revokedAt } } }`, vars{"input": input}).CreateApiKey
}

// ended waits until the server closes the socket, and answers the code and the reason.
func (s *socket) ended(tb testing.TB) (int, string) {
	tb.Helper()
	s.conn.SetReadDeadline(time.Now().Add(updateTimeout))
	for {
		_, _, err := s.conn.ReadMessage()
		if closed, ok := errors.AsType[*websocket.CloseError](err); ok {
			return closed.Code, closed.Text
		}
		if err != nil {
			tb.Fatalf("the socket was not closed: %v", err)
		}
	}
}

// cutOff waits until a caller is refused, and tells how long it took: the promise is five seconds, but the machine may
// be busy.
func (c *client) cutOff(tb testing.TB, since time.Time, code string) answer {
	tb.Helper()
	for {
		a := c.do(tb, `{ viewer { subject } }`, nil)
		if a.Errors != nil {
			refused(tb, a, code, "")
			tb.Logf("refused after %v", time.Since(since))
			return a
		}
		if time.Since(since) > updateTimeout {
			tb.Fatal("still let in")
		}
		time.Sleep(100 * time.Millisecond)
	}
}

const watching = `subscription { kpiUpdated { cause chart { id } } }`

// TestAnAPIKeyFromItsMakingToItsEnd sends it in each of the three ways, and revokes it under an open socket.
func TestAnAPIKeyFromItsMakingToItsEnd(t *testing.T) {
	engines(t, func(t *testing.T, start starter) {
		s := start(t)
		admin := s.admin(t)
		admin.create(t, vars{"key": "own"})
		key := admin.apiKey(t, vars{"name": "n8n", "permissions": []string{"READ", "RECORD"}})
		for name, header := range map[string][2]string{
			"bearer":  {"Authorization", "Bearer " + key.Secret},
			"header":  {"X-API-Key", key.Secret},
			"basic":   {"Authorization", "Basic " + base64.StdEncoding.EncodeToString([]byte("n8n:"+key.Secret))},
			"unknown": {"Authorization", "Bearer " + key.Secret[:len(key.Secret)-1]},
		} {
			request, err := http.NewRequest(http.MethodPost, s.at("/graphql"), strings.NewReader(`{"query":"{ viewer { subject role permissions } }"}`))
			if err != nil {
				t.Fatal(err)
			}
			request.Header.Set("Content-Type", "application/json")
			request.Header.Set(header[0], header[1])
			response, err := http.DefaultClient.Do(request)
			if err != nil {
				t.Fatal(err)
			}
			body, err := io.ReadAll(response.Body)
			response.Body.Close()
			if err != nil {
				t.Fatal(err)
			}
			want := `{"data":{"viewer":{"subject":"` + key.APIKey.ID + `","role":null,"permissions":["READ","RECORD"]}}}`
			if name == "unknown" {
				if response.StatusCode != http.StatusUnauthorized || !strings.Contains(string(body), "checksum") || strings.Contains(string(body), key.Secret[20:40]) {
					t.Errorf("a typo: %d %s", response.StatusCode, body)
				}
			} else if string(body) != want {
				t.Errorf("%s: %s", name, body)
			}
		}
		machine := s.with(key.Secret)
		machine.record(t, "own", []point{{"value": 7}}, nil)
		if actor := admin.history(t, "own")[0].Actor; actor.Kind != "API_KEY" || actor.ID != key.APIKey.ID || actor.Label != "n8n" {
			t.Errorf("the history names %+v", actor)
		}
		refused(t, machine.do(t, `{ apiKeys { id } }`, nil), "FORBIDDEN", "")
		kept := ask[struct {
			APIKeys []struct{ ID, LastUsedAt string }
		}](t, admin, `{ apiKeys { id lastUsedAt } }`, nil).APIKeys
		if len(kept) != 1 || kept[0].LastUsedAt == "" {
			t.Errorf("the keys %+v", kept)
		}

		socket := machine.subscribe(t, watching)
		socket.next(t)
		since := time.Now()
		ask[any](t, admin, `mutation($id: ID!) { revokeApiKey(input: {id: $id}) { apiKey { revokedAt } } }`, vars{"id": key.APIKey.ID})
		a := machine.cutOff(t, since, "UNAUTHENTICATED")
		if a.status != http.StatusUnauthorized {
			t.Errorf("status %d", a.status)
		}
		code, reason := socket.ended(t)
		t.Logf("the socket was cut after %v: %d %s", time.Since(since), code, reason)
		if code != 4403 || !strings.Contains(reason, "revoked") {
			t.Errorf("the socket was closed with %d %s", code, reason)
		}
	})
}

// TestAKeyOfSomeCharts records into those alone.
func TestAKeyOfSomeCharts(t *testing.T) {
	engines(t, func(t *testing.T, start starter) {
		s := start(t)
		admin := s.admin(t)
		admin.create(t, vars{"key": "own"})
		admin.create(t, vars{"key": "other"})
		key := s.with(admin.apiKey(t, vars{"name": "one flow", "charts": []vars{{"key": "own"}}}).Secret)
		if got := key.record(t, "own", []point{{"value": 1}}, nil); got.Recorded != 1 {
			t.Errorf("%+v", got)
		}
		a, err := key.tryRecord(t.Context(), "other", []point{{"value": 1}}, nil)
		if err != nil {
			t.Fatal(err)
		}
		refused(t, a, "FORBIDDEN", "input.chart")
		refused(t, admin.do(t, `mutation { createApiKey(input: {name: "x", charts: [{key: "none"}]}) { secret } }`, nil), "NOT_FOUND", "input.charts[0]")
		refused(t, admin.do(t, `mutation { createApiKey(input: {name: "x", permissions: [EDIT], charts: [{key: "own"}]}) { secret } }`, nil), "BAD_USER_INPUT", "input.charts")
	})
}

// TestWhoeverIsOutIsCut suspends a tenant, and removes a member, under open sockets.
func TestWhoeverIsOutIsCut(t *testing.T) {
	engines(t, func(t *testing.T, start starter) {
		s := start(t, "--membership", "required")
		tenant := unique()
		operate := func(what string, more ...string) {
			s.run(t, append([]string{"tenants", what, tenant}, more...)...)
		}
		operate("create", "--admin", "ada@acme.example")
		person := func(subject, email string) *client {
			return s.with(s.run(t, "token", "--tenant", tenant, "--role", "VIEWER", "--ttl", "24h", "--subject", subject, "--email", email))
		}
		ada, ben := person("s-ada", "ada@acme.example"), person("s-ben", "ben@acme.example")
		ada.create(t, vars{"key": "own"}) // by the role of the member, not of the token
		if label := ada.history(t, "own")[0].Actor.Label; label != "ada@acme.example" {
			t.Errorf("the history names %s", label)
		}
		refused(t, ben.do(t, `{ viewer { subject } }`, nil), "FORBIDDEN", "")
		member := ask[struct {
			InviteMember struct{ Member struct{ ID, Status string } }
		}](t, ada,
			`mutation { inviteMember(input: {email: "Ben@acme.example", role: EDITOR}) { member { id status } } }`, nil).InviteMember.Member
		var watcher *socket
		for since := time.Now(); watcher == nil; time.Sleep(100 * time.Millisecond) {
			if a := ben.do(t, `{ viewer { role } }`, nil); a.Errors == nil {
				watcher = ben.subscribe(t, watching)
				watcher.next(t)
			} else if time.Since(since) > updateTimeout {
				t.Fatalf("the invitation is not taken up: %s", a.body)
			}
		}
		since := time.Now()
		ask[any](t, ada, `mutation($id: ID!) { removeMember(input: {id: $id}) { member { status } } }`, vars{"id": member.ID})
		if a := ben.cutOff(t, since, "FORBIDDEN"); a.status != http.StatusForbidden {
			t.Errorf("status %d", a.status)
		}
		if code, reason := watcher.ended(t); code != 4403 || !strings.Contains(reason, "removed") {
			t.Errorf("the socket of a removed member was closed with %d %s", code, reason)
		}

		watcher = ada.subscribe(t, watching)
		watcher.next(t)
		since = time.Now()
		operate("suspend")
		ada.cutOff(t, since, "FORBIDDEN")
		code, reason := watcher.ended(t)
		t.Logf("the socket of a suspended tenant was cut after %v", time.Since(since))
		if code != 4403 || !strings.Contains(reason, "suspended") {
			t.Errorf("the socket of a suspended tenant was closed with %d %s", code, reason)
		}
		operate("resume")
		for since := time.Now(); ; time.Sleep(100 * time.Millisecond) {
			if a := ada.do(t, `{ charts { totalCount } }`, nil); string(a.Data) == `{"charts":{"totalCount":1}}` {
				break
			} else if time.Since(since) > updateTimeout {
				t.Fatalf("after the tenant was resumed: %s", a.body)
			}
		}
	})
}

// TestSocketsOfATenantAreCounted opens one more than there may be.
func TestSocketsOfATenantAreCounted(t *testing.T) {
	s := allEngines[0].start(t)
	tenant := unique()
	s.run(t, "tenants", "create", tenant, "--sockets", "2")
	c := s.as(t, tenant, "VIEWER")
	c.connect(t)
	c.connect(t)
	if got := ask[struct {
		Tenant struct {
			Usage struct{ Sockets, SocketLimit int }
		}
	}](t, c, `{ tenant { usage { sockets socketLimit } } }`, nil).Tenant.Usage; got.Sockets != 2 || got.SocketLimit != 2 {
		t.Errorf("usage %+v", got)
	}
	dialer := websocket.Dialer{Subprotocols: []string{"graphql-transport-ws"}}
	conn, _, err := dialer.Dial(strings.Replace(s.at("/graphql"), "http", "ws", 1), nil)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	third := &socket{conn}
	third.write(t, frame{Type: "connection_init", Payload: marshal(t, vars{"Authorization": "Bearer " + c.token})})
	if code, reason := third.ended(t); code != 4429 || !strings.Contains(reason, "tenant") {
		t.Errorf("the third socket was closed with %d %s", code, reason)
	}
}
