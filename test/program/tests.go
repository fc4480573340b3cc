package program

import (
	"crypto/rand"
	"fmt"
	"os"
	"testing"
)

// RunTests builds the server for the tests of a package, tells them its path and runs them. It answers what their TestMain
// is to exit with.
func RunTests(m *testing.M, path *string) int {
	dir, err := os.MkdirTemp("", "mykpi-test-")
	if err == nil {
		defer os.RemoveAll(dir)
		*path, err = Build(dir)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	return m.Run()
}

// MustRun runs a command that has to succeed.
func MustRun(tb testing.TB, path string, arguments ...string) string {
	tb.Helper()
	output, err := Run(path, arguments...)
	if err != nil {
		tb.Fatal(err)
	}
	return output
}

// MustServe serves. The test ends what it starts, by End or by Kill.
func MustServe(tb testing.TB, path string, flags ...string) *Server {
	tb.Helper()
	s, err := Serve(path, flags...)
	if err != nil {
		tb.Fatal(err)
	}
	return s
}

// End stops the server, which has to end well, and tells its last lines where the test failed.
func (s *Server) End(tb testing.TB) {
	tb.Helper()
	if err := s.Stop(); err != nil {
		tb.Error(err)
	}
	if tb.Failed() {
		tb.Logf("the server's last lines:\n%s", s.Logs())
	}
}

// Tables makes tables of their own for a test and answers the flags that name them.
func Tables(tb testing.TB, path, endpoint string) []string {
	tb.Helper()
	tables := []string{"--dynamodb-endpoint", endpoint, "--table-prefix", rand.Text() + "-"}
	MustRun(tb, path, append([]string{"tables", "create"}, tables...)...)
	return append(tables, "--store", "dynamodb")
}
