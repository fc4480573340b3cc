package clients

import (
	"bufio"
	"bytes"
	"context"
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"

	"github.com/mykpi/mykpi/test/program"
)

var binary string

func TestMain(m *testing.M) {
	if err := install(); err != nil {
		fmt.Fprintf(os.Stderr, "npm ci: %v\n", err)
		os.Exit(1)
	}
	os.Exit(program.RunTests(m, &binary))
}

// install installs the clients, unless those of the lock file are there.
func install() error {
	lock, err := os.Stat("package-lock.json")
	if err != nil {
		return err
	}
	if there, err := os.Stat("node_modules/.package-lock.json"); err == nil && !there.ModTime().Before(lock.ModTime()) {
		return nil
	}
	output, err := exec.Command("npm", "ci").CombinedOutput()
	if err != nil {
		return fmt.Errorf("%w\n%s", err, output)
	}
	return nil
}

// server is a server process that can be started again at its address.
type server struct {
	t       *testing.T
	data    string
	address string
	flags   []string
	process *program.Server
}

const patience = time.Minute

func serve(t *testing.T, flags ...string) *server {
	t.Helper()
	s := &server{t: t, data: t.TempDir(), address: "127.0.0.1:0", flags: flags}
	s.start()
	t.Cleanup(func() { s.process.End(t) })
	return s
}

func (s *server) start() {
	s.t.Helper()
	s.process = program.MustServe(s.t, binary, append([]string{"--listen", s.address, "--data", s.data}, s.flags...)...)
	s.address = s.process.Address()
}

func (s *server) url() string { return "http://" + s.address + "/graphql" }

func (s *server) token(ttl string) string {
	s.t.Helper()
	return program.MustRun(s.t, binary, "token", "--data", s.data, "--tenant", "acme", "--ttl", ttl)
}

// createChart makes the chart that the scenario is about.
func (s *server) createChart() {
	s.t.Helper()
	body := `{"query":"mutation { createChart(input: {key: \"sales\", name: \"Sales\", aggregation: SUM}) { chart { id } } }"}`
	request, err := http.NewRequest(http.MethodPost, s.url(), strings.NewReader(body))
	if err != nil {
		s.t.Fatal(err)
	}
	request.Header.Set("Content-Type", "application/json")
	request.Header.Set("Authorization", "Bearer "+s.token("1h"))
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		s.t.Fatal(err)
	}
	defer response.Body.Close()
	if response.StatusCode != http.StatusOK {
		s.t.Fatal(response.Status)
	}
}

// script is a client's script against the server.
func (s *server) script(name string, environment ...string) *exec.Cmd {
	ctx, cancel := context.WithTimeout(s.t.Context(), 2*patience)
	s.t.Cleanup(cancel)
	cmd := exec.CommandContext(ctx, "node", name+".mjs")
	cmd.Env = append(append(os.Environ(), "MYKPI_URL="+s.url()), environment...)
	return cmd
}

// TestAudits runs all 61 audits of GraphQL over HTTP, MUST, SHOULD and MAY, with all guards.
func TestAudits(t *testing.T) {
	s := serve(t, "--development") // some audits ask for the schema
	out, err := s.script("audit").CombinedOutput()
	if err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
}

// TestClients plays the same scenario with each client: scenario.mjs.
func TestClients(t *testing.T) {
	for _, name := range []string{"graphql-ws", "graphql-sse", "apollo", "urql", "relay"} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := serve(t, "--shutdown", "5s")
			s.createChart()
			client := s.script(name, "MYKPI_TOKENS="+s.token("15s")+" "+s.token("1h"))
			var stderr bytes.Buffer
			client.Stderr = &stderr
			out, err := client.StdoutPipe()
			if err != nil {
				t.Fatal(err)
			}
			if err := client.Start(); err != nil {
				t.Fatal(err)
			}
			said := ""
			for lines := bufio.NewScanner(out); lines.Scan(); {
				said = lines.Text()
				if said == "restart" {
					s.process.End(t)
					s.start()
				}
			}
			if err := client.Wait(); err != nil || said != "done" {
				t.Errorf("%v, the last line %q\n%s", err, said, stderr.String())
			}
		})
	}
}
