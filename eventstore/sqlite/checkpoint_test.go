package sqlite

import (
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"github.com/mykpi/mykpi/eventstore"
)

// The log is copied back long before the writer would have to, so that little is left to it.
func TestTheLogIsCopiedBack(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, FileName)
	s := openTest(t, dir, Options{})
	const size = 64 << 10
	for n := range checkpointBytes / size {
		c := eventstore.Commit{Puts: []eventstore.Put{{Key: eventstore.Key{Name: fmt.Sprint(n)}, Body: make([]byte, size)}}}
		if err := s.Commit(t.Context(), acme, c); err != nil {
			t.Fatal(err)
		}
	}
	onWriter(t, s, func(w *writer) (err error) {
		if err := w.checkpointer.close(); err != nil { // it was called; this waits for it
			return err
		}
		w.checkpointer, err = openCheckpointer(path)
		return err
	})
	if info, err := os.Stat(path); err != nil || info.Size() < checkpointBytes*3/4 {
		t.Errorf("the database has %d bytes of %d, %v", info.Size(), checkpointBytes, err)
	}
}
