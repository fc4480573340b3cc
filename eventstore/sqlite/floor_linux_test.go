package sqlite_test

import (
	"encoding/binary"
	"fmt"
	"os"
	"path/filepath"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/mykpi/mykpi/eventstore"
	"github.com/mykpi/mykpi/eventstore/sqlite"
	"github.com/mykpi/mykpi/tenancy"
	driver "zombiezen.com/go/sqlite"
	"zombiezen.com/go/sqlite/sqlitex"
)

var acme = tenancy.MustParseID("acme")

// recordBytes is what a point's event takes.
const recordBytes = 203

// BenchmarkFloor measures durable commits of one event and one document against two floors in the same run, by turns
// so that what else the machine does weighs on all alike: the same bytes in bare SQLite transactions with as many
// of them in one (of-bare), and a file of fixed length with fdatasync after as many of them (of-fdatasync).
func BenchmarkFloor(b *testing.B) {
	for _, document := range []int{203, 1500} {
		for _, writers := range []int{1, 64} {
			b.Run(fmt.Sprintf("document=%d/writers=%d", document, writers), func(b *testing.B) {
				const turns = 10
				store := newLoad(b, writers, document)
				bare := newBare(b, writers, document)
				raw := newRaw(b, writers*(recordBytes+document))
				groups := b.N/writers/turns + 1
				var spent [3]time.Duration
				b.ResetTimer()
				for range turns {
					for i, run := range []func(int){store.run, bare.run, raw.run} {
						start := time.Now()
						run(groups)
						spent[i] += time.Since(start)
					}
				}
				b.StopTimer()
				commits := float64(groups * turns * writers)
				b.ReportMetric(0, "ns/op") // the sum of all three says nothing
				b.ReportMetric(commits/spent[0].Seconds(), "commits/s")
				b.ReportMetric(commits/spent[1].Seconds(), "bare/s")
				b.ReportMetric(spent[1].Seconds()/spent[0].Seconds(), "of-bare")
				b.ReportMetric(spent[2].Seconds()/spent[0].Seconds(), "of-fdatasync")
			})
		}
	}
}

// load is writers on a Store, each with a chart of its own and a commit that it changes from version to version.
type load struct {
	b       *testing.B
	store   *sqlite.Store
	commits []eventstore.Commit
}

func newLoad(b *testing.B, writers, document int) *load {
	l := &load{b: b, store: open(b, b.TempDir(), sqlite.Options{})}
	for i := range writers {
		l.commits = append(l.commits, point(i, 0, document))
	}
	return l
}

// run does groups times as many commits as there are writers.
func (l *load) run(groups int) {
	var group sync.WaitGroup
	var started atomic.Int64
	total := int64(groups * len(l.commits))
	for i := range l.commits {
		group.Go(func() {
			c := l.commits[i]
			for a := &l.commits[i].Appends[0]; started.Add(1) <= total; a.Expected++ {
				a.Events[0].Version = a.Expected + 1
				binary.BigEndian.PutUint64(c.Puts[0].Body, uint64(a.Expected))
				if err := l.store.Commit(l.b.Context(), acme, c); err != nil {
					l.b.Error(err)
					return
				}
			}
		})
	}
	group.Wait()
}

// point is a commit of an event after a version, and of the document of what the chart is now.
func point(chart int, expected int64, document int) eventstore.Commit {
	at := time.Unix(1_700_000_000+expected, 123456789)
	return eventstore.Commit{
		Appends: []eventstore.Append{{Stream: chartStream(chart), Expected: expected, Events: []eventstore.Event{{
			Version: expected + 1, ID: "01HZZZZZZZZZZZZZZZZZZZZZZZ", Type: "DataPointsRecorded", Schema: 1, OccurredAt: at, RecordedAt: at,
			Actor: tenancy.Actor{Kind: tenancy.APIKey, ID: "key-1", Label: "n8n"}, Data: make([]byte, recordBytes-86),
		}}}},
		Puts: []eventstore.Put{{Key: eventstore.Key{Name: "NOW#" + chartStream(chart).ID}, Body: make([]byte, document)}},
	}
}

func chartStream(i int) eventstore.Stream {
	return eventstore.Stream{Kind: "CHART", ID: fmt.Sprintf("01HZZZZZZZZZZZZZZZZZ%06d", i)}
}

// bare is SQLite with the same settings, the same bytes and nothing else: no version is checked, no stream kept.
type bare struct {
	b                         *testing.B
	begin, event, upsert, end *driver.Stmt
	keys                      []string
	record, document          []byte
}

func newBare(b *testing.B, writers, document int) *bare {
	conn, err := driver.OpenConn(filepath.Join(b.TempDir(), "bare.db"))
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() {
		if err := conn.Close(); err != nil {
			b.Error(err)
		}
	})
	for _, query := range []string{
		"PRAGMA synchronous = FULL", "PRAGMA cache_size = -65536", "PRAGMA wal_autocheckpoint = 4000",
		"CREATE TABLE events(seq INTEGER PRIMARY KEY, stream INTEGER, version INTEGER, record BLOB)",
		"CREATE TABLE documents(no INTEGER PRIMARY KEY, key TEXT NOT NULL UNIQUE, body BLOB)",
	} {
		if err := sqlitex.ExecuteTransient(conn, query, nil); err != nil {
			b.Fatal(err)
		}
	}
	f := &bare{b: b, record: make([]byte, recordBytes), document: make([]byte, document)}
	f.begin, f.end = conn.Prep("BEGIN IMMEDIATE"), conn.Prep("COMMIT")
	f.event = conn.Prep("INSERT INTO events(stream, version, record) VALUES (?, ?, ?)")
	f.upsert = conn.Prep("INSERT INTO documents(key, body) VALUES (?1, ?2) ON CONFLICT(key) DO UPDATE SET body = ?2")
	for i := range writers {
		f.keys = append(f.keys, "acme##NOW#"+chartStream(i).ID)
	}
	return f
}

func (f *bare) run(groups int) {
	for version := range groups {
		f.exec(f.begin)
		// SQLite leaves a row alone that is the same as before, and a chart's document never is.
		binary.BigEndian.PutUint64(f.document, uint64(version))
		for i, key := range f.keys {
			f.event.BindInt64(1, int64(i))
			f.event.BindInt64(2, int64(version))
			f.event.BindBytes(3, f.record)
			f.exec(f.event)
			f.upsert.BindText(1, key)
			f.upsert.BindBytes(2, f.document)
			f.exec(f.upsert)
		}
		f.exec(f.end)
	}
}

func (f *bare) exec(stmt *driver.Stmt) {
	if _, err := stmt.Step(); err != nil {
		f.b.Fatal(err)
	}
	if err := stmt.Reset(); err != nil {
		f.b.Fatal(err)
	}
}

// raw writes a group's bytes over and over into a file that has its length already.
type raw struct {
	b      *testing.B
	file   *os.File
	group  []byte
	offset int64
}

const rawLength = 64 << 20

func newRaw(b *testing.B, size int) *raw {
	file, err := os.Create(filepath.Join(b.TempDir(), "raw"))
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { file.Close() })
	if _, err := file.Write(make([]byte, rawLength)); err != nil {
		b.Fatal(err)
	}
	if err := file.Sync(); err != nil {
		b.Fatal(err)
	}
	return &raw{b: b, file: file, group: make([]byte, size)}
}

func (r *raw) run(groups int) {
	for range groups {
		if r.offset+int64(len(r.group)) > rawLength {
			r.offset = 0
		}
		if _, err := r.file.WriteAt(r.group, r.offset); err != nil {
			r.b.Fatal(err)
		}
		if err := syscall.Fdatasync(int(r.file.Fd())); err != nil {
			r.b.Fatal(err)
		}
		r.offset += int64(len(r.group))
	}
}
