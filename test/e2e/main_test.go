package e2e

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"testing"

	"github.com/mykpi/mykpi/eventstore/dynamo/dynamolocal"
)

// binary is the server, built from the checkout.
var binary string

// local is the DynamoDB Local of this run.
var local dynamolocal.Server

func TestMain(m *testing.M) { os.Exit(run(m)) }

func run(m *testing.M) int {
	dir, err := os.MkdirTemp("", "mykpi-e2e-")
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	defer os.RemoveAll(dir)
	defer local.Stop()
	binary = filepath.Join(dir, "mykpi")
	if output, err := exec.Command("go", "build", "-o", binary, "github.com/mykpi/mykpi/cmd/mykpi").CombinedOutput(); err != nil {
		fmt.Fprintf(os.Stderr, "go build: %v\n%s", err, output)
		return 1
	}
	return m.Run()
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
