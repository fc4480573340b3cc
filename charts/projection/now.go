package projection

import (
	"encoding/binary"
	"fmt"
	"slices"

	"github.com/mykpi/mykpi/charts"
)

// Format is the version of the documents' encoding. A binary that finds another rebuilds the chart from its log.
const Format = 3

// Now is the head of a chart's projection: what nearly every query and nearly every append needs, in one small
// document.
type Now struct {
	Version     int64  // of the chart's stream
	Generation  int64  // of the documents under names of their own; a rebuild makes a new one
	Zone        string // by whose days and hours the tallies are cut
	Aggregation charts.Aggregation
	Updated     charts.Instant // when the newest event occurred

	Day      charts.Day     // the open day: the newest day that ever had a point
	DaysFrom charts.Day     // Days holds every day from here on; the years before are in documents of their own
	Days     []charts.Tally // in order of time, the open day's last
	hours    list           // of the open day
	weekAgo  list           // the hours of Day-7
	TailFrom charts.Instant // the tail holds every point from here on; those before are in pages

	points     []Point
	packed     []byte         // the tail as it was read, until it is asked for
	packedFrom charts.Instant // what its first point is told from
	body       int            // bytes of the document that was read, all of which stay while any list is packed
}

// tail is the newest points, to be read and changed. Most readers have no use for them, and a kept chart takes a fraction of
// the memory while they are packed.
func (n *Now) tail() *[]Point {
	if n.packed != nil {
		r := reader{b: n.packed}
		n.points, n.packed = r.points(n.packedFrom), nil
	}
	return &n.points
}

// size is what the document takes in memory, in bytes, about.
func (n *Now) size() int {
	size := len(n.points) * pointSize
	for _, tallies := range [...][]charts.Tally{n.Days, n.hours.tallies, n.weekAgo.tallies} {
		size += len(tallies) * tallySize
	}
	if n.hours.packed != nil || n.weekAgo.packed != nil || n.packed != nil {
		size += n.body
	}
	return size
}

var aggregations = []charts.Aggregation{charts.Last, charts.Sum, charts.Average, charts.Minimum, charts.Maximum, charts.Count}

func base(d charts.Day) charts.Instant { return charts.Instant(d) * 24 * 3600 * 1e9 }

// Encode is the document.
func (n *Now) Encode() []byte {
	return sealed(appendPoints(n.appendHead(nil), base(n.Day), *n.tail()))
}

func (n *Now) appendHead(b []byte) []byte {
	b = append(b, Format, byte(slices.Index(aggregations, n.Aggregation)))
	b = binary.AppendUvarint(b, uint64(n.Version))
	b = binary.AppendUvarint(b, uint64(n.Generation))
	b = appendText(b, n.Zone)
	b = binary.AppendVarint(b, int64(n.Updated))
	b = binary.AppendVarint(b, int64(n.Day))
	b = binary.AppendVarint(b, int64(n.DaysFrom))
	b = binary.AppendVarint(b, int64(n.TailFrom))
	at := base(n.Day)
	b = appendTallies(b, n.Aggregation, at, n.Days)
	var room [512]byte
	b = appendText(b, n.hours.appendTo(room[:0], n.Aggregation, at))
	return appendText(b, n.weekAgo.appendTo(room[:0], n.Aggregation, at))
}

// headSize is the size of all but the tail, whatever the generation: pages must not differ between generations.
func (n *Now) headSize() int {
	same := *n
	same.Generation = 1 << 27
	return len(same.appendHead(nil)) + sealSize
}

// ErrFormat says that a document is of another format than this binary's: the chart must be rebuilt.
var ErrFormat = fmt.Errorf("%w: of another format", ErrCorrupt)

// ReadNow reads what Encode wrote. The bytes are the answer's from then on.
func ReadNow(b []byte) (*Now, error) {
	if len(b) < 2 || int(b[1]) >= len(aggregations) {
		return nil, fmt.Errorf("%w: NOW", ErrCorrupt)
	}
	if b[0] != Format {
		return nil, ErrFormat
	}
	content, whole := unsealed(b)
	if !whole {
		return nil, fmt.Errorf("%w: NOW", ErrCorrupt)
	}
	n := &Now{Aggregation: aggregations[b[1]]}
	r := reader{b: content, at: 2}
	n.Version = int64(r.uvarint())
	n.Generation = int64(r.uvarint())
	n.Zone = r.text()
	n.Updated = charts.Instant(r.varint())
	n.Day = charts.Day(r.varint())
	n.DaysFrom = charts.Day(r.varint())
	n.TailFrom = charts.Instant(r.varint())
	at := base(n.Day)
	n.Days = r.tallies(nil, n.Aggregation, at)
	n.hours = list{packed: r.bytes(), aggregation: n.Aggregation, base: at}
	n.weekAgo = list{packed: r.bytes(), aggregation: n.Aggregation, base: at}
	n.packed, n.packedFrom, n.body = r.rest(), at, len(b)
	if r.bad {
		return nil, fmt.Errorf("%w: NOW", ErrCorrupt)
	}
	return n, nil
}
