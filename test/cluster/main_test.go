package cluster

import (
	"crypto/rand"
	"net"
	"os"
	"strconv"
	"strings"
	"testing"

	"github.com/mykpi/mykpi/eventstore/dynamo/dynamolocal"
	"github.com/mykpi/mykpi/test/program"
)

// binary is the server, built from the checkout; local is the DynamoDB Local of this run.
var (
	binary string
	local  dynamolocal.Server
)

func TestMain(m *testing.M) {
	code := program.RunTests(m, &binary)
	local.Stop()
	os.Exit(code)
}

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
