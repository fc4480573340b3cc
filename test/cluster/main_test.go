package cluster

import (
	"crypto/rand"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/mykpi/mykpi/eventstore/dynamo/dynamolocal"
)

// local is the DynamoDB Local of this run, programs the folder of what was built for it.
var (
	local    dynamolocal.Server
	programs string
)

func TestMain(m *testing.M) { os.Exit(run(m)) }

func run(m *testing.M) int {
	var err error
	if programs, err = os.MkdirTemp("", "mykpi-cluster-"); err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	defer os.RemoveAll(programs)
	defer local.Stop()
	return m.Run()
}

// build builds a program once and answers its path.
func build(tb testing.TB, name, path string, flags ...string) string {
	tb.Helper()
	program := filepath.Join(programs, name)
	if _, err := os.Stat(program); err == nil {
		return program
	}
	arguments := append(append([]string{"build", "-o", program}, flags...), path)
	if output, err := exec.Command("go", arguments...).CombinedOutput(); err != nil {
		tb.Fatalf("go build %s: %v\n%s", path, err, output)
	}
	return program
}

const (
	mykpi      = "github.com/mykpi/mykpi/cmd/mykpi"
	natsServer = "github.com/nats-io/nats-server/v2"
)

// kills is how many kills the long form asks for, or few.
func kills(tb testing.TB) int {
	const few = 6
	text := os.Getenv("MYKPI_TORTURE")
	if text == "" {
		return few
	}
	n, err := strconv.Atoi(text)
	if err != nil || n < 1 {
		tb.Fatalf("MYKPI_TORTURE=%q is no number of kills, such as 50", text)
	}
	return n
}

// unique is a name that no other test has.
func unique() string { return "t" + strings.ToLower(rand.Text()[:12]) }

// freeAddress is one that nobody listens on.
func freeAddress(tb testing.TB) string {
	tb.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		tb.Fatal(err)
	}
	defer l.Close()
	return l.Addr().String()
}
