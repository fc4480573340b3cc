package versions_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/mykpi/mykpi/eventstore"
	"github.com/mykpi/mykpi/eventstore/versions"
)

// engine says what it is told to.
type engine struct {
	foreign uint64
	failure error
}

func (e *engine) Changed(context.Context) (uint64, error) { return e.foreign, e.failure }

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

// told are the names, and what of them is told without a read, such as "a 2 body".
func told(written []versions.Written) (all []string) {
	for _, w := range written {
		if w.Revision == 0 {
			all = append(all, w.Name)
			continue
		}
		all = append(all, fmt.Sprintf("%s %d %s", w.Name, w.Revision, w.Body))
	}
	return all
}

func TestSinceTellsWhatAReadMayHaveMissed(t *testing.T) {
	c := versions.New(time.Now, &engine{})
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
		if written, _, ok := c.Since(t.Context(), acme, m); !ok || !slices.Equal(told(written), want) {
			t.Errorf("since the mark: %q, %v, want %q", told(written), ok, want)
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

	// A commit that is under way has been told to nobody. It is named once it has ended, even to who has read meanwhile; what has
	// begun, to who asks for that.
	var during versions.Mark
	s.commit = func() error {
		during = mark(t, c)
		expect(during)
		if written, ok := c.Begun(acme, during); !ok || !slices.Equal(told(written), []string{"f"}) {
			t.Errorf("begun since the mark: %q, %v", told(written), ok)
		}
		return nil
	}
	commit(puts("f"))
	s.commit = func() error { return nil }
	expect(during, "f")
	expect(mark(t, c))

	// One that came to nothing is not named.
	before := mark(t, c)
	s.commit = func() error { return eventstore.ErrConflict }
	if err := counted.Commit(t.Context(), acme, puts("never")); !errors.Is(err, eventstore.ErrConflict) {
		t.Fatal(err)
	}
	s.commit = func() error { return nil }
	expect(before)

	// Whoever knows what is told goes on from the mark that comes with it.
	commit(puts("h"))
	_, next, _ := c.Since(t.Context(), acme, before)
	expect(next)
	s.commit = func() error { _, next, _ = c.Since(t.Context(), acme, before); return nil }
	commit(puts("i"))
	s.commit = func() error { return nil }
	expect(next, "i")
}

// What is put by a condition is told with its revision, as long as it is small, recent, and of a tenant that is asked about.
func TestSinceTellsWhatWasPut(t *testing.T) {
	c := versions.New(time.Now, &engine{})
	counted := c.Store(&store{commit: func() error { return nil }})
	put := func(name, body string, condition eventstore.Condition) {
		t.Helper()
		puts := []eventstore.Put{{Key: eventstore.Key{Name: name}, Body: []byte(body), If: condition}}
		if err := counted.Commit(t.Context(), acme, eventstore.Commit{Puts: puts}); err != nil {
			t.Fatal(err)
		}
	}
	m := mark(t, c)
	put("new", "1", eventstore.IfAbsent())
	put("old", "2", eventstore.IfRevision(7))
	put("any", "3", eventstore.Always())
	put("large", strings.Repeat("x", 1<<20), eventstore.IfAbsent())
	written, _, ok := c.Since(t.Context(), acme, m)
	if want := []string{"new 1 1", "old 8 2", "any", "large"}; !ok || !slices.Equal(told(written), want) {
		t.Errorf("%q, %v, want %q", told(written), ok, want)
	}
	// Nobody asks for a while: nothing is held for him.
	m = mark(t, c)
	for range 30 {
		put("again", "1", eventstore.IfAbsent())
	}
	written, _, _ = c.Since(t.Context(), acme, m)
	bodies := 0
	for _, w := range written {
		bodies += len(w.Body)
	}
	if len(written) != 30 || bodies > 16 || written[29].Revision != 0 {
		t.Errorf("of %d documents %d bytes are held", len(written), bodies)
	}
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
		if written, _, ok := c.Since(t.Context(), acme, m); ok {
			t.Errorf("%s: %q is told", name, told(written))
		}
		if written, ok := c.Begun(acme, m); ok {
			t.Errorf("%s: %q is told to have begun", name, told(written))
		}
		if written, _, ok := c.Since(t.Context(), acme, mark(t, c)); !ok || len(written) > 0 {
			t.Errorf("%s: afterwards %q, %v", name, told(written), ok)
		}
	}

	before := mark(t, c)
	s.commit = func() error { return eventstore.ErrUnavailable }
	perhaps := puts("perhaps")
	perhaps.Puts[0].If = eventstore.IfAbsent()
	_ = counted.Commit(t.Context(), acme, perhaps)
	if _, ok := c.Mark(t.Context(), acme); ok {
		t.Error("a mark is told while a commit may still happen")
	}
	if written, _, ok := c.Since(t.Context(), acme, before); !ok || !slices.Equal(told(written), []string{"perhaps"}) {
		t.Errorf("after a commit of unknown outcome: %q, %v", told(written), ok)
	}
	now = now.Add(time.Hour)
	mark(t, c)

	if _, ok := versions.New(time.Now, nil).Mark(t.Context(), acme); ok {
		t.Error("a mark is told where other processes can't be seen")
	}
}
