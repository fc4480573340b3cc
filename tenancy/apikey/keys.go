package apikey

import (
	"cmp"
	"context"
	"errors"
	"slices"
	"strings"
	"time"

	"github.com/mykpi/mykpi/eventstore"
	"github.com/mykpi/mykpi/tenancy"
)

const (
	// MaxKeys is how many keys of a tenant may stand at a time. Keys made in the same moment may go beyond it.
	MaxKeys = 100
	// MaxCharts is how many charts one key may be bound to.
	MaxCharts = 100

	revokedKept = 90 * 24 * time.Hour  // a revoked key is shown for so long; its events stay
	usedKept    = 365 * 24 * time.Hour // so is the last use
	attempts    = 5
)

// Keys makes, lists and revokes keys.
type Keys struct {
	Store eventstore.Store
	Now   func() time.Time
	NewID func() string
	// Revoked is told of a key after it was revoked; nil for nobody.
	Revoked func(tenancy.ID, string)
}

// New is the wish for a key.
type New struct {
	Name        string
	Permissions []tenancy.Permission
	ExpiresAt   *time.Time // nil for never
	ChartIDs    []string   // of charts that exist; nil for all charts
}

// Create makes a key and answers it with its secret, which is told here alone. Refusals: BAD_USER_INPUT, FORBIDDEN for
// a permission that the caller does not hold, LIMIT_EXCEEDED.
func (k *Keys) Create(ctx context.Context, as tenancy.Identity, c New) (*Key, string, error) {
	now := k.Now().UTC()
	if err := c.check(as, now); err != nil {
		return nil, "", err
	}
	all, err := readAll(ctx, k.Store, as.Tenant())
	if err != nil {
		return nil, "", err
	}
	standing := 0
	for _, f := range all {
		if f.stands(now) {
			standing++
		}
	}
	if standing >= MaxKeys {
		return nil, "", tenancy.Refuse(tenancy.LimitExceeded, "", "there may be %d API keys at a time: revoke one that is not used", MaxKeys)
	}
	id, prefix, secret := newSecret(as.Tenant())
	f := &found{record: record{Hash: hashOf(secret), Key: Key{
		ID: id, Name: c.Name, Prefix: prefix, Permissions: c.permissions(), ChartIDs: c.ChartIDs, CreatedAt: now, ExpiresAt: utc(c.ExpiresAt),
	}}}
	if err := k.commit(ctx, as.Tenant(), as.Actor(), keyCreated, f.Key, f, time.Time{}); err != nil {
		return nil, "", err
	}
	return &f.Key, secret, nil
}

func (c New) check(as tenancy.Identity, now time.Time) error {
	if err := tenancy.CheckName("name", c.Name); err != nil {
		return err
	}
	if len(c.Permissions) == 0 {
		return tenancy.Refuse(tenancy.BadUserInput, "permissions", "must name a permission, such as RECORD")
	}
	for _, p := range c.Permissions {
		if !as.Can(p) {
			return tenancy.Refuse(tenancy.Forbidden, "permissions", "you can't give the permission %s, which you don't hold", p)
		}
	}
	if c.ExpiresAt != nil && !c.ExpiresAt.After(now) {
		return tenancy.Refuse(tenancy.BadUserInput, "expiresAt", "must be in the future")
	}
	if c.ChartIDs == nil {
		return nil
	}
	if n := len(c.ChartIDs); n == 0 || n > MaxCharts {
		return tenancy.Refuse(tenancy.BadUserInput, "charts", "must name 1 to %d charts, or be left out for all, has %d", MaxCharts, n)
	}
	if !slices.Contains(c.Permissions, tenancy.Record) || slices.Contains(c.Permissions, tenancy.Edit) || slices.Contains(c.Permissions, tenancy.Administer) {
		return tenancy.Refuse(tenancy.BadUserInput, "charts", "goes with the permission RECORD, beside READ at most: EDIT and ADMINISTER are about every chart")
	}
	return nil
}

// permissions are each once, from the weakest.
func (c New) permissions() []tenancy.Permission {
	return slices.DeleteFunc(tenancy.Admin.Permissions(), func(p tenancy.Permission) bool { return !slices.Contains(c.Permissions, p) })
}

func utc(t *time.Time) *time.Time {
	if t == nil {
		return nil
	}
	at := t.UTC()
	return &at
}

// Revoke ends a key for ever. Revoking it again changes nothing. NOT_FOUND where the tenant has no such key.
func (k *Keys) Revoke(ctx context.Context, as tenancy.Identity, id string) (*Key, error) {
	at := place{as.Tenant(), id}
	for attempt := 1; ; attempt++ {
		f, err := k.find(ctx, at)
		if err != nil {
			return nil, err
		}
		if f == nil {
			return nil, tenancy.Refuse(tenancy.NotFound, "id", "there is no such API key")
		}
		if f.RevokedAt != nil {
			return &f.Key, nil
		}
		now := k.Now().UTC()
		f.RevokedAt = &now
		err = k.commit(ctx, as.Tenant(), as.Actor(), keyRevoked, struct{}{}, f, now.Add(revokedKept).Truncate(time.Second))
		if err == nil {
			if k.Revoked != nil {
				k.Revoked(as.Tenant(), id)
			}
			return &f.Key, nil
		}
		if !errors.Is(err, eventstore.ErrConflict) || attempt == attempts {
			return nil, err
		}
	}
}

// List are the tenant's keys, the newest first; revoked ones for 90 days.
func (k *Keys) List(ctx context.Context, tenant tenancy.ID) ([]Key, error) {
	all, err := readAll(ctx, k.Store, tenant)
	if err != nil {
		return nil, err
	}
	keys := make([]Key, len(all))
	for i, f := range all {
		keys[i] = f.Key
	}
	slices.SortFunc(keys, func(a, b Key) int {
		return cmp.Or(b.CreatedAt.Compare(a.CreatedAt), strings.Compare(a.ID, b.ID))
	})
	return keys, nil
}

// Key is one of the tenant's keys, or nil.
func (k *Keys) Key(ctx context.Context, tenant tenancy.ID, id string) (*Key, error) {
	f, err := k.find(ctx, place{tenant, id})
	if f == nil {
		return nil, err
	}
	return &f.Key, nil
}

// IsID reports whether an ID has the form of a key's.
func IsID(id string) bool { return strings.HasPrefix(id, idPrefix) }

// find is the key of a place, or nil: IDs come from callers.
func (k *Keys) find(ctx context.Context, at place) (*found, error) {
	if !IsID(at.id) || streamOf(at.id).Validate() != nil {
		return nil, nil
	}
	return read(ctx, k.Store, at)
}
