package quota

import (
	"context"
	"fmt"
	"strconv"
	"sync"
	"time"

	"github.com/mykpi/mykpi/eventstore"
	"github.com/mykpi/mykpi/tenancy"
)

const (
	readEvery = 10 * time.Second // the counts of other instances
	kept      = 72 * time.Hour   // a day's counts
	smallest  = 100              // points between two writes
)

// prefix begins the names of counts: USAGE#<date>#<instance>. They sort after all that a dashboard reads in one range.
const prefix = "USAGE#"

// day is how many points one tenant recorded on one day.
type day struct {
	mu       sync.Mutex
	others   int // recorded by other instances, when last read
	readAt   time.Time
	own      int // recorded by this one
	written  int // of own, in the store
	reserved int // being recorded
}

// total is the count as far as it is known.
func (d *day) total(ctx context.Context, g *Guard, id tenancy.ID, date string) (int, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	err := d.read(ctx, g, id, date)
	return d.others + d.own, err
}

// reserve answers how many points are used or reserved, and reserves n more where they fit.
func (d *day) reserve(ctx context.Context, g *Guard, id tenancy.ID, date string, n, limit int) (used int, err error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if err := d.read(ctx, g, id, date); err != nil {
		return 0, err
	}
	used = d.others + d.own + d.reserved
	if used+n <= limit {
		d.reserved += n
	}
	return used, nil
}

// settle counts what was recorded of what was reserved. A count that can't be written now is written with the next.
func (d *day) settle(ctx context.Context, g *Guard, id tenancy.ID, date string, reserved, recorded, limit int) {
	d.mu.Lock()
	d.reserved -= reserved
	d.own += recorded
	d.mu.Unlock()
	_ = d.write(ctx, g, id, date, max(smallest, limit/100))
}

// write keeps this instance's count where at least so many points are not written yet.
func (d *day) write(ctx context.Context, g *Guard, id tenancy.ID, date string, atLeast int) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.own-d.written < atLeast {
		return nil
	}
	err := g.store.Commit(ctx, id, eventstore.Commit{Puts: []eventstore.Put{{
		Key: eventstore.Key{Name: prefix + date + "#" + g.instance}, Body: strconv.AppendInt(nil, int64(d.own), 10),
		Expires: g.now().Add(kept).Truncate(time.Second),
	}}})
	if err == nil {
		d.written = d.own
	}
	return err
}

// read reads what other instances wrote, unless that was done a moment ago.
func (d *day) read(ctx context.Context, g *Guard, id tenancy.ID, date string) error {
	now := g.now()
	if !d.readAt.IsZero() && now.Sub(d.readAt) < readEvery {
		return nil
	}
	from := prefix + date
	answers, err := g.store.Documents(ctx, id, eventstore.Between(from+"#", from+"$"))
	if err != nil {
		return err
	}
	others := 0
	for _, doc := range answers[0] {
		if doc.Key.Name == from+"#"+g.instance {
			continue
		}
		n, err := strconv.Atoi(string(doc.Body))
		if err != nil {
			return fmt.Errorf("quota: %s: %w", doc.Key.Name, err)
		}
		others += n
	}
	d.others, d.readAt = others, now
	return nil
}
