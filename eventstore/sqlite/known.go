package sqlite

import driver "zombiezen.com/go/sqlite"

// head is where a stream ends; its no is 0 where there is no stream.
type head struct{ no, version, seq int64 }

// row is where a document lies and what conditions ask about it; its no is 0 where there is none.
type row struct{ no, revision, expires int64 }

// live answers the document's revision, or 0 where it is absent or expired.
func (r row) live(now int64) int64 {
	if r.expires > 0 && r.expires <= now {
		return 0
	}
	return r.revision
}

// knownLimit bounds each map of known, at some 150 bytes an entry.
const knownLimit = 1 << 16

// known is what the writer has read or written of the database, to save looking it up again. It holds only as long as
// no other connection has written, which the database's data_version tells inside each transaction, before
// anything is decided, and no transaction was rolled back.
type known struct {
	dataVersion int64
	streams     map[string]head
	documents   map[string]row
}

func newKnown() known {
	return known{streams: map[string]head{}, documents: map[string]row{}}
}

func (k *known) forget() {
	clear(k.streams)
	clear(k.documents)
}

// refresh forgets all if another connection has written since, or if it has grown too large. It must be called in the
// write transaction.
func (k *known) refresh(dataVersion *driver.Stmt) error {
	if _, err := dataVersion.Step(); err != nil {
		return err
	}
	version := dataVersion.ColumnInt64(0)
	if err := dataVersion.Reset(); err != nil {
		return err
	}
	if version != k.dataVersion || len(k.streams) > knownLimit || len(k.documents) > knownLimit {
		k.forget()
		k.dataVersion = version
	}
	return nil
}

// head answers where a stream ends.
func (w *writer) head(stream string) (head, error) {
	if h, ok := w.known.streams[stream]; ok {
		return h, nil
	}
	w.findStream.BindText(1, stream)
	return stepHead(w.findStream)
}

// row answers where a document lies.
func (w *writer) row(key string) (row, error) {
	if r, ok := w.known.documents[key]; ok {
		return r, nil
	}
	w.findDocument.BindText(1, key)
	found, err := w.findDocument.Step()
	if err != nil {
		return row{}, err
	}
	var r row
	if found {
		r = row{no: w.findDocument.ColumnInt64(0), revision: w.findDocument.ColumnInt64(1), expires: w.findDocument.ColumnInt64(2)}
	}
	return r, w.findDocument.Reset()
}
