package sqlite

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strconv"
	"time"

	"github.com/mykpi/mykpi/eventstore"
	driver "zombiezen.com/go/sqlite"
	"zombiezen.com/go/sqlite/sqlitex"
)

// FileName is the database's name in its folder.
const FileName = "mykpi.db"

// busyTimeout is how long a statement waits for another process that writes.
const busyTimeout = 5 * time.Second

// checkedSize is the size in bytes up to which a file is checked as a whole when it is opened, well under a second.
const checkedSize = 32 << 20

// Options are what a Store can be told. The zero Options serve.
type Options struct {
	Now func() time.Time // the clock by which documents expire; time.Now where nil
}

// Store is the engine. Open makes it.
type Store struct {
	now     func() time.Time
	queue   *queue
	readers *pool
	others  *sighting
	stopped chan struct{} // closed when the writer has ended
	failed  error         // the writer's last word; read after stopped
}

var _ eventstore.Store = (*Store)(nil)

// Open opens the folder's database, or makes both. It fails, and says why, on a file that is another program's, that
// a newer MyKPI has written, or that is damaged; such a file is left as it is.
func Open(dir string, o Options) (*Store, error) {
	if o.Now == nil {
		o.Now = time.Now
	}
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, fmt.Errorf("sqlite: make the data folder: %w", err)
	}
	path := filepath.Join(dir, FileName)
	w, err := openWriter(path, o.Now)
	if err != nil {
		return nil, fmt.Errorf("sqlite: open %s: %w", path, err)
	}
	readers, err := openPool(path, min(max(runtime.GOMAXPROCS(0)+2, 4), 32))
	if err != nil {
		return nil, errors.Join(fmt.Errorf("sqlite: open %s for reading: %w", path, err), w.close())
	}
	s := &Store{now: o.Now, queue: w.queue, readers: readers, others: &w.others, stopped: make(chan struct{})}
	go func() {
		defer close(s.stopped)
		s.failed = w.serve()
	}()
	return s, nil
}

// Close answers those who wait, then writes the log back into the database and lets it go. Calls that come later
// answer ErrUnavailable.
func (s *Store) Close() error {
	if !s.queue.close() {
		<-s.stopped
		return nil
	}
	err := s.readers.close()
	<-s.stopped
	return errors.Join(err, s.failed)
}

// Limits are those of the engine, whatever the machine.
func (s *Store) Limits() eventstore.Limits {
	return eventstore.Limits{Records: 20_000, CommitBytes: 64 << 20, RecordBytes: 16 << 20}
}

func openWriter(path string, now func() time.Time) (*writer, error) {
	conn, err := driver.OpenConn(path, driver.OpenReadWrite|driver.OpenCreate)
	if err != nil {
		return nil, explain(err)
	}
	w := &writer{conn: conn, now: now, queue: newQueue(), known: newKnown(), lastPurge: time.Now()}
	if err := w.init(path); err != nil {
		return nil, errors.Join(explain(err), conn.Close())
	}
	if w.checkpointer, err = openCheckpointer(path); err != nil {
		return nil, errors.Join(err, conn.Close())
	}
	return w, nil
}

func (w *writer) init(path string) error {
	w.conn.SetBusyTimeout(busyTimeout)
	fresh, err := inspect(w.conn)
	if err != nil {
		return err
	}
	if !fresh {
		if err := check(w.conn, path); err != nil {
			return err
		}
	}
	for _, p := range []string{
		"journal_mode = WAL",
		"synchronous = FULL",
		"cache_size = -65536",           // KiB: what a group of commits over ten thousand streams touches
		"wal_autocheckpoint = 4000",     // pages: a longer log makes for fewer, larger write-backs
		"journal_size_limit = 67108864", // bytes: a log that one huge commit has grown is cut again
		"secure_delete = FAST",          // zeros over what is deleted, where that writes no page more
		"cell_size_check = ON",          // a damaged page is found when it is read, not by what it does
	} {
		if _, err := pragma(w.conn, p); err != nil {
			return err
		}
	}
	if fresh {
		if err := create(w.conn); err != nil {
			return err
		}
	}
	return w.prepare()
}

// inspect reports whether the file is empty, and refuses one that isn't ours or is too new.
func inspect(conn *driver.Conn) (fresh bool, err error) {
	id, err := pragmaInt(conn, "application_id")
	if err != nil {
		return false, err
	}
	version, err := pragmaInt(conn, "user_version")
	if err != nil {
		return false, err
	}
	tables, err := sqlitex.ResultInt64(conn.Prep("SELECT count(*) FROM sqlite_schema"))
	if err != nil {
		return false, err
	}
	switch {
	case id == 0 && version == 0 && tables == 0:
		return true, nil
	case id != applicationID:
		return false, fmt.Errorf("the file is a database of another program (application id %#x)", id)
	case version > schemaVersion:
		return false, fmt.Errorf("the file was written by a newer MyKPI: its schema is version %d, this program knows %d", version, schemaVersion)
	case version < schemaVersion:
		return false, fmt.Errorf("the file has schema version %d, which no MyKPI has written", version)
	}
	return false, nil
}

// check reads a small file as a whole. Of a large one Open sees the length, the first page and the schema; damage to
// other pages is an error of the request that comes to them.
func check(conn *driver.Conn, path string) error {
	info, err := os.Stat(path)
	if err != nil {
		return err
	}
	if info.Size() > checkedSize {
		return nil
	}
	found, err := pragma(conn, "quick_check(1)")
	if err != nil {
		return err
	}
	if found != "ok" {
		return fmt.Errorf("the file is damaged, restore a backup: %s", found)
	}
	return nil
}

// create makes the tables, unless another process was quicker.
func create(conn *driver.Conn) (err error) {
	end, err := sqlitex.ImmediateTransaction(conn)
	if err != nil {
		return err
	}
	defer end(&err)
	if fresh, err := inspect(conn); err != nil || !fresh {
		return err
	}
	if _, err := pragma(conn, fmt.Sprintf("application_id = %d", applicationID)); err != nil {
		return err
	}
	if _, err := pragma(conn, fmt.Sprintf("user_version = %d", schemaVersion)); err != nil {
		return err
	}
	return sqlitex.ExecuteScript(conn, schema, nil)
}

func explain(err error) error {
	switch driver.ErrCode(err).ToPrimary() {
	case driver.ResultNotADB:
		return fmt.Errorf("the file is no SQLite database: %w", err)
	case driver.ResultCorrupt:
		return fmt.Errorf("the file is damaged, restore a backup: %w", err)
	}
	return err
}

func pragmaInt(conn *driver.Conn, name string) (int64, error) {
	text, err := pragma(conn, name)
	if err != nil {
		return 0, err
	}
	return strconv.ParseInt(text, 10, 64)
}
