package projection

import "github.com/mykpi/mykpi/charts"

// list is tallies in order of time. One that was read stays packed, as it was written, until it is changed or looked at again:
// of most a query asks nothing, and those of a kept chart take a fraction of the memory.
type list struct {
	tallies []charts.Tally

	packed      []byte // the tallies, else
	aggregation charts.Aggregation
	base        charts.Instant // what the first of them is told from
	seen        bool
}

// all are the tallies, to be read and changed.
func (l *list) all() *[]charts.Tally {
	if l.packed != nil {
		l.tallies, l.packed = l.unpack(nil), nil
	}
	return &l.tallies
}

// look is the tallies, to be read for as long as the room serves nothing else.
func (l *list) look(room *[]charts.Tally) []charts.Tally {
	if l.packed == nil || l.seen {
		return *l.all()
	}
	l.seen = true
	*room = l.unpack((*room)[:0])
	return *room
}

func (l *list) unpack(room []charts.Tally) []charts.Tally {
	r := reader{b: l.packed}
	return r.tallies(room, l.aggregation, l.base)
}

// appendTo appends the tallies, packed.
func (l *list) appendTo(b []byte, a charts.Aggregation, base charts.Instant) []byte {
	if l.packed != nil && l.base == base {
		return append(b, l.packed...)
	}
	return appendTallies(b, a, base, *l.all())
}

const tallySize = 64 // of a tally, in bytes, about

// size is what the list takes in memory, in bytes, about.
func (l *list) size() int { return len(l.packed) + len(l.tallies)*tallySize }
