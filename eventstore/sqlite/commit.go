package sqlite

import (
	"context"
	"errors"
	"time"

	"github.com/mykpi/mykpi/eventstore"
	"github.com/mykpi/mykpi/tenancy"
)

// commit is an eventstore.Commit made ready by its caller, so that the writer has only to bind it.
type commit struct {
	appends []appendTo
	puts    []put
	deletes []drop
	size    int // bytes
}

type appendTo struct {
	stream   string
	expected int64
	records  [][]byte
}

type put struct {
	key     string
	expires int64
	body    []byte
	when    eventstore.Condition
}

type drop struct {
	key  string
	when eventstore.Condition
}

// Commit implements eventstore.Store. A context that ends after the writer has taken the commit waits for its outcome.
func (s *Store) Commit(ctx context.Context, tenant tenancy.ID, c eventstore.Commit) error {
	if err := c.Validate(tenant, s.Limits()); err != nil {
		return err
	}
	return s.queue.do(ctx, &request{tenant: tenant, commit: ready(tenant, c)})
}

func ready(tenant tenancy.ID, c eventstore.Commit) *commit {
	r := &commit{appends: make([]appendTo, len(c.Appends)), puts: make([]put, len(c.Puts)), deletes: make([]drop, len(c.Deletes))}
	for i, a := range c.Appends {
		size := 0
		for j := range a.Events {
			size += a.Events[j].Size()
		}
		r.size += size
		buffer := make([]byte, 0, size)
		records := make([][]byte, len(a.Events))
		for j := range a.Events {
			start := len(buffer)
			buffer = appendRecord(buffer, &a.Events[j])
			records[j] = buffer[start:len(buffer):len(buffer)]
		}
		r.appends[i] = appendTo{stream: streamName(tenant, a.Stream), expected: a.Expected, records: records}
	}
	for i, p := range c.Puts {
		r.size += len(p.Key.Name) + len(p.Body)
		r.puts[i] = put{key: documentKey(tenant, p.Key), expires: expirySeconds(p.Expires), body: p.Body, when: p.If}
	}
	for i, d := range c.Deletes {
		r.deletes[i] = drop{key: documentKey(tenant, d.Key), when: d.If}
	}
	return r
}

// expirySeconds drops a fraction of a second. Whatever is before 1970 has expired.
func expirySeconds(t time.Time) int64 {
	if t.IsZero() {
		return 0
	}
	return max(t.Unix(), 1)
}

// apply does one commit in the open transaction. It checks all before it writes any, so that after a conflict
// the transaction goes on as if the commit had not come.
func (w *writer) apply(c *commit) error {
	now := w.now().Unix()
	if err := w.checkStreams(c.appends); err != nil {
		return err
	}
	if err := w.checkDocuments(c, now); err != nil {
		return err
	}
	for i := range c.appends {
		if err := w.append(&c.appends[i], w.heads[i]); err != nil {
			return err
		}
	}
	for i := range c.puts {
		if err := w.put(&c.puts[i], w.rows[i], now); err != nil {
			return err
		}
	}
	for i := range c.deletes {
		if err := w.drop(c.deletes[i].key, w.rows[len(c.puts)+i]); err != nil {
			return err
		}
	}
	return nil
}

// checkStreams leaves the streams' heads in w.heads.
func (w *writer) checkStreams(appends []appendTo) error {
	w.heads = w.heads[:0]
	for i := range appends {
		a := &appends[i]
		h, err := w.head(a.stream)
		if err != nil {
			return err
		}
		if h.version != a.expected {
			return conflict("stream", a.stream)
		}
		w.heads = append(w.heads, h)
	}
	return nil
}

// checkDocuments leaves the rows of the puts, then those of the deletes, in w.rows.
func (w *writer) checkDocuments(c *commit, now int64) error {
	w.rows = w.rows[:0]
	for i := range c.puts {
		if err := w.checkDocument(c.puts[i].key, c.puts[i].when, now); err != nil {
			return err
		}
	}
	for i := range c.deletes {
		if err := w.checkDocument(c.deletes[i].key, c.deletes[i].when, now); err != nil {
			return err
		}
	}
	return nil
}

func (w *writer) checkDocument(key string, when eventstore.Condition, now int64) error {
	r, err := w.row(key)
	if err != nil {
		return err
	}
	if when != eventstore.Always() && when.Revision() != r.live(now) { // Revision is 0 for IfAbsent
		return conflict("document", key)
	}
	w.rows = append(w.rows, r)
	return nil
}

func (w *writer) put(p *put, r row, now int64) error {
	if r.no == 0 {
		w.insertDocument.BindText(1, p.key)
		w.insertDocument.BindInt64(2, p.expires)
		w.insertDocument.BindBytes(3, p.body)
		return exec(w.insertDocument)
	}
	r.revision, r.expires = r.live(now)+1, p.expires
	w.updateDocument.BindInt64(1, r.no)
	w.updateDocument.BindInt64(2, r.revision)
	w.updateDocument.BindInt64(3, r.expires)
	w.updateDocument.BindBytes(4, p.body)
	w.known.documents[p.key] = r // a document that is put again, not the many that are put once
	return exec(w.updateDocument)
}

func (w *writer) drop(key string, r row) error {
	if r.no == 0 {
		return nil
	}
	delete(w.known.documents, key)
	w.dropDocument.BindInt64(1, r.no)
	return exec(w.dropDocument)
}

func (w *writer) append(a *appendTo, h head) error {
	first, err := w.nextSeq()
	if err != nil {
		return err
	}
	version := a.expected + int64(len(a.records))
	last := first + int64(len(a.records)) - 1
	if h.no == 0 {
		w.insertStream.BindText(1, a.stream)
		w.insertStream.BindInt64(2, version)
		w.insertStream.BindInt64(3, last)
		if err := exec(w.insertStream); err != nil {
			return err
		}
		h.no = w.conn.LastInsertRowID()
	} else {
		w.updateStream.BindInt64(1, h.no)
		w.updateStream.BindInt64(2, version)
		w.updateStream.BindInt64(3, last)
		if err := exec(w.updateStream); err != nil {
			return err
		}
	}
	for i, record := range a.records {
		if err := w.appendEvent(h, first+int64(i), record); err != nil {
			return err
		}
		h.version++
		h.seq = first + int64(i)
	}
	w.seq = last
	w.known.streams[a.stream] = h
	return nil
}

// appendEvent writes the event that follows h.
func (w *writer) appendEvent(h head, seq int64, record []byte) error {
	version := h.version + 1
	w.insertEvent.BindInt64(1, seq)
	w.insertEvent.BindInt64(2, h.no)
	w.insertEvent.BindInt64(3, version)
	w.insertEvent.BindInt64(4, h.seq)
	w.insertEvent.BindBytes(5, record)
	if err := exec(w.insertEvent); err != nil {
		return err
	}
	if version%markEvery != 0 {
		return nil
	}
	w.insertMark.BindInt64(1, h.no)
	w.insertMark.BindInt64(2, version)
	w.insertMark.BindInt64(3, seq)
	return exec(w.insertMark)
}

// nextSeq looks the last seq up once in a transaction.
func (w *writer) nextSeq() (int64, error) {
	if w.seq == 0 {
		if _, err := w.lastSeq.Step(); err != nil {
			return 0, err
		}
		w.seq = w.lastSeq.ColumnInt64(0)
		if err := w.lastSeq.Reset(); err != nil {
			return 0, err
		}
	}
	return w.seq + 1, nil
}

func isConflict(err error) bool { return errors.Is(err, eventstore.ErrConflict) }
