package e2e

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// TestImport records a file by the command line beside a running server: told first, then done, then gone on with.
func TestImport(t *testing.T) {
	engines(t, func(t *testing.T, start starter) {
		s, tenant := start(t), unique()
		c := s.as(t, tenant, "ADMIN")
		c.create(t, vars{"key": "orders", "aggregation": "SUM"})
		file := filepath.Join(t.TempDir(), "orders.csv")
		if err := os.WriteFile(file, []byte("date;amount;id\n2026-01-05;1,5;a\n2026-01-06;x;b\n2026-01-07;2;c\n"), 0o600); err != nil {
			t.Fatal(err)
		}
		run := func(flags ...string) string {
			t.Helper()
			defer func() { // another process' commits are seen when no answer of this second is told any more (docs/adr/0008)
				time.Sleep(time.Until(time.Now().Truncate(time.Second).Add(time.Second + 50*time.Millisecond)))
			}()
			return s.run(t, append([]string{"import", "--tenant", tenant, "--chart", "orders", "--decimal-comma", file}, flags...)...)
		}
		says := func(got, want string) {
			t.Helper()
			if !strings.Contains(got, want) {
				t.Errorf("%q, want %q", got, want)
			}
		}
		says(run("--dry-run"), "would record 2, corrected 0, unchanged 0, refused 1")
		c.holds(t, "orders", map[string]string{})
		says(run("--from", "4"), "recorded 1, corrected 0, unchanged 0, refused 0")
		c.holds(t, "orders", map[string]string{"c": "2"})
		told := run("--source", "a shop")
		says(told, "row 3: value: ")
		says(told, "recorded 1, corrected 0, unchanged 1, refused 1")
		c.holds(t, "orders", map[string]string{"a": "1.5", "c": "2"})
		if found := c.ingestions(t, "a shop"); len(found) != 1 || !strings.Contains(told, "ingestion "+found[0].ID) {
			t.Errorf("%+v of %q", found, told)
		}
	})
}
