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
	seq   int64    // the last event's, once a transaction has looked; else 0
	heads []head   // of the commit at hand
	rows  []row    // of the documents it names
	group []answer // of the transaction at hand

	callers int // how many wait for the writer, or did when the last group ended

	lastPurge time.Time // that left nothing
	lastWrite time.Time // of the last transaction that reached the disk; zero after one that failed
}

// answer is what to tell a request once the transaction has ended.
type answer struct {
	request *request
	err     error
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
	var requests []*request
	for closed := false; !closed; {
		select {
		case <-w.queue.wake:
			w.queue.gather(w.callers)
		case <-ticker.C:
		}
		requests, closed = w.queue.take(requests[:0])
		w.handle(requests)
		clear(requests)
		if time.Since(w.lastPurge) >= purgeEvery && w.purge() {
			w.queue.ring()
		}
	}
	_, err := pragma(w.conn, "wal_checkpoint(PASSIVE)")
	return errors.Join(err, w.conn.Close())
}

// handle does the requests in their order, neighbouring commits in one transaction.
func (w *writer) handle(requests []*request) {
	for len(requests) > 0 {
		if job := requests[0].job; job != nil {
			err := job(w)
			w.known.forget() // jobs write past it
			requests[0].done <- fault("write", err)
			requests = requests[1:]
			continue
		}
		n, size := 0, 0
		for n < len(requests) && requests[n].commit != nil && (n == 0 || size+requests[n].commit.size <= groupBytes) {
			size += requests[n].commit.size
			n++
		}
		w.commitGroup(requests[:n])
		requests = requests[n:]
	}
}

// commitGroup does the commits in one transaction and answers them when it is on disk. If the transaction fails, it
// does each on its own, so that only the one to blame fails; unless it could not even begin.
func (w *writer) commitGroup(requests []*request) {
	var began bool
	w.group = w.group[:0]
	err := w.transaction(func() error {
		began = true
		if err := w.known.refresh(w.dataVersion); err != nil {
			return err
		}
		for _, r := range requests {
			err := w.apply(r.commit)
			if err != nil && !isConflict(err) {
				return err
			}
			w.group = append(w.group, answer{r, err})
		}
		return nil
	})
	switch {
	case err == nil:
		w.callers = len(w.group) + w.queue.length()
		for _, a := range w.group {
			a.request.done <- a.err
		}
	case len(requests) == 1 || !began:
		for _, r := range requests {
			r.done <- fault("commit", err)
		}
	default:
		for i := range requests {
			w.commitGroup(requests[i : i+1])
		}
	}
	clear(w.group)
}

// transaction runs f in a write transaction, and answers nil only when all of it is on disk.
func (w *writer) transaction(f func() error) error {
	if err := exec(w.begin); err != nil {
		w.lastWrite = time.Time{}
		return err
	}
	w.seq = 0
	err := f()
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
