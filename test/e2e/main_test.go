package e2e

import (
	"os"
	"strconv"
	"testing"

	"github.com/mykpi/mykpi/eventstore/dynamo/dynamolocal"
	"github.com/mykpi/mykpi/test/program"
)

// binary is the server, built from the checkout.
var binary string

// local is the DynamoDB Local of this run.
var local dynamolocal.Server

func TestMain(m *testing.M) {
	code := program.RunTests(m, &binary)
	local.Stop()
	os.Exit(code)
}

// torture is how long the long forms are to be: the number in MYKPI_TORTURE, 0 for the short forms.
func torture(tb testing.TB) int {
	text := os.Getenv("MYKPI_TORTURE")
	if text == "" {
		return 0
	}
	n, err := strconv.Atoi(text)
	if err != nil || n < 1 {
		tb.Fatalf("MYKPI_TORTURE=%q is no number of kills, such as 1000", text)
	}
	return n
}
