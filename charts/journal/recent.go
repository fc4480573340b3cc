package journal

import (
	"maps"
	"sync"
	"time"

	"github.com/mykpi/mykpi/charts"
	"github.com/mykpi/mykpi/tenancy"
)

// Settling is after how long an eventual read (eventstore.Span) surely sees a commit: some times what it takes.
const Settling = 5 * time.Second

// Floor is how far a chart is known to have come: whoever reads less has read what is out of date.
type Floor struct {
	Version int64
	Changed time.Time // of its newest event that was not about points; zero where there was none of late
}

// recent knows the floors of the charts that were committed in about the last Settling, by this process or by others
// that told it. Two maps, the older of which is dropped each Settling, keep it small without looking at each entry.
type recent struct {
	mu         sync.Mutex
	young, old map[tenancy.ID]map[charts.ID]Floor
	turned     time.Time
}

// everyChart stands in recent for a change of the tenant; no chart has it as an ID.
const everyChart = charts.ID("")

// turn drops what is old. The caller holds the lock.
func (r *recent) turn(now time.Time) {
	switch age := now.Sub(r.turned); {
	case age >= 2*Settling || r.young == nil:
		r.old, r.young = nil, map[tenancy.ID]map[charts.ID]Floor{}
	case age >= Settling:
		r.old, r.young = r.young, map[tenancy.ID]map[charts.ID]Floor{}
	default:
		return
	}
	r.turned = now
}

func (r *recent) note(now time.Time, tenant tenancy.ID, id charts.ID, f Floor) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.turn(now)
	floors := r.young[tenant]
	if floors == nil {
		floors = map[charts.ID]Floor{}
		r.young[tenant] = floors
	}
	floors[id] = floors[id].or(f)
}

// or is the higher of both, by each part.
func (f Floor) or(other Floor) Floor {
	f.Version = max(f.Version, other.Version)
	if other.Changed.After(f.Changed) {
		f.Changed = other.Changed
	}
	return f
}

// Floors are the floors of a tenant's charts that changed of late. settled is false where the tenant itself did, such as
// its time zone: then nothing of it should be read eventually.
func (j *Journal) Floors(tenant tenancy.ID) (floors map[charts.ID]Floor, settled bool) {
	r := &j.recent
	r.mu.Lock()
	defer r.mu.Unlock()
	r.turn(j.Now())
	floors = maps.Clone(r.young[tenant])
	if floors == nil {
		floors = map[charts.ID]Floor{}
	}
	for id, f := range r.old[tenant] {
		floors[id] = floors[id].or(f)
	}
	_, changed := floors[everyChart]
	delete(floors, everyChart)
	return floors, !changed
}

// Heard takes note of what another process has committed.
func (j *Journal) Heard(c Change) {
	f := Floor{Version: c.Version}
	if c.Kind != dataPointsRecorded && c.Kind != dataPointsRemoved {
		f.Changed = c.OccurredAt
	}
	j.Reached(c.Tenant, c.Chart, f)
}

// Reached takes note of how far a chart is known to have come.
func (j *Journal) Reached(tenant tenancy.ID, id charts.ID, f Floor) {
	j.recent.note(j.Now(), tenant, id, f)
}

// TenantChanged takes note that a tenant's settings have changed, here or in another process.
func (j *Journal) TenantChanged(tenant tenancy.ID) {
	j.recent.note(j.Now(), tenant, everyChart, Floor{})
	j.mu.Lock()
	defer j.mu.Unlock()
	j.kept.tenantChanged()
}
