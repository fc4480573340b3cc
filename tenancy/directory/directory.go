package directory

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/mykpi/mykpi/eventstore"
	"github.com/mykpi/mykpi/tenancy"
)

// AboutName is the document of a tenant's settings. It sorts before the documents of charts, so that one range reads a
// whole dashboard.
const AboutName = "ABOUT"

var stream = eventstore.Stream{Kind: "TENANT", ID: "settings"}

// The events of a tenant's stream.
const (
	tenantCreated = "TenantCreated"
	tenantUpdated = "TenantUpdated"

	tenantSuspended     = "TenantSuspended"
	tenantResumed       = "TenantResumed"
	tenantQuotasChanged = "TenantQuotasChanged"
)

// updated is the payload of the first two: the tenant as it is from now on, and what changed.
type updated struct {
	Name      string   `json:"name"`
	TimeZone  string   `json:"timeZone"`
	WeekStart Weekday  `json:"weekStart"`
	Changed   []string `json:"changed,omitempty"`
}

// Directory reads and changes tenants.
type Directory struct {
	Store eventstore.Store
	Now   func() time.Time
	NewID func() string
	// Changed is told of every change after its commit; nil for nobody.
	Changed func(tenancy.ID)
}

// Tenant is a tenant as it stands, or a NOT_FOUND Refusal.
func (d *Directory) Tenant(ctx context.Context, id tenancy.ID) (*Tenant, error) {
	t, _, err := d.read(ctx, id)
	return t, err
}

// Read makes a Tenant of its document.
func Read(doc eventstore.Document) (*Tenant, error) {
	var t Tenant
	if err := json.Unmarshal(doc.Body, &t); err != nil {
		return nil, fmt.Errorf("directory: the tenant's document: %w", err)
	}
	return &t, nil
}

// Span is where a tenant's document is.
func Span() eventstore.Span { return eventstore.One(eventstore.Key{Name: AboutName}) }

// ErrNotFound is the refusal for a tenant that does not exist.
func ErrNotFound() error { return tenancy.Refuse(tenancy.NotFound, "", "there is no such tenant") }

func (d *Directory) read(ctx context.Context, id tenancy.ID) (t *Tenant, revision int64, err error) {
	answers, err := d.Store.Documents(ctx, id, Span())
	if err != nil {
		return nil, 0, err
	}
	if len(answers[0]) == 0 {
		return nil, 0, ErrNotFound()
	}
	t, err = Read(answers[0][0])
	return t, answers[0][0].Revision, err
}

// Create makes a tenant. ErrExists: it is there already, and stays as it is.
func (d *Directory) Create(ctx context.Context, id tenancy.ID, by tenancy.Actor, name, timeZone string, weekStart Weekday) error {
	t, _, err := Tenant{}.apply(Changes{Name: &name, TimeZone: &timeZone, WeekStart: &weekStart})
	if err != nil {
		return err
	}
	t.ID, t.CreatedAt = id.String(), d.Now().UTC()
	err = d.commit(ctx, id, by, tenantCreated, updated{t.Name, t.TimeZone, t.WeekStart, nil}, t, 0)
	if errors.Is(err, eventstore.ErrConflict) {
		return ErrExists
	}
	return err
}

// ErrExists says that a tenant has been made before.
var ErrExists = errors.New("directory: the tenant exists")

// Ensure makes the tenant where it is new, by the name of its ID, in UTC, with weeks from Monday.
func (d *Directory) Ensure(ctx context.Context, id tenancy.ID, by tenancy.Actor) error {
	if err := d.Create(ctx, id, by, id.String(), "UTC", Monday); !errors.Is(err, ErrExists) {
		return err
	}
	return nil
}

const attempts = 5

// UpdateTenant changes the caller's own tenant and answers it as it is then.
func (d *Directory) UpdateTenant(ctx context.Context, as tenancy.Identity, c Changes) (*Tenant, error) {
	return d.change(ctx, as.Tenant(), as.Actor(), func(t Tenant) (Tenant, string, any, error) {
		t, changed, err := t.apply(c)
		if err != nil || len(changed) == 0 {
			return t, "", nil, err
		}
		return t, tenantUpdated, updated{t.Name, t.TimeZone, t.WeekStart, changed}, nil
	})
}

// change has a tenant decided on and commits what follows: the tenant as it is then, with the event and its payload. No
// event is no change.
func (d *Directory) change(ctx context.Context, id tenancy.ID, by tenancy.Actor, decide func(Tenant) (Tenant, string, any, error)) (*Tenant, error) {
	for attempt := 1; ; attempt++ {
		before, revision, err := d.read(ctx, id)
		if err != nil {
			return nil, err
		}
		t, event, payload, err := decide(*before)
		if err != nil || event == "" {
			return before, err
		}
		err = d.commit(ctx, id, by, event, payload, t, revision)
		if err == nil {
			t.Version++
			if d.Changed != nil {
				d.Changed(id)
			}
			return &t, nil
		}
		if !errors.Is(err, eventstore.ErrConflict) || attempt == attempts {
			return nil, err
		}
	}
}

// commit appends one event and puts the tenant's document. t.Version is the stream's version before.
func (d *Directory) commit(ctx context.Context, id tenancy.ID, by tenancy.Actor, event string, payload any, t Tenant, revision int64) error {
	data, err := json.Marshal(payload)
	if err != nil {
		return err
	}
	expected := t.Version
	t.Version++
	body, err := json.Marshal(t)
	if err != nil {
		return err
	}
	now := d.Now().UTC()
	return d.Store.Commit(ctx, id, eventstore.Commit{
		Appends: []eventstore.Append{{Stream: stream, Expected: expected, Events: []eventstore.Event{{
			Version: t.Version, ID: d.NewID(), Type: event, Schema: 1, OccurredAt: now, RecordedAt: now, Actor: by, Data: data,
		}}}},
		Puts: []eventstore.Put{{Key: eventstore.Key{Name: AboutName}, Body: body, If: eventstore.IfRevision(revision)}},
	})
}
