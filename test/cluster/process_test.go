package cluster

import (
	"bufio"
	"encoding/json"
	"io"
	"net"
	"os"
	"os/exec"
	"strings"
	"sync"
	"testing"
	"time"
)

// patience bounds every wait for what has to come: the machine may be busy.
const patience = time.Minute

// cluster is several server processes on one DynamoDB, which can be killed and started again.
type cluster struct {
	program   string
	flags     []string
	instances []*instance
}

type instance struct {
	mu      sync.Mutex
	url     string // of now; another after each start
	process *exec.Cmd
	exited  chan struct{}
}

// startCluster makes tables and starts n instances on them. They end with the test.
func startCluster(tb testing.TB, program string, n int, flags ...string) *cluster {
	tb.Helper()
	store := []string{"--dynamodb-endpoint", local.Endpoint(tb), "--table-prefix", unique() + "-"}
	c := &cluster{program: program, flags: append(append(store, "--store", "dynamodb", "--data", tb.TempDir()), flags...)}
	c.run(tb, append([]string{"tables", "create"}, store...)...)
	for range n {
		i := &instance{}
		c.instances = append(c.instances, i)
		c.start(tb, i)
	}
	tb.Cleanup(func() {
		for _, i := range c.instances {
			i.kill()
		}
	})
	return c
}

func (c *cluster) start(tb testing.TB, i *instance) {
	arguments := append([]string{"serve", "--listen", "127.0.0.1:0", "--log-format", "json",
		"--rate-address", "0", "--rate-tenant", "0", "--rate-mutations", "0"}, c.flags...)
	process := exec.Command(c.program, arguments...)
	process.Env = environment()
	stderr, err := process.StderrPipe()
	if err != nil {
		tb.Fatal(err)
	}
	if err := process.Start(); err != nil {
		tb.Fatal(err)
	}
	exited, serving := make(chan struct{}), make(chan string, 1)
	var log strings.Builder
	go func() {
		defer close(exited)
		lines := bufio.NewScanner(stderr)
		for lines.Scan() {
			var line struct{ Msg, URL string }
			if json.Unmarshal(lines.Bytes(), &line) == nil && line.Msg == "serving" {
				serving <- line.URL
			}
			log.WriteString(lines.Text() + "\n")
		}
		io.Copy(io.Discard, stderr)
		process.Wait() // it was killed, or the test sees what it does not answer
	}()
	select {
	case url := <-serving:
		i.mu.Lock()
		i.url, i.process, i.exited = url, process, exited
		i.mu.Unlock()
	case <-exited:
		tb.Fatalf("the server ended at once:\n%s", &log)
	case <-time.After(patience):
		process.Process.Kill()
		tb.Fatal("the server does not serve")
	}
}

// kill ends the process as a power cut would.
func (i *instance) kill() {
	i.process.Process.Kill()
	<-i.exited
}

func (i *instance) at() string {
	i.mu.Lock()
	defer i.mu.Unlock()
	return i.url
}

// run runs a command of the program to its end and answers what it printed.
func (c *cluster) run(tb testing.TB, arguments ...string) string {
	tb.Helper()
	command := exec.Command(c.program, arguments...)
	command.Env = environment()
	var stderr strings.Builder
	command.Stderr = &stderr
	output, err := command.Output()
	if err != nil {
		tb.Fatalf("mykpi %v: %v\n%s", arguments, err, stderr.String())
	}
	return strings.TrimSpace(string(output))
}

// environment is the test's own without settings of MyKPI and AWS, and with credentials that DynamoDB Local does not check.
func environment() []string {
	kept := []string{"AWS_REGION=eu-central-1", "AWS_ACCESS_KEY_ID=local", "AWS_SECRET_ACCESS_KEY=local"}
	for _, v := range os.Environ() {
		if !strings.HasPrefix(v, "MYKPI_") && !strings.HasPrefix(v, "AWS_") {
			kept = append(kept, v)
		}
	}
	return kept
}

// natsProcess is a NATS server on an address of its own.
type natsProcess struct {
	program, address string
	process          *exec.Cmd
}

func startNATS(tb testing.TB) *natsProcess {
	tb.Helper()
	n := &natsProcess{program: build(tb, "nats-server", natsServer), address: freeAddress(tb)}
	n.start(tb)
	tb.Cleanup(n.kill)
	return n
}

func (n *natsProcess) url() string { return "nats://" + n.address }

func (n *natsProcess) start(tb testing.TB) {
	tb.Helper()
	host, port, err := net.SplitHostPort(n.address)
	if err != nil {
		tb.Fatal(err)
	}
	n.process = exec.Command(n.program, "--addr", host, "--port", port)
	if err := n.process.Start(); err != nil {
		tb.Fatal(err)
	}
	for end := time.Now().Add(patience); ; time.Sleep(20 * time.Millisecond) {
		conn, err := net.Dial("tcp", n.address)
		if err == nil {
			conn.Close()
			return
		}
		if time.Now().After(end) {
			tb.Fatalf("NATS does not answer: %v", err)
		}
	}
}

func (n *natsProcess) kill() {
	n.process.Process.Kill()
	n.process.Wait() // it was killed: that is its error
}
