package sqlite_test

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/mykpi/mykpi/eventstore"
	"github.com/mykpi/mykpi/eventstore/sqlite"
	"github.com/mykpi/mykpi/tenancy"
)

// TestTwoStores: two on one folder, as two processes would be, see each other's commits at once.
func TestTwoStores(t *testing.T) {
	dir := t.TempDir()
	stores := []*sqlite.Store{open(t, dir, sqlite.Options{}), open(t, dir, sqlite.Options{})}
	for version := range int64(20) {
		writer, other := stores[version/2%2], stores[1-version/2%2]
		if err := writer.Commit(t.Context(), acme, point(0, version, 10)); err != nil {
			t.Fatalf("version %d: %v", version+1, err)
		}
		if err := other.Commit(t.Context(), acme, point(0, version, 10)); !errors.Is(err, eventstore.ErrConflict) {
			t.Fatalf("version %d again: %v", version+1, err)
		}
		answers, err := other.Documents(t.Context(), acme, eventstore.One(nowOf(0)))
		if err != nil || len(answers[0]) != 1 || answers[0][0].Revision != version+1 {
			t.Fatalf("after version %d the other reads %v, %v", version+1, answers, err)
		}
	}
}

func TestTwoStoresUnderLoad(t *testing.T) {
	dir := t.TempDir()
	const each = 40
	var group sync.WaitGroup
	for i := range 4 {
		s := open(t, dir, sqlite.Options{})
		group.Go(func() {
			for version := range int64(each) {
				if err := s.Commit(t.Context(), acme, point(i, version, 100)); err != nil {
					t.Error(err)
					return
				}
			}
		})
	}
	group.Wait()
	s := open(t, dir, sqlite.Options{})
	for i := range 4 {
		if events, err := s.Events(t.Context(), acme, chartStream(i), 0, 1000); err != nil || len(events) != each {
			t.Errorf("chart %d: %d events, %v", i, len(events), err)
		}
	}
}

func TestChanged(t *testing.T) {
	dir := t.TempDir()
	ours, other := open(t, dir, sqlite.Options{}), open(t, dir, sqlite.Options{})
	changed := func() uint64 {
		t.Helper()
		n, err := ours.Changed(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		return n
	}
	before := changed()
	if err := ours.Commit(t.Context(), acme, point(0, 0, 10)); err != nil {
		t.Fatal(err)
	}
	if changed() != before {
		t.Error("it changed with our own commit")
	}
	if err := other.Commit(t.Context(), acme, point(0, 1, 10)); err != nil {
		t.Fatal(err)
	}
	if changed() == before {
		t.Error("it did not change with another's commit")
	}
}

// TestOneInstant: the spans of one call are of one commit, whatever is written meanwhile.
func TestOneInstant(t *testing.T) {
	s := open(t, t.TempDir(), sqlite.Options{})
	a, b := eventstore.Key{Name: "a"}, eventstore.Key{Stream: chartStream(0), Name: "b"}
	commit := func() error {
		return s.Commit(t.Context(), acme, eventstore.Commit{Puts: []eventstore.Put{{Key: a}, {Key: b}}})
	}
	if err := commit(); err != nil {
		t.Fatal(err)
	}
	var group sync.WaitGroup
	group.Go(func() {
		for range 300 {
			if err := commit(); err != nil {
				t.Error(err)
				return
			}
		}
	})
	for range 600 {
		answers, err := s.Documents(t.Context(), acme, eventstore.One(a), eventstore.One(b))
		if err != nil {
			t.Fatal(err)
		}
		if answers[0][0].Revision != answers[1][0].Revision {
			t.Fatalf("revisions %d and %d", answers[0][0].Revision, answers[1][0].Revision)
		}
	}
	group.Wait()
}

// TestEraseOverwrites: after Erase and Close the folder holds none of the tenant's bytes.
func TestEraseOverwrites(t *testing.T) {
	dir := t.TempDir()
	s, err := sqlite.Open(dir, sqlite.Options{})
	if err != nil {
		t.Fatal(err)
	}
	const secret = "the revenue of globex"
	globex := tenancy.MustParseID("globex")
	for version := range int64(30) {
		for _, tenant := range []tenancy.ID{acme, globex} {
			c := point(0, version, 0)
			if tenant == globex {
				c.Appends[0].Events[0].Data = []byte(strings.Repeat(secret, 300))
				c.Puts[0].Body = []byte(strings.Repeat(secret, 300))
				c.Puts[0].Key.Name += string(rune('a' + version))
			}
			if err := s.Commit(t.Context(), tenant, c); err != nil {
				t.Fatal(err)
			}
		}
	}
	if err := s.Erase(t.Context(), globex); err != nil {
		t.Fatal(err)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	files, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range files {
		content, err := os.ReadFile(filepath.Join(dir, file.Name()))
		if err != nil {
			t.Fatal(err)
		}
		for _, trace := range []string{"revenue", "globex"} {
			if bytes.Contains(content, []byte(trace)) {
				t.Errorf("%s still holds %q", file.Name(), trace)
			}
		}
	}
}
