package sqlite

import driver "zombiezen.com/go/sqlite"

// checkpointBytes is how much the log takes on, roughly, until the checkpointer is called. The more it is the less there is
// to do, since a page that was written again and again is copied once; but the longer it takes.
const checkpointBytes = 1 << 20

// checkpointer copies the log back into the database while the writer goes on. The log begins anew only when nothing of it is
// left to copy, and while much is written there is always something: it grows until the writer copies the rest, in the commit
// that takes it past wal_autocheckpoint. That rest is little. Without a checkpointer it is the whole log, and those who
// commit then wait for tens of milliseconds.
type checkpointer struct {
	conn  *driver.Conn
	calls chan struct{} // has room for one
	ended chan error
}

func openCheckpointer(path string) (*checkpointer, error) {
	conn, err := driver.OpenConn(path, driver.OpenReadWrite)
	if err != nil {
		return nil, err
	}
	c := &checkpointer{conn: conn, calls: make(chan struct{}, 1), ended: make(chan error, 1)}
	go c.serve()
	return c, nil
}

// serve copies what there is at each call. Where it fails, the writer will have to, and tells.
func (c *checkpointer) serve() {
	for range c.calls {
		_, _ = pragma(c.conn, checkpoint)
	}
	c.ended <- c.conn.Close()
}

// checkpoint is the pragma that copies what it can without anybody's waiting.
const checkpoint = "wal_checkpoint(PASSIVE)"

// call asks for a checkpoint and does not wait for it.
func (c *checkpointer) call() {
	select {
	case c.calls <- struct{}{}:
	default:
	}
}

// close waits for what is under way. Nobody may call any more.
func (c *checkpointer) close() error {
	close(c.calls)
	return <-c.ended
}

// logged is how many bytes the log takes on for a commit, roughly: a page for each record.
func (c *commit) logged() int {
	const page = 4096
	records := len(c.puts) + len(c.deletes)
	for _, a := range c.appends {
		records += len(a.records)
	}
	return c.size + page*records
}
