package sqlite

import (
	"context"
	"errors"

	"github.com/mykpi/mykpi/tenancy"
	driver "zombiezen.com/go/sqlite"
	"zombiezen.com/go/sqlite/sqlitex"
)

// eraseStep is how many rows one transaction of Erase deletes, so that commits of others pass between.
const eraseStep = 500

// Erase implements eventstore.Store. It takes a transaction for each 500 events or documents, a stream's newest events
// first: a stream half erased is shorter and otherwise whole. What it deletes is overwritten with zeros.
func (s *Store) Erase(ctx context.Context, tenant tenancy.ID) error {
	if err := checkTenant(tenant); err != nil {
		return err
	}
	from, to := tenantRange(tenant)
	for done := false; !done; {
		step := func(w *writer) (err error) {
			done, err = w.eraseStep(from, to)
			return err
		}
		if err := s.queue.do(ctx, &request{job: step}); err != nil {
			return err
		}
	}
	return nil
}

func (w *writer) eraseStep(from, to string) (done bool, err error) {
	if _, err := pragma(w.conn, "secure_delete = ON"); err != nil {
		return false, err
	}
	defer func() {
		_, offErr := pragma(w.conn, "secure_delete = FAST")
		err = errors.Join(err, offErr)
	}()
	err = w.transaction(func() error {
		left, err := w.eraseEvents(from, to)
		if err != nil || left == 0 {
			return err
		}
		const query = "DELETE FROM documents WHERE no IN (SELECT no FROM documents WHERE key >= ? AND key < ? LIMIT ?)"
		if err := sqlitex.Execute(w.conn, query, &sqlitex.ExecOptions{Args: []any{from, to, left}}); err != nil {
			return err
		}
		done = w.conn.Changes() < left
		return nil
	})
	return done && err == nil, err
}

// eraseEvents deletes up to a step's events, each stream with its last. It answers how much of the step is left.
func (w *writer) eraseEvents(from, to string) (left int, err error) {
	for left = eraseStep; left > 0; {
		var h head
		err := sqlitex.Execute(w.conn, "SELECT no, version, head FROM streams WHERE name >= ? AND name < ? LIMIT 1", &sqlitex.ExecOptions{
			Args: []any{from, to},
			ResultFunc: func(row *driver.Stmt) error {
				h = head{no: row.ColumnInt64(0), version: row.ColumnInt64(1), seq: row.ColumnInt64(2)}
				return nil
			},
		})
		if err != nil || h.no == 0 {
			return left, err
		}
		if left, err = w.eraseStream(h, left); err != nil {
			return 0, err
		}
	}
	return 0, nil
}

func (w *writer) eraseStream(h head, left int) (int, error) {
	for ; h.version > 0 && left > 0; left-- {
		seq := h.seq
		err := sqlitex.Execute(w.conn, "DELETE FROM events WHERE seq = ? RETURNING prev", &sqlitex.ExecOptions{
			Args:       []any{seq},
			ResultFunc: func(row *driver.Stmt) error { h.seq = row.ColumnInt64(0); return nil },
		})
		if err != nil {
			return 0, err
		}
		h.version--
	}
	if err := sqlitex.Execute(w.conn, "DELETE FROM marks WHERE stream = ? AND version > ?", &sqlitex.ExecOptions{Args: []any{h.no, h.version}}); err != nil {
		return 0, err
	}
	if h.version > 0 {
		return left, sqlitex.Execute(w.conn, "UPDATE streams SET version = ?2, head = ?3 WHERE no = ?1", &sqlitex.ExecOptions{Args: []any{h.no, h.version, h.seq}})
	}
	return left, sqlitex.Execute(w.conn, "DELETE FROM streams WHERE no = ?", &sqlitex.ExecOptions{Args: []any{h.no}})
}
