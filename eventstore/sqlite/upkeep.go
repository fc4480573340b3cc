package sqlite

import (
	"context"
	"sync/atomic"
	"time"
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
