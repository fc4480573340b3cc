package storetest

import (
	"fmt"
	"testing"

	"github.com/mykpi/mykpi/eventstore"
)

// testLimits: at the limit passes, one over it is ErrTooLarge and leaves nothing.
func testLimits(t *testing.T, f *fixture) {
	limits := f.Limits()
	if limits.Records < 10 || limits.RecordBytes < 300_000 || limits.CommitBytes < limits.RecordBytes {
		t.Fatalf("%+v are too narrow to work with", limits)
	}
	const nameLength = 8
	puts := func(n, size int) eventstore.Commit { // n documents of size bytes, name and body
		c := eventstore.Commit{}
		for i := range n {
			c.Puts = append(c.Puts, eventstore.Put{Key: common(fmt.Sprintf("%0*d", nameLength, i)), Body: make([]byte, size-nameLength)})
		}
		return c
	}
	bytes := func(total int) eventstore.Commit {
		n := (total + limits.RecordBytes - 1) / limits.RecordBytes
		c := puts(n, total/n)
		c.Puts[0].Body = make([]byte, len(c.Puts[0].Body)+total%n)
		return c
	}
	record := func(size int) eventstore.Commit {
		e := event(1)
		e.Data = nil
		e.Data = make([]byte, size-e.Size())
		return eventstore.Commit{Appends: []eventstore.Append{{Stream: chart, Events: []eventstore.Event{e}}}}
	}
	beginning := func(c eventstore.Commit) eventstore.Commit {
		c.Appends = onlyAppend(chart, 0, 1).Appends
		return c
	}
	for _, c := range []struct {
		name     string
		at, over eventstore.Commit
	}{
		{"records", puts(limits.Records, 10), puts(limits.Records+1, 10)},
		{"records where a stream begins", beginning(puts(limits.Records-2, 10)), beginning(puts(limits.Records-1, 10))},
		{"bytes of a document", puts(1, limits.RecordBytes), puts(1, limits.RecordBytes+1)},
		{"bytes of an event", record(limits.RecordBytes), record(limits.RecordBytes + 1)},
		{"bytes of a commit", bytes(limits.CommitBytes), bytes(limits.CommitBytes + 1)},
	} {
		t.Run(c.name, func(t *testing.T) {
			f.refused(acme, c.over, eventstore.ErrTooLarge)
			f.equal("documents after the refusal", f.names(acme, eventstore.Between("0", "9")), []string{})
			if got := f.streams(acme, "CHART", 1); len(got) != 0 {
				t.Fatal("a refused commit has left a stream")
			}
			f.commit(acme, c.at)
			if got := len(f.read(acme, eventstore.Between("0", "9"))); got != len(c.at.Puts) {
				t.Errorf("%d documents, want %d", got, len(c.at.Puts))
			}
			if len(c.at.Appends) > 0 {
				if got := f.log(acme, chart, 10); len(got) != 1 || got[0].Size() != c.at.Appends[0].Events[0].Size() {
					t.Errorf("the event did not come back")
				}
			}
			if err := f.Erase(t.Context(), acme); err != nil {
				t.Fatal(err)
			}
		})
	}
}
