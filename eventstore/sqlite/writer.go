package sqlite

import (
	"errors"
	"fmt"
	"time"

	driver "zombiezen.com/go/sqlite"
)

const (
	// groupBytes bounds what one transaction writes, and so how long its first commit waits for its last.
	groupBytes = 4 << 20
	// groupCommits bounds the same by number.
	groupCommits = 1024
	// purgeEvery is the time between two looks for expired documents.
	purgeEvery = 10 * time.Second
	// purgeStep is how many of them one transaction deletes.
	purgeStep = 250
)

// writer owns the one connection that writes. Only serve's goroutine uses it.
type writer struct {
	conn  *driver.Conn
	now   func() time.Time
	queue *queue

	begin, end, rollback       *driver.Stmt
	lastSeq                    *driver.Stmt
	findStream                 *driver.Stmt
	insertStream, updateStream *driver.Stmt
	insertEvent, insertMark    *driver.Stmt
	findDocument               *driver.Stmt
	insertDocument             *driver.Stmt
	updateDocument             *driver.Stmt
	dropDocument               *driver.Stmt
	purgeDocuments             *driver.Stmt
	dataVersion, probe         *driver.Stmt

	known known
	seq   int64      // the last event's, once a transaction has looked; else 0
	heads []head     // of the commit at hand
	rows  []row      // of the documents it names
	group []*request // the transaction at hand
	errs  []error    // the answers to those of the group that were applied
	room  int        // bytes that the group may still take on

	checkpointer *checkpointer
	logged       int // bytes that the log has taken on since it was called

	callers int // the group that the last one's callers and those who waited then would make

	others sighting // of other processes' commits

	lastPurge time.Time // that left nothing
	lastWrite time.Time // of the last transaction that reached the disk; zero after one that failed
}

func (w *writer) prepare() error {
	return prepare(w.conn, map[**driver.Stmt]string{
		&w.begin:          "BEGIN IMMEDIATE",
		&w.end:            "COMMIT",
		&w.rollback:       "ROLLBACK",
		&w.lastSeq:        "SELECT max(seq) FROM events",
		&w.findStream:     "SELECT no, version, head FROM streams WHERE name = ?",
		&w.insertStream:   "INSERT INTO streams(name, version, head) VALUES (?, ?, ?)",
		&w.updateStream:   "UPDATE streams SET version = ?2, head = ?3 WHERE no = ?1",
		&w.insertEvent:    "INSERT INTO events(seq, stream, version, prev, record) VALUES (?, ?, ?, ?, ?)",
		&w.insertMark:     "INSERT INTO marks(stream, version, seq) VALUES (?, ?, ?)",
		&w.findDocument:   "SELECT no, revision, expires FROM documents WHERE key = ?",
		&w.insertDocument: "INSERT INTO documents(key, revision, expires, body) VALUES (?, 1, ?, ?)",
		&w.updateDocument: "UPDATE documents SET revision = ?2, expires = ?3, body = ?4 WHERE no = ?1",
		&w.dropDocument:   "DELETE FROM documents WHERE no = ?",
		&w.dataVersion:    "PRAGMA data_version",
		&w.purgeDocuments: "DELETE FROM documents WHERE no IN (SELECT no FROM documents WHERE expires > 0 AND expires <= ?1 LIMIT ?2)",
		&w.probe:          fmt.Sprintf("PRAGMA user_version = %d", schemaVersion),
	})
}

// serve answers the queue until it is closed and empty, then closes the connection.
func (w *writer) serve() error {
	ticker := time.NewTicker(purgeEvery)
	defer ticker.Stop()
	for closed := false; !closed; {
		select {
		case <-w.queue.wake:
		case <-ticker.C:
		}
		closed = w.queue.isClosed()
		for w.next() {
			if time.Since(w.lastPurge) >= purgeEvery {
				w.purge()
			}
		}
		if time.Since(w.lastPurge) >= purgeEvery && w.purge() {
			w.queue.ring()
		}
	}
	return w.close()
}

func (w *writer) close() error {
	err := w.checkpointer.close()
	_, rest := pragma(w.conn, checkpoint)
	return errors.Join(err, rest, w.conn.Close())
}

// next does the next job or group of commits, and reports whether there was one.
func (w *writer) next() bool {
	w.group, w.room = w.queue.take(w.group[:0], groupBytes)
	switch {
	case len(w.group) == 0:
		return false
	case w.group[0].job != nil:
		err := w.group[0].job(w)
		w.known.forget() // jobs write past it
		w.group[0].done <- fault("write", err)
	default:
		w.commitGroup()
	}
	clear(w.group)
	return true
}

// commitGroup does the group's commits, and those that come meanwhile, in one transaction, and answers them when it
// is on disk. If the transaction fails, it does each on its own, so that only the one to blame fails; unless it could
// not even begin.
func (w *writer) commitGroup() {
	began := false
	w.errs = w.errs[:0]
	err := w.transaction(func() error {
		began = true
		if err := w.applyNew(); err != nil {
			return err
		}
		for w.joined() {
			if err := w.applyNew(); err != nil {
				return err
			}
		}
		return nil
	})
	w.callers = len(w.group) + w.queue.length()
	w.note(w.group)
	for i, r := range w.group {
		switch {
		case err == nil:
			r.done <- w.errs[i]
		case began && len(w.group) > 1:
			r.done <- w.commitAlone(r.commit)
		default:
			r.done <- fault("commit", err)
		}
	}
}

// note has the log copied back once enough was committed.
func (w *writer) note(group []*request) {
	for _, r := range group {
		w.logged += r.commit.logged()
	}
	if w.logged >= checkpointBytes {
		w.logged = 0
		w.checkpointer.call()
	}
}

// applyNew applies the commits of the group that have not been. A conflict is that commit's answer; any other error
// is the transaction's.
func (w *writer) applyNew() error {
	for _, r := range w.group[len(w.errs):] {
		err := w.apply(r.commit)
		if err != nil && !isConflict(err) {
			return err
		}
		w.errs = append(w.errs, err)
	}
	return nil
}

// joined lets commits join that have come since, and reports whether any did. If the group is smaller than what
// the callers of the last one and those who waited behind it could make, it waits a moment for them.
func (w *writer) joined() bool {
	n := len(w.group)
	if n >= groupCommits || w.room <= 0 {
		return false
	}
	if n < w.callers {
		w.queue.gather()
	}
	w.group, w.room = w.queue.take(w.group, w.room)
	return len(w.group) > n
}

func (w *writer) commitAlone(c *commit) error {
	return fault("commit", w.transaction(func() error { return w.apply(c) }))
}

// transaction runs f in a write transaction, and answers nil only when all of it is on disk.
func (w *writer) transaction(f func() error) error {
	if err := exec(w.begin); err != nil {
		w.lastWrite = time.Time{}
		return err
	}
	w.seq = 0
	err := w.known.refresh(w.dataVersion)
	if err == nil {
		w.others.hold(w.known.dataVersion)
		defer w.others.release()
		err = f()
	}
	if err == nil {
		err = exec(w.end)
	}
	if err != nil {
		// SQLite has rolled back by itself after some errors (a full disk, for one).
		if !w.conn.AutocommitEnabled() {
			err = errors.Join(err, exec(w.rollback))
		}
		w.known.forget()
		w.lastWrite = time.Time{}
		return err
	}
	w.lastWrite = time.Now()
	return nil
}
