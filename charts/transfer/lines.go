package transfer

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"

	"github.com/mykpi/mykpi/charts/journal"
	"github.com/mykpi/mykpi/charts/query"
	"github.com/mykpi/mykpi/eventstore"
	"github.com/mykpi/mykpi/tenancy"
)

// header is the first line of a file, footer the last: a file without one was cut off.
type header struct {
	MyKPI   string `json:"mykpi"`
	Version int    `json:"version"`
	Tenant  string `json:"tenant"`
}

type footer struct {
	Records int `json:"records"`
}

const (
	format = "log"
	// formatVersion is raised when lines are written that Import of before would not understand.
	formatVersion = 1
	// longestLine bounds a line: an event of the largest size in base64, and then some.
	longestLine = 64 << 20
)

// ErrFormat says that what was read is no file of Export, or not all of one.
var ErrFormat = errors.New("transfer: not an exported log")

// Export writes a tenant's records as lines of JSON, and tells of each event.
func Export(ctx context.Context, store eventstore.Store, tenant tenancy.ID, to io.Writer, exported func()) error {
	w := bufio.NewWriterSize(to, 1<<20)
	put := func(text []byte, err error) error {
		if err == nil {
			_, err = w.Write(append(text, '\n'))
		}
		return err
	}
	if err := put(json.Marshal(header{format, formatVersion, tenant.String()})); err != nil {
		return err
	}
	records := 0
	err := Read(ctx, store, tenant, FromTheStart, func(r Record) error {
		records++
		if r.Event != nil {
			exported()
		}
		return put(r.Line())
	})
	if err != nil {
		return err
	}
	if err := put(json.Marshal(footer{records})); err != nil {
		return err
	}
	return w.Flush()
}

// Import reads what Export wrote into the journal's store, makes the charts there, tells of each event, and answers whose
// they are.
func Import(ctx context.Context, from io.Reader, to *journal.Journal, reader *query.Reader, imported func()) (tenancy.ID, error) {
	lines := bufio.NewScanner(from)
	lines.Buffer(nil, longestLine)
	if !lines.Scan() {
		return tenancy.ID{}, errors.Join(ErrFormat, lines.Err())
	}
	var h header
	if err := json.Unmarshal(lines.Bytes(), &h); err != nil || h.MyKPI != format || h.Version != formatVersion {
		return tenancy.ID{}, fmt.Errorf("%w of version %d: the first line is %.100q", ErrFormat, formatVersion, lines.Bytes())
	}
	tenant, err := tenancy.ParseID(h.Tenant)
	if err != nil {
		return tenancy.ID{}, fmt.Errorf("%w: %w", ErrFormat, err)
	}
	w := NewWriter(to, tenant)
	for records := 0; lines.Scan(); records++ {
		if bytes.HasPrefix(lines.Bytes(), []byte(`{"records":`)) {
			var f footer
			if err := json.Unmarshal(lines.Bytes(), &f); err != nil || f.Records != records {
				return tenant, fmt.Errorf("%w: %d records, and the last line says %.100q", ErrFormat, records, lines.Bytes())
			}
			return tenant, w.Finish(ctx, reader)
		}
		r, err := ParseLine(lines.Bytes())
		if err != nil {
			return tenant, fmt.Errorf("%w: line %d: %w", ErrFormat, records+2, err)
		}
		if r.Event != nil {
			imported()
		}
		if err := w.Write(ctx, r); err != nil {
			return tenant, fmt.Errorf("line %d: %w", records+2, err)
		}
	}
	return tenant, fmt.Errorf("%w: it is cut off: %w", ErrFormat, errors.Join(lines.Err(), io.ErrUnexpectedEOF))
}
