package projection

import (
	"encoding/binary"
	"errors"
	"fmt"
	"iter"
	"maps"
	"math"
	"slices"
	"strconv"
	"strings"

	"github.com/mykpi/mykpi/charts"
	"github.com/mykpi/mykpi/eventstore"
)

// ErrMoved says that a document is newer than the NOW document it was read with: another commit came between the two
// reads. Load the chart again.
var ErrMoved = errors.New("projection: the chart moved on while it was read")

// Series is one chart's projection as far as it has been loaded. Folds and Plan note what they lack; the caller loads
// Wants, hands it to Absorb, and asks again. A Series is not safe for concurrent use.
type Series struct {
	Chart charts.ID
	Now   *Now

	calendar charts.Calendar
	hours    *tallies         // of the days Now.Day-8 to Now.Day-1 that have more than one point; nil: not loaded
	years    map[int]*tallies // the loaded ones, nil while there is none; a year without a document is empty
	allYears bool             // every year is loaded
	pages    []*page          // in order, those loaded
	known    []interval       // the instants whose pages are loaded
	wants    wants
	memo     memo
}

// memo is what folds have worked out of the calendar, for the next ones. Its zero says nothing.
type memo struct {
	daysFrom charts.Day
	start    charts.Instant // of daysFrom
	at       charts.Instant
	day      charts.Day // of at
}

// tallies is the body of a TREND document.
type tallies struct {
	list
	dirty bool
}

// copy is another look at the same tallies: what one unpacks, the other does not.
func (t *tallies) copy() *tallies {
	if t == nil {
		return nil
	}
	c := *t
	return &c
}

// page is a run of points. It begins at an instant and an ordinal, for points of one instant may need several pages; the
// first page of a chart begins at 0.
type page struct {
	from    charts.Instant
	ordinal int
	points  []Point
	dirty   bool
}

// interval is from <= instant <= to.
type interval struct{ from, to charts.Instant }

type wants struct {
	hours    bool
	years    map[int]bool
	allYears bool
	pages    []interval
}

// New is the series of a chart that has no documents yet, to be filled from its first event.
func New(id charts.ID, a charts.Aggregation, generation int64, c charts.Calendar) *Series {
	return &Series{
		Chart:    id,
		Now:      &Now{Aggregation: a, Generation: generation, Zone: c.Zone()},
		calendar: c,
		hours:    &tallies{},
		allYears: true,
		known:    []interval{{math.MinInt64, math.MaxInt64}},
	}
}

// Open is the series that a NOW document is the head of. The calendar's zone must be Now.Zone.
func Open(id charts.ID, now *Now, c charts.Calendar) *Series {
	return &Series{Chart: id, Now: now, calendar: c}
}

// Renewed is the series of a newer NOW document, after commits that wrote no documents but the named ones. What has been loaded
// stays, unless they may have changed it, or it is of a newer NOW still. Both may be used from then on.
func (s *Series) Renewed(now *Now, written iter.Seq[string]) *Series {
	r := Open(s.Chart, now, s.calendar)
	if now.Generation != s.Now.Generation || now.Version < s.Now.Version {
		return r
	}
	for name := range written {
		if isPart(s.Chart, name) {
			return r
		}
	}
	r.hours, r.years, r.allYears = s.hours.copy(), maps.Clone(s.years), s.allYears
	for y, t := range r.years {
		r.years[y] = t.copy()
	}
	r.pages, r.known = slices.Clone(s.pages), slices.Clone(s.known)
	return r
}

// Wants reports whether the last calls lacked documents.
func (s *Series) Wants() bool {
	return s.wants.hours || s.wants.allYears || len(s.wants.years) > 0 || len(s.wants.pages) > 0
}

// WantsHours reports whether the hours of the window are among the documents wanted: Spans begins with them.
func (s *Series) WantsHours() bool { return s.wants.hours }

// Spans are the documents wanted, in the order that Absorb expects them.
func (s *Series) Spans() []eventstore.Span {
	var spans []eventstore.Span
	if s.wants.hours {
		spans = append(spans, eventstore.One(eventstore.Key{Name: HoursName(s.Chart)}))
	}
	if s.wants.allYears {
		years := yearsPrefix(s.Chart, s.Now.Generation)
		spans = append(spans, eventstore.Between(years, years+"~"))
	} else {
		for _, y := range s.wants.sortedYears() {
			spans = append(spans, eventstore.One(eventstore.Key{Name: yearsPrefix(s.Chart, s.Now.Generation) + strconv.Itoa(y)}))
		}
	}
	for _, w := range s.wants.pages {
		prefix := pagesPrefix(s.Chart, s.Now.Generation)
		// The page that begins before the interval, then those that begin in it.
		first, behind := pageName(prefix, w.from, 0), pageName(prefix, w.to, maxOrdinal)
		spans = append(spans,
			eventstore.Span{Key: eventstore.Key{Name: prefix}, To: first, Desc: true, Limit: 1},
			eventstore.Between(first, behind))
	}
	return spans
}

func (w wants) sortedYears() []int {
	years := make([]int, 0, len(w.years))
	for y := range w.years {
		years = append(years, y)
	}
	slices.Sort(years)
	return years
}

// Absorb takes what the store answered to Spans. ErrMoved: load the chart again from its NOW document.
func (s *Series) Absorb(answers [][]eventstore.Document) error {
	w := s.wants
	s.wants = wants{}
	next := func() []eventstore.Document {
		answer := answers[0]
		answers = answers[1:]
		return answer
	}
	if w.hours {
		s.hours = &tallies{}
		for _, d := range next() {
			var err error
			if s.hours.list, err = s.readTallies(d); err != nil {
				return err
			}
		}
	}
	if w.allYears {
		if err := s.absorbYears(next()); err != nil {
			return err
		}
		s.allYears = true
	} else {
		for _, y := range w.sortedYears() {
			s.setYear(y, list{})
			if err := s.absorbYears(next()); err != nil {
				return err
			}
		}
	}
	for _, interval := range w.pages {
		for range 2 {
			for _, d := range next() {
				if err := s.absorbPage(d); err != nil {
					return err
				}
			}
		}
		s.known = append(s.known, interval)
	}
	return nil
}

func (s *Series) absorbYears(docs []eventstore.Document) error {
	for _, d := range docs {
		year, err := strconv.Atoi(d.Key.Name[strings.LastIndexByte(d.Key.Name, '#')+1:])
		if err != nil {
			return fmt.Errorf("%w: %s", ErrCorrupt, d.Key.Name)
		}
		if loaded := s.years[year]; loaded != nil && loaded.dirty {
			continue
		}
		list, err := s.readTallies(d)
		if err != nil {
			return err
		}
		s.setYear(year, list)
	}
	return nil
}

func (s *Series) setYear(year int, days list) *tallies {
	if s.years == nil {
		s.years = map[int]*tallies{}
	}
	t := &tallies{list: days}
	s.years[year] = t
	return t
}

func (s *Series) readTallies(d eventstore.Document) (list, error) {
	r, err := s.readHead(d)
	return list{packed: r.rest(), aggregation: s.Now.Aggregation, base: charts.EarliestPoint}, err
}

func (s *Series) absorbPage(d eventstore.Document) error {
	var p page
	tail := d.Key.Name[len(pagesPrefix(s.Chart, s.Now.Generation)):]
	if n, err := fmt.Sscanf(tail, "%019d#%06d", &p.from, &p.ordinal); err != nil || n != 2 {
		return fmt.Errorf("%w: %s", ErrCorrupt, d.Key.Name)
	}
	i, found := s.findPage(p.from, p.ordinal)
	if found {
		return nil // loaded before, perhaps changed since
	}
	r, err := s.readHead(d)
	if err != nil {
		return err
	}
	p.points = r.points(p.from)
	if err := r.err(d.Key.Name); err != nil {
		return err
	}
	s.pages = slices.Insert(s.pages, i, &p)
	return nil
}

// readHead checks that a document belongs to the Now it is read with, and answers a reader of what is behind its head.
func (s *Series) readHead(d eventstore.Document) (reader, error) {
	content, whole := unsealed(d.Body)
	r := reader{b: content}
	generation, version := int64(r.uvarint()), int64(r.uvarint())
	switch {
	case !whole || r.bad:
		return r, fmt.Errorf("%w: %s", ErrCorrupt, d.Key.Name)
	case generation != s.Now.Generation || version > s.Now.Version:
		return r, ErrMoved
	}
	return r, nil
}

// headBytes is what appendDocumentHead, a number of points and the seal take, at most.
const headBytes = 3*binary.MaxVarintLen64 + sealSize

func (s *Series) appendDocumentHead(b []byte) []byte {
	b = binary.AppendUvarint(b, uint64(s.Now.Generation))
	return binary.AppendUvarint(b, uint64(s.Now.Version))
}

// Puts are the documents that changed since the series was opened, NOW always among them and first.
func (s *Series) Puts() []eventstore.Put {
	puts := []eventstore.Put{s.nowPut()}
	put := func(name string, body []byte) {
		puts = append(puts, eventstore.Put{Key: eventstore.Key{Name: name}, Body: body})
	}
	if s.hours != nil && s.hours.dirty {
		puts = append(puts, s.hoursPut())
	}
	for _, y := range s.sortedYears() {
		if s.years[y].dirty {
			put(yearsPrefix(s.Chart, s.Now.Generation)+strconv.Itoa(y), s.encode(s.years[y]))
		}
	}
	for _, p := range s.pages {
		if p.dirty {
			put(pageName(pagesPrefix(s.Chart, s.Now.Generation), p.from, p.ordinal), sealed(appendPoints(s.appendDocumentHead(make([]byte, 0, pageBytes+headBytes)), p.from, p.points)))
		}
	}
	return puts
}

// Heads are the documents that every generation has under the same names, NOW first; TREND#H is among them even where
// it is empty, lest that of an older generation stay.
func (s *Series) Heads() []eventstore.Put { return []eventstore.Put{s.nowPut(), s.hoursPut()} }

func (s *Series) nowPut() eventstore.Put {
	return eventstore.Put{Key: eventstore.Key{Name: NowName(s.Chart)}, Body: s.Now.Encode()}
}

func (s *Series) hoursPut() eventstore.Put {
	return eventstore.Put{Key: eventstore.Key{Name: HoursName(s.Chart)}, Body: s.encode(s.hours)}
}

// encode is a TREND document.
func (s *Series) encode(t *tallies) []byte {
	return sealed(t.appendTo(s.appendDocumentHead(nil), s.Now.Aggregation, charts.EarliestPoint))
}

// Saved marks every document as unchanged, after its Puts were committed.
func (s *Series) Saved() {
	if s.hours != nil {
		s.hours.dirty = false
	}
	for _, doc := range s.years {
		doc.dirty = false
	}
	for _, p := range s.pages {
		p.dirty = false
	}
}

const maxOrdinal = 999_999

func pageName(prefix string, from charts.Instant, ordinal int) string {
	return fmt.Sprintf("%s%019d#%06d", prefix, from, ordinal)
}

// findPage is where in s.pages the page that begins exactly there is, or belongs.
func (s *Series) findPage(from charts.Instant, ordinal int) (int, bool) {
	return slices.BinarySearchFunc(s.pages, page{from: from, ordinal: ordinal}, func(p *page, w page) int {
		switch {
		case p.from < w.from || p.from == w.from && p.ordinal < w.ordinal:
			return -1
		case p.from == w.from && p.ordinal == w.ordinal:
			return 0
		}
		return 1
	})
}

// needPages reports whether the pages of an interval are loaded, and wants them where not.
func (s *Series) needPages(from, to charts.Instant) bool {
	for _, k := range s.known {
		if k.from <= from && k.to >= to {
			return true
		}
	}
	for _, w := range s.wants.pages {
		if w.from <= from && w.to >= to {
			return false
		}
	}
	s.wants.pages = append(s.wants.pages, interval{from, to})
	return false
}

func (s *Series) needHours() bool {
	if s.hours == nil {
		s.wants.hours = true
	}
	return s.hours != nil
}

func (s *Series) needYear(year int) bool {
	if s.allYears || s.years[year] != nil {
		return true
	}
	if s.wants.years == nil {
		s.wants.years = map[int]bool{}
	}
	s.wants.years[year] = true
	return false
}

func (s *Series) needAllYears() bool {
	s.wants.allYears = !s.allYears
	return s.allYears
}

func (s *Series) sortedYears() []int {
	years := make([]int, 0, len(s.years))
	for y := range s.years {
		years = append(years, y)
	}
	slices.Sort(years)
	return years
}

func (s *Series) year(d charts.Day) int {
	year, _, _ := d.Date()
	return year
}

// Dirty is how many documents Puts would answer.
func (s *Series) Dirty() int {
	n := 1
	if s.hours != nil && s.hours.dirty {
		n++
	}
	for _, doc := range s.years {
		if doc.dirty {
			n++
		}
	}
	for _, p := range s.pages {
		if p.dirty {
			n++
		}
	}
	return n
}

// Loaded is how many points of pages the series holds in memory.
func (s *Series) Loaded() int {
	n := 0
	for _, p := range s.pages {
		n += len(p.points)
	}
	return n
}

// Size is what the series takes in memory, in bytes, about.
func (s *Series) Size() int {
	n := s.Now.size() + s.Loaded()*pointSize
	if s.hours != nil {
		n += s.hours.size()
	}
	for _, y := range s.years {
		n += y.size()
	}
	return n
}

// Shrink lets go of the points of pages where they are more than is worth keeping, and is how many bytes that frees. Points that
// were answered before stay valid.
func (s *Series) Shrink() (bytes int) {
	const keep = 1000
	if s.Loaded() <= keep {
		return 0
	}
	before := s.Size()
	s.pages, s.known = nil, nil
	return before - s.Size()
}
