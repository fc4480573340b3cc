package e2e

import (
	"crypto/rand"
	"strings"
	"testing"

	"github.com/mykpi/mykpi/test/program"
)

// engine is one way to keep everything.
type engine struct {
	name string
	// store makes an empty store and answers the flags that name it, beside --data.
	store func(tb testing.TB) []string
}

var allEngines = []engine{
	{"sqlite", func(testing.TB) []string { return nil }},
	{"dynamodb", func(tb testing.TB) []string {
		return program.Tables(tb, binary, local.Endpoint(tb))
	}},
}

// starter starts a server on a fresh store, with more flags where the test has some. It ends with the test.
type starter func(tb testing.TB, flags ...string) *server

// engines runs a test once on each engine.
func engines(t *testing.T, test func(t *testing.T, start starter)) {
	for _, e := range allEngines {
		t.Run(e.name, func(t *testing.T) { test(t, e.start) })
	}
}

func (e engine) start(tb testing.TB, flags ...string) *server {
	tb.Helper()
	s := &server{store: append(e.store(tb), "--data", tb.TempDir()), flags: flags}
	s.start(tb)
	tb.Cleanup(func() { s.running().End(tb) })
	return s
}

// unique is a name that no other test has.
func unique() string { return "t" + strings.ToLower(rand.Text()[:12]) }
