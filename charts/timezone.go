package charts

import (
	"strings"
	"time"

	"github.com/mykpi/mykpi/tenancy"
)

const (
	oneHour = Instant(time.Hour)
	oneDay  = 24 * oneHour

	// maxOffset is more than any clock on Earth was ever ahead of UTC or behind it.
	maxOffset = 16 * oneHour
	// maxZoneName is more than the longest name of the IANA database.
	maxZoneName = 64
)

// The years of which a calendar knows the changes of clocks; beyond them the nearest offset holds. They leave room
// around MinInstant and MaxInstant for the units that these touch.
const (
	firstZoneYear = 1968
	lastZoneYear  = 2102
)

// timezone is what a zone's clocks show and when they change, as a table: looking an instant up in it neither
// allocates nor depends on the rules of time.Location, which are costly beyond 2037.
type timezone struct {
	name     string
	segments []segment // ascending; the first starts before all instants
	skipped  []Day     // the days that the zone left out altogether, ascending; empty but for a few islands
}

// segment is a stretch of time between two changes of the clock.
type segment struct {
	start  Instant
	offset int32 // seconds east of UTC
	floor  Day   // the newest day that had begun when the segment started
}

const (
	beginning = Instant(-1 << 63)
	noDay     = Day(-1 << 31)
)

// loadTimezone reads a zone of the IANA database that Go uses: the machine's, or time/tzdata.
func loadTimezone(name string) (*timezone, error) {
	if !isZoneName(name) {
		return nil, refuseZone()
	}
	location, err := time.LoadLocation(name)
	if err != nil {
		return nil, refuseZone()
	}
	z := &timezone{name: name}
	z.build(location)
	return z, nil
}

func refuseZone() error {
	return tenancy.Refuse(tenancy.BadUserInput, "timeZone", "must be a name of the IANA time zone database, such as Europe/Paris")
}

// isZoneName tells names of zones from everything else that the path of a file can be. The database's directory also
// holds copies of itself (posix/, right/ with leap seconds) and the machine's own zone: names that mean something else
// on the next machine.
func isZoneName(name string) bool {
	if name == "" || len(name) > maxZoneName {
		return false
	}
	atStart := true // of an element of the path
	for i := range len(name) {
		c := name[i]
		letter := c >= 'A' && c <= 'Z' || c >= 'a' && c <= 'z'
		other := c >= '0' && c <= '9' || c == '_' || c == '+' || c == '-'
		switch {
		case letter:
			atStart = false
		case c == '/' && !atStart:
			atStart = true
		case !other || atStart:
			return false
		}
	}
	switch first, _, _ := strings.Cut(name, "/"); first {
	case "Local", "localtime", "posixrules", "Factory", "posix", "right":
		return false
	}
	return !atStart
}

func (z *timezone) build(location *time.Location) {
	t := time.Date(firstZoneYear, 1, 1, 0, 0, 0, 0, time.UTC).In(location)
	end := time.Date(lastZoneYear, 1, 1, 0, 0, 0, 0, time.UTC)
	z.add(beginning, t)
	for {
		_, next := t.ZoneBounds()
		if next.IsZero() || !next.Before(end) {
			break
		}
		if !next.After(t) {
			// In the years that follow a rule, ZoneBounds ends a leap year's last zone one day early.
			next = t.AddDate(0, 0, 1)
		}
		t = next
		z.add(InstantOf(t), t)
	}
	z.segments = append([]segment(nil), z.segments...) // as long as it must be, for it is kept
}

// add starts a segment with the offset that holds at t, unless that held before.
func (z *timezone) add(start Instant, t time.Time) {
	_, seconds := t.Zone()
	s := segment{start: start, offset: int32(seconds), floor: noDay}
	if len(z.segments) > 0 {
		previous := z.segments[len(z.segments)-1]
		if previous.offset == s.offset {
			return
		}
		before, after := previous.local(start), s.local(start)
		s.floor = max(previous.floor, dayOfLocal(before-1))
		for d := s.floor + 1; Instant(d+1)*oneDay <= after; d++ {
			z.skipped = append(z.skipped, d)
		}
	}
	z.segments = append(z.segments, s)
}

// find is the index of the segment that t is in.
func (z *timezone) find(t Instant) int {
	low, high := 0, len(z.segments)
	for high-low > 1 {
		middle := int(uint(low+high) / 2)
		if z.segments[middle].start <= t {
			low = middle
		} else {
			high = middle
		}
	}
	return low
}

// first is the first instant at which the clocks show local, or have been put forward past it.
func (z *timezone) first(local Instant) Instant {
	i := z.find(local - maxOffset)
	for {
		s := z.segments[i]
		t := max(local-s.ahead(), s.start)
		i++
		if i == len(z.segments) || t < z.segments[i].start {
			return t
		}
	}
}

// ahead is how far the clocks are ahead of UTC.
func (s segment) ahead() Instant { return Instant(s.offset) * Instant(time.Second) }

// local is what clocks show at t, as the instant at which those of UTC show the same.
func (s segment) local(t Instant) Instant { return t + s.ahead() }

func dayOfLocal(local Instant) Day { return Day(floorDiv(local, oneDay)) }

// floorDiv is n / d rounded down; d > 0.
func floorDiv(n, d Instant) Instant {
	q := n / d
	if n%d < 0 {
		q--
	}
	return q
}
