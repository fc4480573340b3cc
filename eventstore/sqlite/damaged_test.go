package sqlite_test

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/mykpi/mykpi/eventstore/sqlite"
	driver "zombiezen.com/go/sqlite"
	"zombiezen.com/go/sqlite/sqlitex"
)

// TestDamaged: Open says what is wrong with a file, and leaves it as it is.
func TestDamaged(t *testing.T) {
	whole := wholeFile(t)
	execute := func(query string) func(*testing.T, string) {
		return func(t *testing.T, path string) {
			conn, err := driver.OpenConn(path)
			if err != nil {
				t.Fatal(err)
			}
			defer conn.Close()
			if err := sqlitex.ExecuteScript(conn, query, nil); err != nil {
				t.Fatal(err)
			}
		}
	}
	write := func(content []byte) func(*testing.T, string) {
		return func(t *testing.T, path string) {
			if err := os.WriteFile(path, content, 0o600); err != nil {
				t.Fatal(err)
			}
		}
	}
	changed := func(at, n int) []byte {
		b := bytes.Clone(whole)
		for i := range n {
			b[at+i] ^= 0xa5
		}
		return b
	}
	for name, c := range map[string]struct {
		make func(*testing.T, string)
		says string
	}{
		"text":                 {write([]byte(strings.Repeat("no database at all ", 500))), "no SQLite database"},
		"header":               {write(changed(0, 16)), "no SQLite database"},
		"cut short":            {write(whole[:len(whole)/2]), "damaged"},
		"a page":               {write(changed(len(whole)/4096/2*4096, 512)), "damaged"},
		"every later page":     {write(changed(4096, len(whole)-4096)), "damaged"},
		"of another program":   {execute("PRAGMA application_id = 7; CREATE TABLE t(a)"), "another program"},
		"of an unnamed one":    {execute("CREATE TABLE t(a)"), "another program"},
		"of a newer program":   {func(t *testing.T, path string) { write(whole)(t, path); execute("PRAGMA user_version = 99")(t, path) }, "newer"},
		"of an unknown schema": {func(t *testing.T, path string) { write(whole)(t, path); execute("PRAGMA user_version = 0")(t, path) }, "schema version 0"},
	} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			path := filepath.Join(dir, sqlite.FileName)
			c.make(t, path)
			before, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			s, err := sqlite.Open(dir, sqlite.Options{})
			if err == nil {
				s.Close()
				t.Fatal("it opened")
			}
			if !strings.Contains(err.Error(), c.says) || !strings.Contains(err.Error(), path) {
				t.Errorf("%q does not say %q and which file", err, c.says)
			}
			if after, err := os.ReadFile(path); err != nil || !bytes.Equal(before, after) {
				t.Errorf("the file was changed, or lost: %v", err)
			}
		})
	}
}

// wholeFile is the content of a database with some hundred pages.
func wholeFile(t *testing.T) []byte {
	t.Helper()
	dir := t.TempDir()
	s, err := sqlite.Open(dir, sqlite.Options{})
	if err != nil {
		t.Fatal(err)
	}
	for chart := range 5 {
		for version := range int64(40) {
			if err := s.Commit(t.Context(), acme, point(chart, version, 3000)); err != nil {
				t.Fatal(err)
			}
		}
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	content, err := os.ReadFile(filepath.Join(dir, sqlite.FileName))
	if err != nil {
		t.Fatal(err)
	}
	return content
}
