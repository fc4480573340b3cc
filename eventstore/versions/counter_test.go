package versions_test

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/mykpi/mykpi/eventstore"
	"github.com/mykpi/mykpi/eventstore/sqlite"
	"github.com/mykpi/mykpi/eventstore/versions"
	"github.com/mykpi/mykpi/tenancy"
)

var (
	acme   = tenancy.MustParseID("acme")
	globex = tenancy.MustParseID("globex")
)

// store answers commits as it is told.
type store struct {
	eventstore.Store
	commit func() error
}

func (s *store) Commit(context.Context, tenancy.ID, eventstore.Commit) error { return s.commit() }
func (s *store) Erase(context.Context, tenancy.ID) error                     { return s.commit() }

func version(t *testing.T, c *versions.Counter, id tenancy.ID) uint64 {
	t.Helper()
	v, ok := c.Version(t.Context(), id)
	if !ok {
		t.Fatalf("the version of %s is not told", id)
	}
	return v
}

func TestACommitMakesANewVersionOfItsTenantAlone(t *testing.T) {
	c := versions.New(time.Now, nil)
	s := &store{commit: func() error { return nil }}
	counted := c.Store(s)
	for name, change := range map[string]func() error{
		"commit": func() error { return counted.Commit(t.Context(), acme, eventstore.Commit{}) },
		"erase":  func() error { return counted.Erase(t.Context(), acme) },
		"moved":  func() error { c.Moved(acme); return nil },
	} {
		before, other := version(t, c, acme), version(t, c, globex)
		s.commit = func() error {
			if v, ok := c.Version(t.Context(), acme); ok {
				t.Errorf("%s: version %d is told while it is under way", name, v)
			}
			return nil
		}
		if err := change(); err != nil {
			t.Fatal(err)
		}
		after := version(t, c, acme)
		if after <= before || after < c.Reached(acme) {
			t.Errorf("%s: version %d after %d, reached %d", name, after, before, c.Reached(acme))
		}
		if version(t, c, globex) != other {
			t.Errorf("%s moved another tenant", name)
		}
	}
}

// A commit whose outcome was not told may still happen: no version is told for as long.
func TestNoVersionIsToldInDoubt(t *testing.T) {
	now := time.Now()
	c := versions.New(func() time.Time { return now }, nil)
	for _, err := range []error{eventstore.ErrConflict, eventstore.ErrTooLarge, eventstore.ErrInvalid, fmt.Errorf("wrapped: %w", eventstore.ErrConflict)} {
		_ = c.Store(&store{commit: func() error { return err }}).Commit(t.Context(), acme, eventstore.Commit{})
		version(t, c, acme)
	}
	for _, err := range []error{eventstore.ErrUnavailable, context.Canceled, errors.New("?")} {
		_ = c.Store(&store{commit: func() error { return err }}).Commit(t.Context(), acme, eventstore.Commit{})
		if _, ok := c.Version(t.Context(), acme); ok {
			t.Errorf("a version is told after %v", err)
		}
		version(t, c, globex)
		now = now.Add(time.Hour)
		version(t, c, acme)
	}
	func() {
		defer func() { _ = recover() }()
		_ = c.Store(&store{commit: func() error { panic("?") }}).Commit(t.Context(), acme, eventstore.Commit{})
	}()
	if _, ok := c.Version(t.Context(), acme); ok {
		t.Error("a version is told after a panic")
	}
}

func TestOtherProcessesAreSeen(t *testing.T) {
	now := time.Now()
	clock := func() time.Time { return now }
	dir := t.TempDir()
	open := func() *sqlite.Store {
		s, err := sqlite.Open(dir, sqlite.Options{})
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = s.Close() })
		return s
	}
	ours, theirs := open(), open()
	c := versions.New(clock, ours)
	put := func(s eventstore.Store, name string) {
		t.Helper()
		if err := s.Commit(t.Context(), acme, eventstore.Commit{Puts: []eventstore.Put{{Key: eventstore.Key{Name: name}}}}); err != nil {
			t.Fatal(err)
		}
	}
	before := version(t, c, acme)
	now = now.Add(versions.Poll)
	if after := version(t, c, acme); after != before {
		t.Errorf("version %d after %d though nothing happened", after, before)
	}
	put(theirs, "a")
	now = now.Add(versions.Poll)
	if after := version(t, c, acme); after <= before {
		t.Errorf("version %d after %d: another process' commit is not seen", after, before)
	}
}

func TestWhatCannotBeToldIsNot(t *testing.T) {
	c := versions.New(time.Now, &engine{failure: errors.New("closed")})
	if _, ok := c.Version(t.Context(), acme); ok {
		t.Error("a version is told though nobody knows what others did")
	}
	if _, ok := versions.New(time.Now, nil).Version(t.Context(), tenancy.ID{}); ok {
		t.Error("a version of nobody is told")
	}
}

// Whoever reads between two equal versions has read what both are of: the promise that memory stands on.
func TestReadsBetweenEqualVersionsAgree(t *testing.T) {
	c := versions.New(time.Now, nil)
	var data atomic.Int64
	counted := c.Store(&store{commit: func() error { data.Add(1); return nil }})
	var writers sync.WaitGroup
	for range 2 {
		writers.Go(func() {
			for range 2000 {
				_ = counted.Commit(t.Context(), acme, eventstore.Commit{})
			}
		})
	}
	remembered := map[uint64]int64{}
	for done := false; !done; {
		done = data.Load() == 4000
		v, ok := c.Version(t.Context(), acme)
		if !ok {
			continue
		}
		acknowledged := data.Load()
		if old, found := remembered[v]; found && old < acknowledged {
			// Fine only if a commit began meanwhile.
			if again, ok := c.Version(t.Context(), acme); ok && again == v {
				t.Fatalf("version %d is of %d and of %d", v, old, acknowledged)
			}
			continue
		}
		remembered[v] = acknowledged
	}
	writers.Wait()
}
