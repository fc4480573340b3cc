package sqlite

import (
	"context"
	"errors"
	"sync"
	"sync/atomic"
	"time"

	driver "zombiezen.com/go/sqlite"
)

// purge deletes some of the expired documents, which no reader sees any more, and reports whether there may be more.
// A failure is left to the next look: nobody waits for a purge.
func (w *writer) purge() (more bool) {
	err := w.transaction(func() error {
		w.purgeDocuments.BindInt64(1, w.now().Unix())
		w.purgeDocuments.BindInt64(2, purgeStep)
		err := exec(w.purgeDocuments)
		more = w.conn.Changes() == purgeStep
		return err
	})
	w.known.forget()
	if err == nil && more {
		return true
	}
	w.lastPurge = time.Now()
	return false
}

// Ready implements eventstore.Store. A write of the last second is proof enough; without one it writes the
// schema's version again, which takes the way of every commit.
func (s *Store) Ready(ctx context.Context) error {
	err := s.readers.with(ctx, func(r *reader) error {
		r.firstStream.BindText(1, "")
		return exec(r.firstStream)
	})
	if err != nil {
		return err
	}
	return s.queue.do(ctx, &request{job: func(w *writer) error {
		if time.Since(w.lastWrite) < time.Second {
			return nil
		}
		return w.transaction(func() error { return exec(w.probe) })
	}})
}

// watcher is a connection that looks at what others have committed.
type watcher struct {
	mu      sync.Mutex
	conn    *driver.Conn
	version *driver.Stmt
}

func openWatcher(path string) (*watcher, error) {
	conn, err := driver.OpenConn(path, driver.OpenReadWrite)
	if err != nil {
		return nil, err
	}
	conn.SetBusyTimeout(busyTimeout)
	w := &watcher{conn: conn}
	if w.version, err = conn.Prepare("PRAGMA data_version"); err != nil {
		return nil, errors.Join(err, conn.Close())
	}
	return w, nil
}

// close lets the connection go; Committed answers an error from then on.
func (w *watcher) close() error {
	w.mu.Lock()
	defer w.mu.Unlock()
	conn := w.conn
	w.conn = nil
	return conn.Close()
}

// Committed answers a number that changes with every commit, of whatever process, from when it can be seen.
func (s *Store) Committed(context.Context) (uint64, error) {
	w := s.watcher
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.conn == nil {
		return 0, errClosed
	}
	if _, err := w.version.Step(); err != nil {
		return 0, fault("read", err)
	}
	version := w.version.ColumnInt64(0)
	return uint64(version), fault("read", w.version.Reset())
}

// sighting is what the writer has seen of other processes' commits. None can commit while it is in a transaction.
type sighting struct {
	version atomic.Int64
	held    atomic.Bool
}

func (s *sighting) hold(version int64) {
	s.version.Store(version)
	s.held.Store(true)
}

func (s *sighting) release() { s.held.Store(false) }

// Changed answers a number that changes when another process has written, and not when this Store has. It waits for no
// transaction that is under way: whoever reads must not wait for those who write much.
func (s *Store) Changed(ctx context.Context) (uint64, error) {
	if s.others.held.Load() {
		return uint64(s.others.version.Load()), nil
	}
	var version int64
	err := s.queue.do(ctx, &request{job: func(w *writer) (err error) {
		version, err = pragmaInt(w.conn, "data_version")
		return err
	}})
	return uint64(version), err
}
