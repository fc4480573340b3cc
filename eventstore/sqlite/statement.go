package sqlite

import (
	"fmt"

	driver "zombiezen.com/go/sqlite"
)

// prepare fills each target with its statement, which lives as long as the connection.
func prepare(conn *driver.Conn, statements map[**driver.Stmt]string) error {
	for target, query := range statements {
		stmt, err := conn.Prepare(query)
		if err != nil {
			return err
		}
		*target = stmt
	}
	return nil
}

// exec runs a statement that answers no row.
func exec(stmt *driver.Stmt) error {
	_, err := stmt.Step()
	if resetErr := stmt.Reset(); err == nil {
		err = resetErr
	}
	return err
}

// pragma runs a PRAGMA and answers the first column of its first row, if it has one.
func pragma(conn *driver.Conn, query string) (string, error) {
	stmt, _, err := conn.PrepareTransient("PRAGMA " + query)
	if err != nil {
		return "", err
	}
	defer stmt.Finalize()
	row, err := stmt.Step()
	if err != nil {
		return "", fmt.Errorf("pragma %s: %w", query, err)
	}
	if !row {
		return "", nil
	}
	return stmt.ColumnText(0), nil
}

// arena is where the columns of many rows are copied to: a few allocations for all of them, and no more bytes for a single
// one than it has.
type arena struct {
	free []byte
	size int // of the allocation that free is the rest of
}

const arenaSize = 16 << 10 // of the largest allocation for more than one column

// column is a copy of a column's bytes, for SQLite's own end with the row.
func (a *arena) column(stmt *driver.Stmt, column int) []byte {
	n := stmt.ColumnLen(column)
	if n > len(a.free) {
		a.size = max(n, min(2*a.size, arenaSize))
		a.free = make([]byte, a.size)
	}
	b := a.free[:n:n]
	a.free = a.free[n:]
	stmt.ColumnBytes(column, b)
	return b
}
