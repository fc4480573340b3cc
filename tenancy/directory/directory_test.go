package directory_test

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/mykpi/mykpi/eventstore"
	"github.com/mykpi/mykpi/eventstore/sqlite"
	"github.com/mykpi/mykpi/tenancy"
	"github.com/mykpi/mykpi/tenancy/directory"
)

var (
	acme  = tenancy.MustParseID("acme")
	admin = tenancy.Verified(tenancy.Claims{Tenant: acme, Role: tenancy.Admin, Actor: tenancy.Actor{Kind: tenancy.User, ID: "ana", Label: "Ana"}})
)

func open(t *testing.T) *directory.Directory {
	t.Helper()
	store, err := sqlite.Open(t.TempDir(), sqlite.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { store.Close() })
	var mu sync.Mutex
	n := 0
	return &directory.Directory{Store: store, Now: time.Now, NewID: func() string {
		mu.Lock()
		defer mu.Unlock()
		n++
		return fmt.Sprint("event-", n)
	}}
}

func value[T any](v T) *T { return &v }

func TestATenantIsMadeOnce(t *testing.T) {
	d, ctx := open(t), context.Background()
	var refusal *tenancy.Refusal
	if _, err := d.Tenant(ctx, acme); !errors.As(err, &refusal) || refusal.Code != tenancy.NotFound {
		t.Fatalf("before: %v, want NOT_FOUND", err)
	}
	if err := d.Create(ctx, acme, tenancy.Actor{}, "Acme", "Europe/Paris", directory.Sunday); err != nil {
		t.Fatal(err)
	}
	if err := d.Create(ctx, acme, tenancy.Actor{}, "Other", "UTC", directory.Monday); !errors.Is(err, directory.ErrExists) {
		t.Fatalf("a second time: %v, want ErrExists", err)
	}
	if err := d.Ensure(ctx, acme, tenancy.Actor{}); err != nil {
		t.Fatal(err)
	}
	got, err := d.Tenant(ctx, acme)
	if err != nil || got.Name != "Acme" || got.TimeZone != "Europe/Paris" || got.WeekStart != directory.Sunday || got.Version != 1 {
		t.Fatalf("%+v, %v", got, err)
	}
}

func TestChangesAreEventsAndSayWhoMadeThem(t *testing.T) {
	d, ctx := open(t), context.Background()
	if err := d.Ensure(ctx, acme, tenancy.Actor{}); err != nil {
		t.Fatal(err)
	}
	told := 0
	d.Changed = func(tenancy.ID) { told++ }
	got, err := d.UpdateTenant(ctx, admin, directory.Changes{Name: value("Acme & Co"), TimeZone: value("Asia/Kathmandu")})
	if err != nil || got.Name != "Acme & Co" || got.TimeZone != "Asia/Kathmandu" || got.Version != 2 {
		t.Fatalf("%+v, %v", got, err)
	}
	if got, err = d.UpdateTenant(ctx, admin, directory.Changes{Name: value("Acme & Co")}); err != nil || got.Version != 2 {
		t.Fatalf("the same again: %+v, %v", got, err)
	}
	if told != 1 {
		t.Errorf("told of %d changes, want 1", told)
	}
	events, err := d.Store.Events(ctx, acme, eventstore.Stream{Kind: "TENANT", ID: "settings"}, 0, 10)
	if err != nil || len(events) != 2 || events[1].Type != "TenantUpdated" || events[1].Actor != admin.Actor() {
		t.Fatalf("%+v, %v", events, err)
	}
}

func TestBadChangesAreRefusedByField(t *testing.T) {
	d, ctx := open(t), context.Background()
	if err := d.Ensure(ctx, acme, tenancy.Actor{}); err != nil {
		t.Fatal(err)
	}
	for field, c := range map[string]directory.Changes{
		"name":     {Name: value("")},
		"timeZone": {TimeZone: value("Mars/Olympus")},
	} {
		var refusal *tenancy.Refusal
		if _, err := d.UpdateTenant(ctx, admin, c); !errors.As(err, &refusal) || refusal.Code != tenancy.BadUserInput || refusal.Field != field {
			t.Errorf("%s: %v, want BAD_USER_INPUT", field, err)
		}
	}
}

func TestConcurrentChangesAllHappen(t *testing.T) {
	d, ctx := open(t), context.Background()
	if err := d.Ensure(ctx, acme, tenancy.Actor{}); err != nil {
		t.Fatal(err)
	}
	var all sync.WaitGroup
	for i := range 4 {
		all.Go(func() {
			if _, err := d.UpdateTenant(ctx, admin, directory.Changes{Name: value(fmt.Sprint("name ", i))}); err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	if got, err := d.Tenant(ctx, acme); err != nil || got.Version != 5 {
		t.Fatalf("%+v, %v: want version 5", got, err)
	}
}
