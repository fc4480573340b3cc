package projection

import (
	"slices"
	"sort"

	"github.com/mykpi/mykpi/charts"
)

// insert puts a point where its instant belongs, behind those of the same instant.
func (s *Series) insert(p Point) {
	points := s.Now.tail()
	if p.At < s.Now.TailFrom {
		page := s.pages[s.floorPage(p.At)]
		page.dirty = true
		points = &page.points
	}
	i := len(*points)
	if i > 0 && (*points)[i-1].At > p.At {
		i = firstFrom(*points, p.At+1)
	}
	*points = slices.Insert(*points, i, p)
}

// remove takes the point of that identity and instant out. One that is not there is passed over: events are facts, and
// what they took away twice is gone.
func (s *Series) remove(p charts.Point) {
	id := p.ID()
	drop := func(points *[]Point) bool {
		for i := firstFrom(*points, p.At); i < len(*points) && (*points)[i].At == p.At; i++ {
			if (*points)[i].ID() == id {
				*points = slices.Delete(*points, i, i+1)
				return true
			}
		}
		return false
	}
	if p.At >= s.Now.TailFrom {
		drop(s.Now.tail())
		return
	}
	for i := s.floorPage(p.At - 1); i < len(s.pages) && s.pages[i].from <= p.At; i++ {
		if drop(&s.pages[i].points) {
			s.pages[i].dirty = true
			return
		}
	}
}

// Find is the point without a key at an instant. It holds only where Wants is false afterwards.
func (s *Series) Find(at charts.Instant) (Point, bool) {
	if at >= s.Now.TailFrom {
		return findKeyless(*s.Now.tail(), at)
	}
	if s.needPages(at, at) {
		for i := s.floorPage(at - 1); i < len(s.pages) && s.pages[i].from <= at; i++ {
			if p, found := findKeyless(s.pages[i].points, at); found {
				return p, true
			}
		}
	}
	return Point{}, false
}

func findKeyless(points []Point, at charts.Instant) (Point, bool) {
	for i := firstFrom(points, at); i < len(points) && points[i].At == at; i++ {
		if points[i].Key == "" {
			return points[i], true
		}
	}
	return Point{}, false
}

// firstFrom is the place of the first point at an instant or later.
func firstFrom(points []Point, at charts.Instant) int {
	return sort.Search(len(points), func(i int) bool { return points[i].At >= at })
}

// floorPage is the place of the last loaded page that begins at or before an instant, or 0.
func (s *Series) floorPage(at charts.Instant) int {
	i := sort.Search(len(s.pages), func(i int) bool { return s.pages[i].from > at })
	return max(i-1, 0)
}

// flush moves the tail to pages where NOW would grow over its size; the newest points stay.
func (s *Series) flush() {
	room := max(nowBytes-s.Now.headSize(), tailBytes)
	tail := s.Now.tail()
	sizes, total := measure(base(s.Now.Day), *tail)
	if total <= room {
		return
	}
	keep := len(*tail)
	for left := room / 2; keep > 0 && sizes[keep-1] <= left; keep-- {
		left -= sizes[keep-1]
	}
	keep = runStart(*tail, keep, len(*tail))
	gone := (*tail)[:keep]
	*tail = slices.Clone((*tail)[keep:])
	from := s.Now.TailFrom
	s.Now.TailFrom = gone[len(gone)-1].At + 1
	if len(*tail) > 0 {
		s.Now.TailFrom = (*tail)[0].At
	}
	first := page{from: gone[0].At}
	if from == 0 {
		first.from = 0 // the first page holds whatever comes before all others
	}
	sizes = sizes[:keep]
	sizes[0] = size(&Point{Point: charts.Point{At: first.from}}, &gone[0]) // in NOW it was told from another instant
	s.pages = append(s.pages, cut(first, gone, sizes)...)
	s.known = append(s.known, interval{gone[0].At, s.Now.TailFrom - 1})
}

// split cuts the changed pages that have grown too large.
func (s *Series) split() {
	for i := 0; i < len(s.pages); i++ {
		p := s.pages[i]
		if !p.dirty {
			continue
		}
		sizes, total := measure(p.from, p.points)
		if total <= pageBytes {
			continue
		}
		pieces := cut(*p, p.points, sizes)
		s.pages = slices.Replace(s.pages, i, i+1, pieces...)
		i += len(pieces) - 1
	}
}

// cut lays points out on pages, the first of which begins where it is told; sizes are what measure answers for it. A run
// of one instant is cut only where it is larger than a page, so that no page holds an instant at which a later one
// begins, but pages of one such run.
func cut(first page, points []Point, sizes []int) []*page {
	total := 0
	for _, n := range sizes {
		total += n
	}
	// Pages of equal size, so that a page that is split has room on both sides.
	target := total / (total/pageBytes + 1)
	var pages []*page
	next := page{from: first.from, ordinal: first.ordinal, dirty: true}
	for len(points) > 0 {
		n, size := 0, 0
		for n < len(points) && (n == 0 || size+sizes[n] <= pageBytes && size < target) {
			size += sizes[n]
			n++
		}
		if n < len(points) {
			n = runStart(points, n, n)
			// All one run: as much of it as a page can hold.
			for n < len(points) && points[n].At == points[0].At && size+sizes[n] <= pageBytes {
				size += sizes[n]
				n++
			}
		}
		full := next
		full.points = slices.Clone(points[:n])
		pages = append(pages, &full)
		points, sizes = points[n:], sizes[n:]
		if len(points) > 0 {
			next = page{from: points[0].At, dirty: true}
			switch {
			case next.from == full.from:
				next.ordinal = full.ordinal + 1
			case full.points[n-1].At == next.from:
				next.ordinal = 1 // 0 is for the run's beginning, should it ever be cut off the page it shares
			}
		}
	}
	return pages
}

// runStart moves a cut before points[i] back to where the run of its instant starts. Where the whole list is one run up
// to the cut, it answers whole.
func runStart(points []Point, i, whole int) int {
	if i == len(points) || i == 0 {
		return i
	}
	start := i
	for start > 0 && points[start-1].At == points[i].At {
		start--
	}
	if start == 0 {
		return whole
	}
	return start
}

// measure is what each point adds to the size of an encoded list, in bytes.
func measure(from charts.Instant, points []Point) (sizes []int, total int) {
	sizes = make([]int, len(points))
	before := &Point{Point: charts.Point{At: from}}
	for i := range points {
		sizes[i] = size(before, &points[i])
		total += sizes[i]
		before = &points[i]
	}
	return sizes, total
}

// size is what appendPoint appends, in bytes.
func size(before, p *Point) int {
	var buffer [charts.MaxPointKey + 64]byte
	return len(appendPoint(buffer[:0], p.At-before.At, p.Version-before.Version, &p.Point))
}
