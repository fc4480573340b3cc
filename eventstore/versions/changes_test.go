package versions_test

import (
	"context"
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/mykpi/mykpi/eventstore"
	"github.com/mykpi/mykpi/eventstore/versions"
)

// engine says what it is told to. Unless quiet, each time it is asked something has been committed.
type engine struct {
	foreign, committed uint64
	quiet              bool
	failure            error
}

func (e *engine) Changed(context.Context) (uint64, error) { return e.foreign, e.failure }

func (e *engine) Committed(context.Context) (uint64, error) {
	if !e.quiet {
		e.committed++
	}
	return e.committed, e.failure
}

func puts(names ...string) (c eventstore.Commit) {
	for _, name := range names {
		c.Puts = append(c.Puts, eventstore.Put{Key: eventstore.Key{Name: name}})
	}
	return c
}

func mark(t *testing.T, c *versions.Counter) versions.Mark {
	t.Helper()
	m, ok := c.Mark(t.Context(), acme)
	if !ok {
		t.Fatal("no mark is told")
	}
	return m
}

func TestSinceNamesWhatAReadMayHaveMissed(t *testing.T) {
	e := &engine{}
	c := versions.New(time.Now, e)
	s := &store{commit: func() error { return nil }}
	counted := c.Store(s)
	commit := func(change eventstore.Commit) {
		t.Helper()
		if err := counted.Commit(t.Context(), acme, change); err != nil {
			t.Fatal(err)
		}
	}
	expect := func(m versions.Mark, want ...string) {
		t.Helper()
		if names, _, ok := c.Since(t.Context(), acme, m); !ok || !slices.Equal(names, want) {
			t.Errorf("since the mark: %q, %v, want %q", names, ok, want)
		}
	}
	commit(puts("a"))
	first := mark(t, c)
	expect(first)
	commit(puts("b", "c"))
	commit(eventstore.Commit{Deletes: []eventstore.Delete{{Key: eventstore.Key{Name: "d"}}, {Key: eventstore.Key{Stream: eventstore.Stream{Kind: "K", ID: "1"}, Name: "e"}}}})
	expect(first, "b", "c", "d")
	expect(mark(t, c))
	if err := counted.Commit(t.Context(), globex, puts("x")); err != nil {
		t.Fatal(err)
	}
	expect(first, "b", "c", "d")

	// A commit that is under way may be seen by a read or not: it stays named until a mark that comes after its end.
	var during versions.Mark
	s.commit = func() error { during = mark(t, c); return nil }
	commit(puts("f"))
	s.commit = func() error { return nil }
	expect(during, "f")
	expect(mark(t, c))

	// Unless the engine has committed nothing since the mark: then no read can have missed anything. What has begun is known
	// all the same.
	e.quiet = true
	before := mark(t, c)
	s.commit = func() error {
		if names, ok := c.Begun(acme, before); !ok || !slices.Equal(names, []string{"g"}) {
			t.Errorf("begun since the mark: %q, %v", names, ok)
		}
		return nil
	}
	commit(puts("g"))
	s.commit = func() error { return nil }
	expect(before)
	e.quiet = false
	expect(before, "g")

	// Whoever reads what is named goes on from the mark that comes with it.
	commit(puts("h"))
	_, next, _ := c.Since(t.Context(), acme, before)
	expect(next)
	s.commit = func() error { _, next, _ = c.Since(t.Context(), acme, before); return nil }
	commit(puts("i"))
	s.commit = func() error { return nil }
	expect(next, "i")
}

func TestSinceSaysWhenItCannotTell(t *testing.T) {
	now := time.Now()
	e := &engine{}
	c := versions.New(func() time.Time { return now }, e)
	s := &store{commit: func() error { return nil }}
	counted := c.Store(s)
	for name, happens := range map[string]func(){
		"another instance committed": func() { c.Moved(acme) },
		"the tenant was erased":      func() { _ = counted.Erase(t.Context(), acme) },
		"another process committed":  func() { e.foreign++; now = now.Add(versions.Poll) },
		"a commit changed very much": func() {
			var all []string
			for i := range 1000 {
				all = append(all, fmt.Sprint(i))
			}
			_ = counted.Commit(t.Context(), acme, puts(all...))
		},
		"very many commits": func() {
			for range 1000 {
				_ = counted.Commit(t.Context(), acme, puts("a"))
			}
		},
	} {
		m := mark(t, c)
		happens()
		if names, _, ok := c.Since(t.Context(), acme, m); ok {
			t.Errorf("%s: %q is told", name, names)
		}
		if names, ok := c.Begun(acme, m); ok {
			t.Errorf("%s: %q is told to have begun", name, names)
		}
		if names, _, ok := c.Since(t.Context(), acme, mark(t, c)); !ok || len(names) > 0 {
			t.Errorf("%s: afterwards %q, %v", name, names, ok)
		}
	}

	before := mark(t, c)
	s.commit = func() error { return eventstore.ErrUnavailable }
	_ = counted.Commit(t.Context(), acme, puts("perhaps"))
	if _, ok := c.Mark(t.Context(), acme); ok {
		t.Error("a mark is told while a commit may still happen")
	}
	if names, _, ok := c.Since(t.Context(), acme, before); !ok || !slices.Equal(names, []string{"perhaps"}) {
		t.Errorf("after a commit of unknown outcome: %q, %v", names, ok)
	}
	now = now.Add(time.Hour)
	mark(t, c)

	if _, ok := versions.New(time.Now, nil).Mark(t.Context(), acme); ok {
		t.Error("a mark is told where other processes can't be seen")
	}
}
