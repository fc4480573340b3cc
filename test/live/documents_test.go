package live

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/gorilla/websocket"
)

// TestTrustedDocumentsAlone: a server with a manifest runs what is in it, by id or by text, and nothing else, on a websocket
// either.
func TestTrustedDocumentsAlone(t *testing.T) {
	manifest := filepath.Join(t.TempDir(), "manifest.json")
	if err := os.WriteFile(manifest, []byte(`{"v1":"{version}","live":"subscription{kpiUpdated{cause}}"}`), 0o600); err != nil {
		t.Fatal(err)
	}
	s := serve(t, "--trusted-documents", manifest)
	token := s.token("acme", "ADMIN")
	for body, want := range map[string]string{
		`{"documentId":"v1"}`:             `{"data":{"version":`,
		`{"query":"{version}"}`:           `{"data":{"version":`,
		`{"query":"{ version }"}`:         "FORBIDDEN",
		`{"query":"{charts{nodes{id}}}"}`: "FORBIDDEN",
		`{"documentId":"v2"}`:             "FORBIDDEN",
	} {
		if _, _, answer := s.send("POST", s.url(), token, "application/json", strings.NewReader(body)); !strings.Contains(answer, want) {
			t.Errorf("%s: %s", body, answer)
		}
	}
	conn := s.dial("")
	defer conn.Close()
	for _, m := range []string{hello(token), fmt.Sprintf(follow, 1), `{"id":"2","type":"subscribe","payload":{"query":"subscription{kpiUpdated{cursor}}"}}`} {
		if err := conn.WriteMessage(websocket.TextMessage, []byte(m)); err != nil {
			t.Fatal(err)
		}
	}
	for _, want := range []string{"connection_ack", `"id":"2","type":"error"`} { // the first follows, and hears of no chart
		if _, text, err := conn.ReadMessage(); err != nil || !strings.Contains(string(text), want) {
			t.Errorf("%s %v, want %s", text, err, want)
		}
	}
}
