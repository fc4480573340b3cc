package projection

import (
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"slices"

	"github.com/mykpi/mykpi/charts"
)

// ErrCorrupt says that a document or payload is not what this package writes.
var ErrCorrupt = errors.New("projection: corrupt document")

// Point is a point as it stands in its chart, with the version of the event that recorded it.
type Point struct {
	charts.Point
	Version int64
}

// appendDelta appends a span of time in the largest unit that keeps it exact, as one varint: two bits of unit below
// the zigzagged number. Instants to the second cost two or three bytes between neighbours.
func appendDelta(b []byte, d charts.Instant) []byte {
	n, unit := int64(d), uint64(0)
	for unit < 3 && n%1000 == 0 {
		n /= 1000
		unit++
	}
	zigzag := uint64(n<<1) ^ uint64(n>>63)
	if zigzag>>62 == 0 {
		return binary.AppendUvarint(b, zigzag<<2|unit)
	}
	// More than 73 years to the nanosecond: the same varint, of 66 bits.
	return binary.AppendUvarint(append(b, byte(zigzag&31<<2|unit)|0x80), zigzag>>5)
}

// sealSize is what a document's seal takes at its end: the CRC-32C of all that is before it. A document that bears one is what
// was written, so that its lists may be read when they are asked for, without a fault.
const sealSize = 4

var castagnoli = crc32.MakeTable(crc32.Castagnoli)

func sealed(b []byte) []byte {
	return binary.LittleEndian.AppendUint32(b, crc32.Checksum(b, castagnoli))
}

// unsealed is a document without its seal; false where it does not bear its own.
func unsealed(b []byte) ([]byte, bool) {
	end := len(b) - sealSize
	if end < 0 || binary.LittleEndian.Uint32(b[end:]) != crc32.Checksum(b[:end], castagnoli) {
		return nil, false
	}
	return b[:end], true
}

// reader reads what the append functions wrote. After the first fault it answers zeros and err.
type reader struct {
	b   []byte
	at  int // where in b the next value begins; to cut b instead would be a write barrier for each
	bad bool
}

func (r *reader) fail() { r.at, r.bad = len(r.b), true }

func (r *reader) err(what string) error {
	if r.bad || r.at < len(r.b) {
		return fmt.Errorf("%w: %s", ErrCorrupt, what)
	}
	return nil
}

// rest is what has not been read.
func (r *reader) rest() []byte { return r.b[r.at:] }

func (r *reader) uvarint() uint64 {
	if r.at < len(r.b) && r.b[r.at] < 0x80 { // most are one byte
		r.at++
		return uint64(r.b[r.at-1])
	}
	u, n := binary.Uvarint(r.rest())
	if n <= 0 {
		r.fail()
		return 0
	}
	r.at += n
	return u
}

func (r *reader) varint() int64 {
	u := r.uvarint()
	return int64(u>>1) ^ -int64(u&1)
}

// deltaUnits are the units of appendDelta, in nanoseconds.
var deltaUnits = [4]int64{1, 1e3, 1e6, 1e9}

func (r *reader) delta() charts.Instant {
	if r.at == len(r.b) {
		r.fail()
		return 0
	}
	first := uint64(r.b[r.at])
	r.at++
	zigzag := first & 0x7f >> 2
	if first >= 0x80 {
		zigzag |= r.uvarint() << 5
	}
	n := int64(zigzag>>1) ^ -int64(zigzag&1)
	return charts.Instant(n * deltaUnits[first&3])
}

func (r *reader) decimal() charts.Decimal {
	d, n := charts.ReadDecimal(r.rest())
	if n == 0 {
		r.fail()
	}
	r.at += n
	return d
}

func (r *reader) text() string { return string(r.bytes()) }

// bytes are those of a text or a list, where they lie.
func (r *reader) bytes() []byte {
	n := r.count()
	b := r.b[r.at : r.at+n]
	r.at += n
	return b
}

// count reads a number of elements, each of which takes at least one byte: what is behind it bounds it.
func (r *reader) count() int {
	n := r.uvarint()
	if n > uint64(len(r.b)-r.at) {
		r.fail()
		return 0
	}
	return int(n)
}

func appendText[T string | []byte](b []byte, s T) []byte {
	return append(binary.AppendUvarint(b, uint64(len(s))), s...)
}

// appendTallies appends tallies in the order of time, each relative to the one before.
func appendTallies(b []byte, a charts.Aggregation, base charts.Instant, ts []charts.Tally) []byte {
	b = binary.AppendUvarint(b, uint64(len(ts)))
	for _, t := range ts {
		b = appendDelta(b, t.First-base)
		b = binary.AppendUvarint(b, uint64(t.Count))
		if t.Count > 1 {
			b = appendDelta(b, t.Last-t.First)
		}
		if a != charts.Count {
			b = t.Value.AppendBinary(b)
		}
		base = t.Last
	}
	return b
}

// tallies reads what appendTallies wrote behind those there are.
func (r *reader) tallies(before []charts.Tally, a charts.Aggregation, base charts.Instant) []charts.Tally {
	n := r.count()
	all := slices.Grow(before, n)[:len(before)+n]
	ts := all[len(before):]
	for i := range ts {
		t := &ts[i]
		t.First = base + r.delta()
		t.Count = int64(r.uvarint())
		t.Last = t.First
		if t.Count > 1 {
			t.Last += r.delta()
		}
		t.Value = charts.Decimal{}
		if a != charts.Count {
			t.Value = r.decimal()
		}
		base = t.Last
	}
	return all
}

// appendPoint appends a point by how far it and its version are from the one before it in the same list.
func appendPoint(b []byte, after charts.Instant, step int64, p *charts.Point) []byte {
	b = appendDelta(b, after)
	head := (uint64(step<<1) ^ uint64(step>>63)) << 1
	if p.Key == "" {
		b = binary.AppendUvarint(b, head)
	} else {
		b = appendText(binary.AppendUvarint(b, head|1), p.Key)
	}
	return p.Value.AppendBinary(b)
}

// point reads into an empty one.
func (r *reader) point(p, before *Point) {
	p.At = before.At + r.delta()
	head := r.uvarint()
	zigzag := head >> 1
	p.Version = before.Version + (int64(zigzag>>1) ^ -int64(zigzag&1))
	if head&1 == 1 {
		p.Key = r.text()
	}
	p.Value = r.decimal()
}

func appendPoints(b []byte, base charts.Instant, ps []Point) []byte {
	b = binary.AppendUvarint(b, uint64(len(ps)))
	before := &Point{Point: charts.Point{At: base}}
	for i := range ps {
		p := &ps[i]
		b = appendPoint(b, p.At-before.At, p.Version-before.Version, &p.Point)
		before = p
	}
	return b
}

func (r *reader) points(base charts.Instant) []Point {
	n := r.count()
	if n == 0 {
		return nil
	}
	ps := make([]Point, n)
	before := &Point{Point: charts.Point{At: base}}
	for i := range ps {
		r.point(&ps[i], before)
		before = &ps[i]
	}
	return ps
}

// AppendPoints appends points packed, in any order: the payload of events. Their versions are not kept.
func AppendPoints(b []byte, ps []charts.Point) []byte {
	b = binary.AppendUvarint(b, uint64(len(ps)))
	before := charts.EarliestPoint
	for i := range ps {
		b = appendPoint(b, ps[i].At-before, 0, &ps[i])
		before = ps[i].At
	}
	return b
}

// ReadPoints reads what AppendPoints wrote and answers the bytes behind it.
func ReadPoints(b []byte) ([]charts.Point, []byte, error) {
	r := reader{b: b}
	stored := r.points(charts.EarliestPoint)
	if r.bad {
		return nil, nil, fmt.Errorf("%w: points", ErrCorrupt)
	}
	ps := make([]charts.Point, len(stored))
	for i, p := range stored {
		if p.At < charts.EarliestPoint || p.At > charts.MaxInstant {
			return nil, nil, fmt.Errorf("%w: a point of %v", ErrCorrupt, p.At.Time())
		}
		ps[i] = p.Point
	}
	return ps, r.rest(), nil
}
