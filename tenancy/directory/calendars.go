package directory

import (
	"sync"

	"github.com/mykpi/mykpi/charts"
)

// Calendars remembers the calendars that were made: reading a zone's rules takes a file, and every request needs one.
// The zero value is ready; there are at most as many as zones times first days.
type Calendars struct{ made sync.Map } // calendarKey -> charts.Calendar

type calendarKey struct {
	zone      string
	weekStart Weekday
}

// Of is the tenant's calendar.
func (c *Calendars) Of(t *Tenant) (charts.Calendar, error) {
	key := calendarKey{t.TimeZone, t.WeekStart}
	if made, ok := c.made.Load(key); ok {
		return made.(charts.Calendar), nil
	}
	calendar, err := t.Calendar()
	if err == nil {
		c.made.Store(key, calendar)
	}
	return calendar, err
}
