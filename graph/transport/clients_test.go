package transport_test

import (
	"bufio"
	"bytes"
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/mykpi/mykpi/graph/transport"
	"github.com/mykpi/mykpi/graph/transport/guard"
)

const clientsDir = "testdata/clients"

// installClients installs the npm packages of testdata/clients, pinned by its lock file, unless they are there.
var installClients = sync.OnceValue(func() error {
	if _, err := os.Stat(filepath.Join(clientsDir, "node_modules", ".package-lock.json")); err == nil {
		return nil
	}
	install := exec.Command("npm", "ci")
	install.Dir, install.Stderr = clientsDir, os.Stderr
	return install.Run()
})

// node is a script of testdata/clients.
func node(t *testing.T, script string, args ...string) *exec.Cmd {
	t.Helper()
	if err := installClients(); err != nil {
		t.Fatalf("npm ci: %v", err)
	}
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	t.Cleanup(cancel)
	cmd := exec.CommandContext(ctx, "node", append([]string{script}, args...)...)
	cmd.Dir = clientsDir
	return cmd
}

func runNode(t *testing.T, script string, args ...string) {
	t.Helper()
	out, err := node(t, script, args...).CombinedOutput()
	if err != nil {
		t.Fatalf("%s: %v\n%s", script, err, out)
	}
	t.Logf("%s: %s", script, bytes.TrimSpace(out))
}

// All 61 audits of graphql-http, MUST, SHOULD and MAY, without and with the extensions of a real server.
func TestGraphQLHTTPAudits(t *testing.T) {
	runNode(t, "audit.mjs", newTestServer(t, nil).URL)
	runNode(t, "audit.mjs", newTestServer(t, func(s *testServer) {
		s.gql.Use(transport.NewPersistedQueries(1 << 20))
		s.gql.Use(guard.New(guard.Options{Introspect: func(context.Context) error { return nil }})) // some audits ask for a type
	}).URL)
}

func TestGraphQLWSClient(t *testing.T) {
	s := newTestServer(t, func(s *testServer) { s.ws.Share = shareOne })
	runNode(t, "ws.mjs", "ws"+strings.TrimPrefix(s.URL, "http"))
}

// graphql-ws's client takes its subscriptions up again when the server has drained it.
func TestGraphQLWSClientComesBack(t *testing.T) {
	s := newTestServer(t, nil)
	client := node(t, "ws.mjs", "ws"+strings.TrimPrefix(s.URL, "http"), "restart")
	var stderr bytes.Buffer
	client.Stderr = &stderr
	out, err := client.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := client.Start(); err != nil {
		t.Fatal(err)
	}
	if line, err := bufio.NewReader(out).ReadString('\n'); line != "ready\n" {
		t.Errorf("%q %v", line, err)
	}
	s.registry.CloseAll()
	if err := client.Wait(); err != nil {
		t.Errorf("%v\n%s", err, stderr.String())
	}
}

func TestGraphQLSSEClient(t *testing.T) {
	s := newTestServer(t, func(s *testServer) { s.sse.Share = shareOne })
	runNode(t, "sse.mjs", s.URL)
}
