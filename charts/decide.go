package charts

import (
	"fmt"

	"github.com/mykpi/mykpi/tenancy"
)

// Decide answers the events by which a chart fulfils a command: none where nothing changes, or a *tenancy.Refusal.
func Decide(c Chart, cmd Command) ([]Event, error) {
	if create, ok := cmd.(Create); ok {
		return decideCreate(c, create)
	}
	if !c.Exists() {
		return nil, NotFound()
	}
	switch cmd := cmd.(type) {
	case Update:
		return decideUpdate(c, cmd)
	case Archive:
		if err := expect(c, cmd.ExpectedVersion); err != nil || c.Status == Archived {
			return nil, err
		}
		return []Event{ChartArchived{}}, nil
	case Restore:
		if err := expect(c, cmd.ExpectedVersion); err != nil || c.Status == Active {
			return nil, err
		}
		return []Event{ChartRestored{}}, nil
	case Record:
		return decideRecord(c, cmd)
	case Remove:
		return decideRemove(cmd), nil
	}
	panic(fmt.Sprintf("charts: no decision on %T", cmd))
}

// NotFound is the refusal for a chart that is not there; it is the same for one of another tenant.
func NotFound() error {
	return tenancy.Refuse(tenancy.NotFound, "chart", "there is no such chart")
}

func expect(c Chart, version int64) error {
	if version != 0 && version != c.Version {
		return tenancy.Refuse(tenancy.VersionConflict, "expectedVersion",
			"the chart is at version %d, not %d: read it again, then decide", c.Version, version)
	}
	return nil
}

func decideCreate(c Chart, cmd Create) ([]Event, error) {
	if c.Exists() {
		return nil, fmt.Errorf("charts: chart %s exists already", cmd.ID)
	}
	if err := CheckKey("key", cmd.Key); err != nil {
		return nil, err
	}
	if err := cmd.Settings.Check(); err != nil {
		return nil, err
	}
	return []Event{ChartCreated(cmd)}, nil
}

func decideUpdate(c Chart, cmd Update) ([]Event, error) {
	if err := expect(c, cmd.ExpectedVersion); err != nil {
		return nil, err
	}
	wished := cmd.Change(c.Settings)
	if err := wished.Check(); err != nil {
		return nil, err
	}
	changed := c.Settings.changes(wished)
	if len(changed) == 0 {
		return nil, nil
	}
	return []Event{ChartUpdated{Settings: wished, Changed: changed}}, nil
}

func decideRecord(c Chart, cmd Record) ([]Event, error) {
	if c.Status == Archived {
		return nil, tenancy.Refuse(tenancy.BadUserInput, "chart", "the chart is archived: restore it to record points")
	}
	told := make([]RecordedPoint, 0, len(cmd.Points))
	// What earlier entries of this very command said comes before what the chart knew.
	var said map[PointID]int // the place in told; nil where no entry can be about the point of an earlier one
	if !ascend(cmd.Points) {
		said = make(map[PointID]int, len(cmd.Points))
	}
	for _, p := range cmd.Points {
		if p.At == 0 && p.Key == "" {
			p.At = cmd.Now
		}
		id := p.ID()
		was, known := cmd.Known[id]
		if place, again := said[id]; again {
			was, known = told[place].Point, true
		}
		if p.At == 0 {
			p.At = cmd.Now
			if known {
				p.At = was.At
			}
		}
		if known && was.Value == p.Value && was.At == p.At {
			continue
		}
		r := RecordedPoint{Point: p}
		if known {
			r.Corrects, r.Was = true, Was{At: was.At, Value: was.Value}
		}
		if said != nil {
			said[id] = len(told)
		}
		told = append(told, r)
	}
	if len(told) == 0 {
		return nil, nil
	}
	return []Event{DataPointsRecorded{Points: told}}, nil
}

// ascend reports whether points are known by their instants and come in their order, as those of a file most often do.
func ascend(points []Point) bool {
	before := Instant(0) // which is no instant of a point, but that of one to come
	for _, p := range points {
		if p.Key != "" || p.At <= before {
			return false
		}
		before = p.At
	}
	return true
}

func decideRemove(cmd Remove) []Event {
	var removed []Point
	gone := map[PointID]bool{}
	for _, id := range cmd.IDs {
		if p, ok := cmd.Known[id]; ok && !gone[id] {
			gone[id] = true
			removed = append(removed, p)
		}
	}
	if len(removed) == 0 {
		return nil
	}
	return []Event{DataPointsRemoved{Points: removed, Reason: cmd.Reason}}
}
