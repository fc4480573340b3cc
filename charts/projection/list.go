package projection

import "github.com/mykpi/mykpi/charts"

// list is tallies in order of time. One that was read stays packed, as it was written, until it is asked for: most queries ask
// nothing of most, and packed they take a fraction of the memory. Hours stay so at a first look too (folding.look).
type list struct {
	tallies []charts.Tally

	packed      []byte // the tallies, else
	aggregation charts.Aggregation
	base        charts.Instant // what the first of them is told from
	seen        bool           // by a fold, which unpacked it for itself
}

// all are the tallies, to be read and changed.
func (l *list) all() *[]charts.Tally {
	if l.packed != nil {
		l.tallies, l.packed = l.unpack(nil), nil
	}
	return &l.tallies
}

// unpack is the packed tallies, behind those in the room.
func (l *list) unpack(room []charts.Tally) []charts.Tally {
	r := reader{b: l.packed}
	return r.tallies(room, l.aggregation, l.base)
}

// appendTo appends the tallies, packed.
func (l *list) appendTo(b []byte, a charts.Aggregation, base charts.Instant) []byte {
	if l.packed != nil { // from the same base: who moves it changes the lists too
		return append(b, l.packed...)
	}
	return appendTallies(b, a, base, l.tallies)
}

// What a tally and a point take in memory, in bytes, about.
const (
	tallySize = 64
	pointSize = 80
)

// size is what the list takes in memory, in bytes, about.
func (l *list) size() int { return len(l.packed) + len(l.tallies)*tallySize }
