package cluster

import (
	"net"
	"os/exec"
	"path/filepath"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/mykpi/mykpi/test/program"
)

// patience bounds every wait for what has to come: the machine may be busy.
const patience = time.Minute

// cluster is several server processes on one DynamoDB, which can be killed and started again.
type cluster struct {
	binary    string
	store     []string // flags that name the store
	flags     []string // others
	instances []*instance
}

type instance struct {
	mu      sync.Mutex // guards what follows: clients ask for the URL while a test kills and starts
	process *program.Server
}

// startCluster makes tables and starts n instances on them. They end with the test.
func startCluster(tb testing.TB, binary string, n int, flags ...string) *cluster {
	tb.Helper()
	c := &cluster{binary: binary, store: append(program.Tables(tb, binary, local.Endpoint(tb)), "--data", tb.TempDir()), flags: flags}
	for range n {
		i := &instance{}
		c.instances = append(c.instances, i)
		c.start(tb, i)
	}
	tb.Cleanup(func() {
		for _, i := range c.instances {
			i.running().Kill()
		}
	})
	return c
}

func (c *cluster) start(tb testing.TB, i *instance) {
	tb.Helper()
	unlimited := []string{"--rate-address", "0", "--rate-tenant", "0", "--rate-mutations", "0"}
	process := program.MustServe(tb, c.binary, slices.Concat(unlimited, c.store, c.flags)...)
	i.mu.Lock()
	defer i.mu.Unlock()
	i.process = process
}

// running is the process now, whose URL is another after each start.
func (i *instance) running() *program.Server {
	i.mu.Lock()
	defer i.mu.Unlock()
	return i.process
}

// run runs a command of the binary on the cluster's store and answers what it printed.
func (c *cluster) run(tb testing.TB, arguments ...string) string {
	tb.Helper()
	return program.MustRun(tb, c.binary, slices.Concat(arguments, c.store)...)
}

// natsProcess is a NATS server on an address of its own.
type natsProcess struct {
	binary, address string
	process         *exec.Cmd
}

func startNATS(tb testing.TB) *natsProcess {
	tb.Helper()
	n := &natsProcess{binary: filepath.Join(filepath.Dir(binary), "nats-server"), address: freeAddress(tb)}
	if output, err := exec.Command("go", "build", "-o", n.binary, "github.com/nats-io/nats-server/v2").CombinedOutput(); err != nil {
		tb.Fatalf("go build: %v\n%s", err, output)
	}
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
	n.process = exec.Command(n.binary, "--addr", host, "--port", port)
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
