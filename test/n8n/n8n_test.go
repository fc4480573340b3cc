//go:build n8n

package n8n

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"
)

// patience bounds every wait for what has to come: n8n starts slowly, and waits up to 20 s before it gives up a call.
const patience = 3 * time.Minute

// n8n is one installation with a folder of its own.
type n8n struct {
	t           *testing.T
	dir         string
	environment []string
}

func newN8n(t *testing.T, o *outside) *n8n {
	t.Helper()
	if _, err := os.Stat(program); err != nil {
		t.Fatalf("n8n is not installed: make test-n8n does it: %v", err)
	}
	dir := t.TempDir()
	n := &n8n{t: t, dir: dir, environment: []string{
		"PATH=" + os.Getenv("PATH"), "HOME=" + dir, "N8N_USER_FOLDER=" + dir, "GENERIC_TIMEZONE=Europe/Paris",
		"HTTPS_PROXY=" + o.proxy.URL, "NODE_EXTRA_CA_CERTS=" + o.authority,
		"N8N_LISTEN_ADDRESS=127.0.0.1", "N8N_PORT=" + freePort(t), "N8N_RUNNERS_BROKER_PORT=" + freePort(t),
		"N8N_LOG_LEVEL=info", "N8N_DIAGNOSTICS_ENABLED=false", "N8N_VERSION_NOTIFICATIONS_ENABLED=false", "N8N_TEMPLATES_ENABLED=false",
		"N8N_PERSONALIZATION_ENABLED=false", "N8N_LICENSE_AUTO_RENEW_ENABLED=false", "N8N_COMMUNITY_PACKAGES_ENABLED=false", "N8N_SECURE_COOKIE=false",
	}}
	return n
}

const program = "node_modules/n8n/bin/n8n"

func freePort(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	_, port, _ := net.SplitHostPort(l.Addr().String())
	return port
}

func (n *n8n) command(arguments ...string) *exec.Cmd {
	c := exec.Command("node", append([]string{program}, arguments...)...)
	c.Env = n.environment
	return c
}

// run runs a command of n8n to its end and answers all it printed.
func (n *n8n) run(arguments ...string) string {
	n.t.Helper()
	output, err := n.command(arguments...).CombinedOutput()
	if err != nil && arguments[0] != "execute" { // whose output tells
		n.t.Fatalf("n8n %v: %v\n%s", arguments, err, output)
	}
	return string(output)
}

// bring imports a list of credentials or workflows.
func (n *n8n) bring(what string, list any) {
	n.t.Helper()
	text, err := json.Marshal(list)
	if err != nil {
		n.t.Fatal(err)
	}
	file := filepath.Join(n.dir, what+".json")
	if err := os.WriteFile(file, text, 0o600); err != nil {
		n.t.Fatal(err)
	}
	if output := n.run("import:"+what, "--input="+file); !strings.Contains(output, "Successfully imported") {
		n.t.Fatalf("import of %s:\n%s", what, output)
	}
}

// execution is how a flow went.
type execution struct {
	Data struct {
		ResultData struct {
			Error   *failure
			RunData map[string][]struct {
				Error *failure
				Data  struct {
					Main [][]struct{ JSON json.RawMessage }
				}
			}
		}
	}
}

// failure is the error that n8n shows at a node that turned red.
type failure struct {
	Message, Description, HTTPCode string
	Messages                       []string
	Node                           struct{ Name string }
}

// says are all texts that n8n shows of the failure.
func (f *failure) says() string {
	return strings.Join(append([]string{f.Message, f.Description}, f.Messages...), "\n")
}

// execute runs a flow once.
func (n *n8n) execute(id string) execution {
	n.t.Helper()
	output := n.run("execute", "--id="+id, "--rawOutput")
	at := strings.Index("\n"+output, "\n{")
	var e execution
	if at < 0 || json.NewDecoder(strings.NewReader(output[at:])).Decode(&e) != nil {
		n.t.Fatalf("n8n execute %s:\n%s", id, output)
	}
	return e
}

// succeed runs a flow once, which has to come to its end, and answers what its last node put out.
func (n *n8n) succeed(id, last string) []string {
	n.t.Helper()
	e := n.execute(id)
	if f := e.Data.ResultData.Error; f != nil {
		n.t.Fatalf("%s failed at %s: %s", id, f.Node.Name, f.says())
	}
	var items []string
	for _, run := range e.Data.ResultData.RunData[last] {
		for _, output := range run.Data.Main {
			for _, item := range output {
				var text bytes.Buffer
				if err := json.Compact(&text, item.JSON); err != nil {
					n.t.Fatal(err)
				}
				items = append(items, text.String())
			}
		}
	}
	if len(items) == 0 {
		n.t.Fatalf("%s: %s put nothing out", id, last)
	}
	return items
}

// fail runs a flow once, which has to turn red at a node with a text of ours.
func (n *n8n) fail(id, at, want string) {
	n.t.Helper()
	e := n.execute(id)
	f := e.Data.ResultData.Error
	if f == nil || f.Node.Name != at || !strings.Contains(f.says(), want) {
		n.t.Errorf("%s: want %q at %s, got %+v", id, want, at, f)
	}
}

// serve runs n8n as the server that it is, until the test ends.
func (n *n8n) serve() {
	n.t.Helper()
	c := n.command("start")
	var log bytes.Buffer
	c.Stdout, c.Stderr = &log, &log
	if err := c.Start(); err != nil {
		n.t.Fatal(err)
	}
	exited := make(chan error, 1)
	go func() { exited <- c.Wait() }()
	n.t.Cleanup(func() {
		_ = c.Process.Signal(syscall.SIGTERM)
		select {
		case <-exited:
		case <-time.After(patience):
			_ = c.Process.Kill()
			<-exited
		}
		if n.t.Failed() {
			n.t.Logf("n8n's log:\n%s", &log)
		}
	})
}

// flow is a workflow of integrations/n8n, as its user sets it up.
type flow map[string]any

func load(t *testing.T, name string) flow {
	t.Helper()
	text, err := os.ReadFile(filepath.Join("../../integrations/n8n", name+".json"))
	if err != nil {
		t.Fatal(err)
	}
	var f flow
	if err := json.Unmarshal(text, &f); err != nil {
		t.Fatal(err)
	}
	f["id"] = name
	return f
}

// named is the copy of a flow under another ID.
func (f flow) named(id string) flow {
	f["id"] = id
	return f
}

func (f flow) node(name string) map[string]any {
	for _, n := range f["nodes"].([]any) {
		if n := n.(map[string]any); n["name"] == name {
			return n
		}
	}
	panic("there is no node " + name)
}

// set writes values into a node of settings.
func (f flow) set(node string, values map[string]string) flow {
	parameters := f.node(node)["parameters"].(map[string]any)
	for _, a := range parameters["assignments"].(map[string]any)["assignments"].([]any) {
		a := a.(map[string]any)
		if v, ok := values[a["name"].(string)]; ok {
			a["value"] = v
		}
	}
	return f
}

// credential gives a node another credential.
func (f flow) credential(node, id string) flow {
	f.node(node)["credentials"] = map[string]any{"httpHeaderAuth": map[string]any{"id": id, "name": id}}
	return f
}

// byHand adds a trigger that the command line can start beside one that it can't, such as a schedule.
func (f flow) byHand(trigger string) flow {
	const name = "By hand"
	f["nodes"] = append(f["nodes"].([]any), map[string]any{
		"id": "by-hand", "name": name, "type": "n8n-nodes-base.manualTrigger", "typeVersion": 1, "position": []int{0, 0}, "parameters": map[string]any{},
	})
	connections := f["connections"].(map[string]any)
	connections[name] = connections[trigger]
	return f
}

// post sends a webhook to n8n, as Stripe does.
func post(t *testing.T, url, body string) {
	t.Helper()
	response, err := http.Post(url, "application/json", strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	response.Body.Close()
	if response.StatusCode != http.StatusOK {
		t.Fatalf("n8n answers an event with %d", response.StatusCode)
	}
}

// eventually waits until a figure is what it has to be.
func eventually(t *testing.T, what string, want string, read func() string) {
	t.Helper()
	got := ""
	for end := time.Now().Add(patience); time.Now().Before(end); time.Sleep(200 * time.Millisecond) {
		if got = read(); got == want {
			return
		}
	}
	t.Errorf("%s is %s, want %s", what, got, want)
}

func credentials(key string) []any {
	bearer := func(id, secret string) any {
		return map[string]any{"id": id, "name": id, "type": "httpHeaderAuth", "data": map[string]any{"name": "Authorization", "value": "Bearer " + secret}}
	}
	return []any{
		bearer("mykpi", key), bearer("wrong", "mykpi_of_nobody"),
		map[string]any{"id": "stripe", "name": "Stripe", "type": "stripeApi", "data": map[string]any{"secretKey": stripeKey}},
		map[string]any{"id": "sheets", "name": "Google Sheets", "type": "googleSheetsOAuth2Api", "data": map[string]any{
			"clientId": "client", "clientSecret": "secret",
			"oauthTokenData": map[string]any{"access_token": googleToken, "token_type": "Bearer", "expires_in": 3599, "scope": "https://www.googleapis.com/auth/spreadsheets"},
		}},
	}
}

func quote(s string) string { return fmt.Sprintf("%q", s) }
