package directory

import (
	"context"

	"github.com/mykpi/mykpi/tenancy"
)

// Suspend keeps everybody out of a tenant until Resume; all that it has stays. Once suspended, it stays so by the first
// reason.
func (d *Directory) Suspend(ctx context.Context, id tenancy.ID, by tenancy.Actor, reason string) (*Tenant, error) {
	if err := tenancy.CheckText("reason", reason); err != nil {
		return nil, err
	}
	return d.change(ctx, id, by, func(t Tenant) (Tenant, string, any, error) {
		if t.Suspended != nil {
			return t, "", nil, nil
		}
		t.Suspended = &Suspension{At: d.Now().UTC(), Reason: reason}
		return t, tenantSuspended, t.Suspended, nil
	})
}

// Resume lets everybody in again.
func (d *Directory) Resume(ctx context.Context, id tenancy.ID, by tenancy.Actor) (*Tenant, error) {
	return d.change(ctx, id, by, func(t Tenant) (Tenant, string, any, error) {
		if t.Suspended == nil {
			return t, "", nil, nil
		}
		t.Suspended = nil
		return t, tenantResumed, struct{}{}, nil
	})
}

// SetQuotas gives a tenant quotas of its own.
func (d *Directory) SetQuotas(ctx context.Context, id tenancy.ID, by tenancy.Actor, q Quotas) (*Tenant, error) {
	if q.Charts < 0 || q.PointsPerDay < 0 || q.Sockets < 0 {
		return nil, tenancy.Refuse(tenancy.BadUserInput, "", "a quota is 1 or more, or 0 for the server's default")
	}
	return d.change(ctx, id, by, func(t Tenant) (Tenant, string, any, error) {
		if t.Quotas == q {
			return t, "", nil, nil
		}
		t.Quotas = q
		return t, tenantQuotasChanged, q, nil
	})
}
