package sqlite

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"testing"
	"time"

	"github.com/mykpi/mykpi/eventstore"
	"github.com/mykpi/mykpi/tenancy"
	driver "zombiezen.com/go/sqlite"
	"zombiezen.com/go/sqlite/sqlitex"
)

var acme = tenancy.MustParseID("acme")

func openTest(t *testing.T, dir string, o Options) *Store {
	t.Helper()
	s, err := Open(dir, o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	return s
}

func onWriter(t *testing.T, s *Store, job func(*writer) error) {
	t.Helper()
	if err := s.queue.do(t.Context(), &request{job: job}); err != nil {
		t.Fatal(err)
	}
}

func count(t *testing.T, s *Store, table string) (n int64) {
	t.Helper()
	onWriter(t, s, func(w *writer) (err error) {
		n, err = sqlitex.ResultInt64(w.conn.Prep("SELECT count(*) FROM " + table))
		return err
	})
	return n
}

func putOf(name string, expires time.Time, when eventstore.Condition) *request {
	c := eventstore.Commit{Puts: []eventstore.Put{{Key: eventstore.Key{Name: name}, Expires: expires, If: when}}}
	return &request{commit: ready(acme, c), done: make(chan error, 1)}
}

// commitTogether runs the group in one transaction, inside of a job.
func commitTogether(w *writer, group []*request) error {
	job := w.group
	w.group, w.room = group, 0
	w.commitGroup()
	w.group = job
	return nil
}

// TestGroup: of the commits in one transaction, one that conflicts or that SQLite refuses spoils no other.
func TestGroup(t *testing.T) {
	dir := t.TempDir()
	s := openTest(t, dir, Options{})
	conn, err := driver.OpenConn(filepath.Join(dir, FileName), driver.OpenReadWrite)
	if err != nil {
		t.Fatal(err)
	}
	const trigger = "CREATE TRIGGER t BEFORE INSERT ON documents WHEN new.key LIKE '%poison' BEGIN SELECT RAISE(ABORT, 'poison'); END"
	if err := errors.Join(sqlitex.ExecuteTransient(conn, trigger, nil), conn.Close()); err != nil {
		t.Fatal(err)
	}
	var always eventstore.Condition
	for round, poison := range []bool{false, true} {
		name := func(s string) string { return fmt.Sprint(s, round) }
		group := []*request{
			putOf(name("a"), time.Time{}, eventstore.IfAbsent()),
			putOf(name("a"), time.Time{}, eventstore.IfAbsent()),
			putOf(name("a"), time.Time{}, eventstore.IfRevision(1)),
			putOf(name("b"), time.Time{}, always),
		}
		if poison {
			group = append(group, putOf("poison", time.Time{}, always))
		}
		group = append(group, putOf(name("c"), time.Time{}, always))
		onWriter(t, s, func(w *writer) error { return commitTogether(w, group) })
		for i, r := range group {
			err := <-r.done
			switch {
			case i == 1 && !isConflict(err):
				t.Errorf("round %d: the second IfAbsent answers %v", round, err)
			case poison && i == 4 && (err == nil || errors.Is(err, eventstore.ErrUnavailable) || isConflict(err)):
				t.Errorf("the poison answers %v", err)
			case i != 1 && (!poison || i != 4) && err != nil:
				t.Errorf("round %d: commit %d answers %v", round, i, err)
			}
		}
	}
	if n := count(t, s, "documents"); n != 6 {
		t.Errorf("%d documents, want 6", n)
	}
}

func TestPurge(t *testing.T) {
	now := time.Now()
	s := openTest(t, t.TempDir(), Options{Now: func() time.Time { return now }})
	c := eventstore.Commit{Puts: []eventstore.Put{{Key: eventstore.Key{Name: "kept"}}, {Key: eventstore.Key{Name: "later"}, Expires: now.Add(time.Hour)}}}
	for i := range 2*purgeStep + 10 {
		c.Puts = append(c.Puts, eventstore.Put{Key: eventstore.Key{Name: fmt.Sprint("gone", i)}, Expires: now.Add(-time.Second)})
	}
	if err := s.Commit(t.Context(), acme, c); err != nil {
		t.Fatal(err)
	}
	onWriter(t, s, func(w *writer) error {
		for range 2 {
			if !w.purge() {
				t.Error("a full step says that nothing is left")
			}
		}
		if w.purge() {
			t.Error("the last step says that something is left")
		}
		return nil
	})
	if n := count(t, s, "documents"); n != 2 {
		t.Errorf("%d documents are left, want 2", n)
	}
}

// TestWithdrawn: a commit whose caller gives up before the writer takes it is never done.
// Whether other processes have written is told while a transaction is under way.
func TestChangedWaitsForNoTransaction(t *testing.T) {
	s := openTest(t, t.TempDir(), Options{})
	before, err := s.Changed(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	onWriter(t, s, func(w *writer) error {
		return w.transaction(func() error {
			during, err := s.Changed(t.Context()) // in the writer's queue it would never come
			if during != before {
				t.Errorf("it changed from %d to %d, and nobody else has written", before, during)
			}
			return err
		})
	})
}

func TestWithdrawn(t *testing.T) {
	s := openTest(t, t.TempDir(), Options{})
	busy, free := make(chan struct{}), make(chan struct{})
	blocked := make(chan error)
	go func() {
		blocked <- s.queue.do(context.Background(), &request{job: func(*writer) error { close(busy); <-free; return nil }})
	}()
	<-busy
	ctx, cancel := context.WithTimeout(t.Context(), time.Millisecond)
	defer cancel()
	c := eventstore.Commit{Puts: []eventstore.Put{{Key: eventstore.Key{Name: "a"}}}}
	if err := s.Commit(ctx, acme, c); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("the withdrawn commit answers %v", err)
	}
	close(free)
	if err := <-blocked; err != nil {
		t.Fatal(err)
	}
	if n := count(t, s, "documents"); n != 0 {
		t.Error("the withdrawn commit was done")
	}
}

// TestTaken: a commit that the writer has taken is waited for, even when its caller's context has ended.
func TestTaken(t *testing.T) {
	q := newQueue()
	ctx, cancel := context.WithCancel(t.Context())
	go func() {
		<-q.wake
		requests, _ := q.take(nil, 1)
		cancel()
		requests[0].done <- nil
	}()
	if err := q.do(ctx, &request{}); err != nil {
		t.Errorf("the taken request answers %v", err)
	}
}

// TestKnownIsBounded: what the writer keeps in memory does not grow with the database.
func TestKnownIsBounded(t *testing.T) {
	s := openTest(t, t.TempDir(), Options{})
	onWriter(t, s, func(w *writer) error {
		for i := range knownLimit + 1 {
			w.known.streams[fmt.Sprint(i)] = head{no: 1}
		}
		return w.transaction(func() error { return w.known.refresh(w.dataVersion) })
	})
	onWriter(t, s, func(w *writer) error {
		if len(w.known.streams) > 0 {
			t.Error("it was not emptied")
		}
		return nil
	})
}
