package sqlite

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/mykpi/mykpi/eventstore"
	"github.com/mykpi/mykpi/tenancy"
	driver "zombiezen.com/go/sqlite"
)

// reader is a connection that only reads.
type reader struct {
	conn *driver.Conn

	begin, end                 *driver.Stmt
	document                   *driver.Stmt
	documents, documentsDesc   *driver.Stmt
	findStream                 *driver.Stmt
	streams                    *driver.Stmt
	firstStream                *driver.Stmt
	mark, event, previousEvent *driver.Stmt
}

func openReader(path string) (*reader, error) {
	conn, err := driver.OpenConn(path, driver.OpenReadWrite)
	if err != nil {
		return nil, err
	}
	conn.SetBusyTimeout(busyTimeout)
	r := &reader{conn: conn}
	for _, p := range []string{"query_only = ON", "cache_size = -8192", "cell_size_check = ON"} {
		if _, err := pragma(conn, p); err != nil {
			return nil, errors.Join(err, conn.Close())
		}
	}
	const columns = "SELECT key, revision, expires, body FROM documents "
	// SQLite prepares a statement again when a value that it has planned by is bound anew. As expressions, the time and the
	// limit are none of those.
	// What lies between ?5 and ?6 is passed over in the index alone, without a look at its row.
	const span = columns + "WHERE key >= ?1 AND key < ?2 AND (+key < ?5 OR +key >= ?6) AND (expires = 0 OR expires > ?3 + 0) ORDER BY key"
	if err := prepare(conn, map[**driver.Stmt]string{
		&r.begin:         "BEGIN",
		&r.end:           "COMMIT",
		&r.document:      columns + "WHERE key = ?1 AND (expires = 0 OR expires > ?3)",
		&r.documents:     span + " LIMIT ?4 + 0",
		&r.documentsDesc: span + " DESC LIMIT ?4 + 0",
		&r.findStream:    "SELECT no, version, head FROM streams WHERE name = ?",
		&r.streams:       "SELECT name FROM streams WHERE name > ?1 AND name < ?2 ORDER BY name LIMIT ?3",
		&r.firstStream:   "SELECT name FROM streams WHERE name > ? ORDER BY name LIMIT 1",
		&r.mark:          "SELECT seq FROM marks WHERE stream = ? AND version = ?",
		&r.event:         "SELECT stream, version, prev, record FROM events WHERE seq = ?",
		&r.previousEvent: "SELECT stream, version, prev FROM events WHERE seq = ?",
	}); err != nil {
		return nil, errors.Join(err, conn.Close())
	}
	return r, nil
}

// snapshot runs f in one read transaction: all it reads is of one instant.
func (r *reader) snapshot(f func() error) error {
	if err := exec(r.begin); err != nil {
		return err
	}
	err := f()
	if endErr := exec(r.end); err == nil {
		err = endErr
	}
	return err
}

// pool lends readers, each to one call at a time.
type pool struct {
	free   chan *reader
	closed chan struct{}
}

func openPool(path string, size int) (*pool, error) {
	p := &pool{free: make(chan *reader, size), closed: make(chan struct{})}
	for range size {
		r, err := openReader(path)
		if err != nil {
			for len(p.free) > 0 {
				err = errors.Join(err, (<-p.free).conn.Close())
			}
			return nil, err
		}
		p.free <- r
	}
	return p, nil
}

// with lends a reader to f.
func (p *pool) with(ctx context.Context, f func(*reader) error) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	select {
	case <-p.closed:
		return errClosed
	default:
	}
	select {
	case r := <-p.free:
		defer func() { p.free <- r }()
		return fault("read", f(r))
	case <-ctx.Done():
		return ctx.Err()
	case <-p.closed:
		return errClosed
	}
}

// close waits until every reader is back.
func (p *pool) close() error {
	close(p.closed)
	var err error
	for range cap(p.free) {
		err = errors.Join(err, (<-p.free).conn.Close())
	}
	return err
}

func checkTenant(tenant tenancy.ID) error {
	if tenant.IsZero() {
		return fmt.Errorf("%w: no tenant", eventstore.ErrInvalid)
	}
	return nil
}

func checkLimit(limit int) error {
	if limit < 1 {
		return fmt.Errorf("%w: a limit of %d", eventstore.ErrInvalid, limit)
	}
	return nil
}

// stepHead runs a statement that finds a stream; the zero head is of none.
func stepHead(stmt *driver.Stmt) (head, error) {
	found, err := stmt.Step()
	if err != nil {
		return head{}, err
	}
	var h head
	if found {
		h = head{no: stmt.ColumnInt64(0), version: stmt.ColumnInt64(1), seq: stmt.ColumnInt64(2)}
	}
	return h, stmt.Reset()
}

func expiryTime(seconds int64) time.Time {
	if seconds == 0 {
		return time.Time{}
	}
	return time.Unix(seconds, 0).UTC()
}
