package sqlite_test

import (
	"testing"

	"github.com/mykpi/mykpi/eventstore"
	"github.com/mykpi/mykpi/eventstore/sqlite"
	"github.com/mykpi/mykpi/eventstore/storetest"
)

func TestConformance(t *testing.T) {
	storetest.Run(t, func(t *testing.T, o storetest.Options) eventstore.Store {
		return open(t, t.TempDir(), sqlite.Options{Now: o.Now})
	})
}

func BenchmarkStore(b *testing.B) {
	storetest.Bench(b, func(b *testing.B, o storetest.Options) eventstore.Store {
		return open(b, b.TempDir(), sqlite.Options{Now: o.Now})
	})
}

func open(tb testing.TB, dir string, o sqlite.Options) *sqlite.Store {
	tb.Helper()
	s, err := sqlite.Open(dir, o)
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() {
		if err := s.Close(); err != nil {
			tb.Error(err)
		}
	})
	return s
}
