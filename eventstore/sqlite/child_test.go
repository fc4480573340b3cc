package sqlite_test

import (
	"fmt"
	"os"
	"os/exec"
	"testing"
)

// childVariable names the part that this test binary plays when it is started again as a process of its own.
const childVariable = "MYKPI_SQLITE_TEST_CHILD"

func TestMain(m *testing.M) {
	parts := map[string]func(dir string) error{"commit": commitUntilKilled, "fill": fillDisk}
	part, ok := parts[os.Getenv(childVariable)]
	if !ok {
		os.Exit(m.Run())
	}
	if err := part(os.Args[1]); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func child(t *testing.T, part, dir string) *exec.Cmd {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.CommandContext(t.Context(), self, dir)
	cmd.Env = append(os.Environ(), childVariable+"="+part)
	return cmd
}
