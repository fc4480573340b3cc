package access_test

import (
	"context"
	"crypto/rand"
	"errors"
	"testing"
	"time"

	"github.com/mykpi/mykpi/eventstore"
	"github.com/mykpi/mykpi/eventstore/sqlite"
	"github.com/mykpi/mykpi/tenancy"
	"github.com/mykpi/mykpi/tenancy/access"
	"github.com/mykpi/mykpi/tenancy/directory"
	"github.com/mykpi/mykpi/tenancy/httpauth"
	"github.com/mykpi/mykpi/tenancy/members"
)

// proof believes that the secret is the tenant.
type proof struct{}

func (proof) Authenticate(_ context.Context, c httpauth.Credential) (tenancy.Identity, error) {
	return tenancy.Verified(tenancy.Claims{Tenant: tenancy.MustParseID(c.Secret()), Role: tenancy.Admin, Email: "ana@acme.example", Actor: tenancy.Actor{Kind: tenancy.User, ID: "s1", Label: "ana"}}), nil
}

// broken is a store that fails while fail is set.
type broken struct {
	eventstore.Store
	fail error
}

func (b *broken) Documents(ctx context.Context, id tenancy.ID, spans ...eventstore.Span) ([][]eventstore.Document, error) {
	if b.fail != nil {
		return nil, b.fail
	}
	return b.Store.Documents(ctx, id, spans...)
}

type world struct {
	now       time.Time
	store     *broken
	directory *directory.Directory
	members   *members.Members
}

func open(t *testing.T) *world {
	t.Helper()
	w := &world{now: time.Date(2026, 3, 2, 12, 0, 0, 0, time.UTC)}
	now := func() time.Time { return w.now }
	store, err := sqlite.Open(t.TempDir(), sqlite.Options{Now: now})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { store.Close() })
	w.store = &broken{Store: store}
	w.directory = &directory.Directory{Store: w.store, Now: now, NewID: rand.Text}
	w.members = &members.Members{Store: w.store, Now: now, NewID: rand.Text}
	if err := w.directory.Ensure(t.Context(), acme, operator); err != nil {
		t.Fatal(err)
	}
	return w
}

var (
	acme     = tenancy.MustParseID("acme")
	operator = tenancy.Actor{Kind: tenancy.System, ID: "operator", Label: "Operator"}
)

func enter(g httpauth.Authenticator, tenant string) (tenancy.Identity, error) {
	return g.Authenticate(context.Background(), httpauth.NewCredential(httpauth.Bearer, tenant))
}

func TestATenantHasToBeThere(t *testing.T) {
	g := access.New(open(t).members).Behind(proof{}, members.ByGroups)
	if as, err := enter(g, "acme"); err != nil || as.Tenant() != acme {
		t.Errorf("acme: %+v, %v", as, err)
	}
	if _, err := enter(g, "nobody"); !errors.Is(err, httpauth.ErrForbidden) {
		t.Errorf("a tenant that is not there: %v", err)
	}
}

func TestASuspensionBitesWithinTwoSecondsAndLosesNothing(t *testing.T) {
	w := open(t)
	gate := access.New(w.members)
	g := gate.Behind(proof{}, members.ByGroups)
	as, err := enter(g, "acme")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := w.directory.Suspend(t.Context(), acme, operator, "unpaid"); err != nil {
		t.Fatal(err)
	}
	session := httpauth.Session{Identity: as, Credential: httpauth.NewCredential(httpauth.Bearer, "acme")}
	w.now = w.now.Add(2 * time.Second)
	if _, err := enter(g, "acme"); !errors.Is(err, httpauth.ErrForbidden) {
		t.Errorf("a request: %v", err)
	}
	if err := session.Check(t.Context(), g, w.now); !errors.Is(err, httpauth.ErrForbidden) {
		t.Errorf("a socket: %v", err)
	}
	if again, err := w.directory.Suspend(t.Context(), acme, operator, "other"); err != nil || again.Suspended.Reason != "unpaid" {
		t.Errorf("suspended again: %+v, %v", again, err)
	}
	before, err := w.directory.Tenant(t.Context(), acme)
	if err != nil {
		t.Fatal(err)
	}
	if after, err := w.directory.Resume(t.Context(), acme, operator); err != nil || after.Suspended != nil || after.Name != before.Name || after.Version != before.Version+1 {
		t.Errorf("resumed: %+v, %v", after, err)
	}
	gate.Forget(acme)
	if _, err := enter(g, "acme"); err != nil {
		t.Errorf("after it was resumed: %v", err)
	}
}

func TestAMemberIsInOrOutWithinTwoSeconds(t *testing.T) {
	w := open(t)
	g := access.New(w.members).Behind(proof{}, members.ByMembership)
	if _, err := enter(g, "acme"); !errors.Is(err, httpauth.ErrForbidden) {
		t.Errorf("no member: %v", err)
	}
	m, err := w.members.Invite(t.Context(), acme, operator, "ana@acme.example", tenancy.Editor)
	if err != nil {
		t.Fatal(err)
	}
	w.now = w.now.Add(2 * time.Second)
	as, err := enter(g, "acme")
	if err != nil || as.Role() != tenancy.Editor {
		t.Errorf("invited: %+v, %v", as, err)
	}
	session := httpauth.Session{Identity: as, Credential: httpauth.NewCredential(httpauth.Bearer, "acme")}
	if _, err := w.members.ChangeRole(t.Context(), as, m.ID, tenancy.Viewer); err != nil {
		t.Fatal(err)
	}
	w.now = w.now.Add(2 * time.Second)
	if err := session.Check(t.Context(), g, w.now); !errors.Is(err, httpauth.ErrUnauthenticated) {
		t.Errorf("a socket with another role: %v", err)
	}
	if _, err := w.members.Remove(t.Context(), as, m.ID); err != nil {
		t.Fatal(err)
	}
	w.now = w.now.Add(2 * time.Second)
	if _, err := enter(g, "acme"); !errors.Is(err, httpauth.ErrForbidden) {
		t.Errorf("removed: %v", err)
	}
}

func TestWhileTheStoreIsAway(t *testing.T) {
	w := open(t)
	g := access.New(w.members).Behind(proof{}, members.ByGroups)
	as, err := enter(g, "acme")
	if err != nil {
		t.Fatal(err)
	}
	w.store.fail = eventstore.ErrUnavailable
	w.now = w.now.Add(3 * time.Second)
	if _, err := enter(g, "acme"); !errors.Is(err, httpauth.ErrUnavailable) {
		t.Errorf("a request: %v", err)
	}
	session := httpauth.Session{Identity: as, Credential: httpauth.NewCredential(httpauth.Bearer, "acme")}
	if err := session.Check(t.Context(), g, w.now); err != nil {
		t.Errorf("a socket that stands: %v", err)
	}
	w.store.fail = errors.New("broken")
	if _, err := enter(g, "acme"); err == nil || errors.Is(err, httpauth.ErrForbidden) {
		t.Errorf("a fault: %v", err)
	}
}
