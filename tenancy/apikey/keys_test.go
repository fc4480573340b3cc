package apikey_test

import (
	"context"
	"crypto/rand"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/mykpi/mykpi/eventstore"
	"github.com/mykpi/mykpi/eventstore/sqlite"
	"github.com/mykpi/mykpi/tenancy"
	"github.com/mykpi/mykpi/tenancy/apikey"
	"github.com/mykpi/mykpi/tenancy/httpauth"
)

// office is a store with keys, and two instances that verify them.
type office struct {
	store     *counted
	now       time.Time
	keys      *apikey.Keys
	here      *apikey.Verifier // the instance where keys are revoked
	elsewhere *apikey.Verifier
}

// counted counts what reaches the store.
type counted struct {
	eventstore.Store
	reads, commits int
	fail           error
}

func (c *counted) Documents(ctx context.Context, id tenancy.ID, spans ...eventstore.Span) ([][]eventstore.Document, error) {
	c.reads++
	if c.fail != nil {
		return nil, c.fail
	}
	return c.Store.Documents(ctx, id, spans...)
}

func (c *counted) Commit(ctx context.Context, id tenancy.ID, commit eventstore.Commit) error {
	c.commits++
	return c.Store.Commit(ctx, id, commit)
}

func open(t testing.TB) *office {
	t.Helper()
	o := &office{now: time.Date(2026, 3, 2, 12, 0, 0, 0, time.UTC)}
	now := func() time.Time { return o.now }
	store, err := sqlite.Open(t.TempDir(), sqlite.Options{Now: now})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { store.Close() })
	o.store = &counted{Store: store}
	o.here, o.elsewhere = apikey.NewVerifier(o.store, now, nil), apikey.NewVerifier(o.store, now, nil)
	o.keys = &apikey.Keys{Store: o.store, Now: now, NewID: rand.Text, Revoked: o.here.Forget}
	return o
}

func admin(tenant string) tenancy.Identity {
	return tenancy.Verified(tenancy.Claims{Tenant: tenancy.MustParseID(tenant), Role: tenancy.Admin, Actor: tenancy.Actor{Kind: tenancy.User, ID: "ada", Label: "Ada"}})
}

var recording = apikey.New{Name: "n8n", Permissions: []tenancy.Permission{tenancy.Record}}

func (o *office) create(t testing.TB, as tenancy.Identity, c apikey.New) (*apikey.Key, string) {
	t.Helper()
	key, secret, err := o.keys.Create(t.Context(), as, c)
	if err != nil {
		t.Fatal(err)
	}
	return key, secret
}

func TestAKeyIsWhatItWasMadeFor(t *testing.T) {
	o := open(t)
	expires := o.now.Add(time.Hour)
	for _, tenant := range []string{"t1", "t10", "A.b_c-9", strings.Repeat("x", tenancy.MaxIDLength)} {
		key, secret := o.create(t, admin(tenant), apikey.New{Name: "n8n", ExpiresAt: &expires, ChartIDs: []string{"c1"},
			Permissions: []tenancy.Permission{tenancy.Record, tenancy.Read, tenancy.Record}})
		as, err := o.elsewhere.Verify(t.Context(), secret)
		if err != nil {
			t.Fatal(err)
		}
		if as.Tenant().String() != tenant || !slices.Equal(as.Permissions(), []tenancy.Permission{tenancy.Read, tenancy.Record}) ||
			as.Actor() != (tenancy.Actor{Kind: tenancy.APIKey, ID: key.ID, Label: "n8n"}) || !as.Expires().Equal(expires) ||
			!as.ReachesChart("c1") || as.ReachesChart("c2") || as.Role() != "" {
			t.Errorf("%s: %+v", tenant, as)
		}
		if !strings.HasPrefix(secret, key.Prefix+"_") || !strings.HasPrefix(secret, "mykpi_live_") {
			t.Errorf("secret %s of prefix %s", secret, key.Prefix)
		}
		credential, err := httpauth.FromInit(map[string]any{"X-API-Key": secret})
		if err != nil || credential.Secret() != secret {
			t.Errorf("the secret can't be sent: %v", err)
		}
	}
}

func TestTheStoreHoldsNoSecret(t *testing.T) {
	o := open(t)
	as := admin("acme")
	_, secret := o.create(t, as, recording)
	random := secret[strings.LastIndexByte(secret, '_')+1:]
	answers, err := o.store.Documents(t.Context(), as.Tenant(), eventstore.Between("!", "~"))
	if err != nil {
		t.Fatal(err)
	}
	streams, err := o.store.Streams(t.Context(), as.Tenant(), "APIKEY", "", 10)
	if err != nil || len(streams) != 1 || len(answers[0]) == 0 {
		t.Fatalf("%v %v %v", streams, answers, err)
	}
	events, err := o.store.Events(t.Context(), as.Tenant(), streams[0], 0, 10)
	if err != nil {
		t.Fatal(err)
	}
	for _, d := range answers[0] {
		if strings.Contains(string(d.Body), random[:26]) {
			t.Errorf("%s holds the secret", d.Key.Name)
		}
		if d.Key.Name >= "ABOUT" && d.Key.Name < "NOW$" {
			t.Errorf("%s lies in the range that dashboards read", d.Key.Name)
		}
	}
	if len(events) != 1 || events[0].Type != "ApiKeyCreated" || events[0].Actor != as.Actor() || strings.Contains(string(events[0].Data), random[:26]) {
		t.Errorf("events %+v", events)
	}
}

func TestRevocationBitesOnEveryInstance(t *testing.T) {
	o := open(t)
	as := admin("acme")
	key, secret := o.create(t, as, recording)
	for _, v := range []*apikey.Verifier{o.here, o.elsewhere} {
		if _, err := v.Verify(t.Context(), secret); err != nil {
			t.Fatal(err)
		}
	}
	for range 2 { // the second changes nothing
		revoked, err := o.keys.Revoke(t.Context(), as, key.ID)
		if err != nil || revoked.RevokedAt == nil || !revoked.RevokedAt.Equal(time.Date(2026, 3, 2, 12, 0, 0, 0, time.UTC)) {
			t.Fatalf("%+v, %v", revoked, err)
		}
	}
	if _, err := o.here.Verify(t.Context(), secret); !errors.Is(err, httpauth.ErrUnauthenticated) {
		t.Errorf("where it was revoked: %v", err)
	}
	o.now = o.now.Add(2 * time.Second)
	if _, err := o.elsewhere.Verify(t.Context(), secret); !errors.Is(err, httpauth.ErrUnauthenticated) {
		t.Errorf("elsewhere, two seconds later: %v", err)
	}
	o.now = o.now.Add(91 * 24 * time.Hour)
	if keys, err := o.keys.List(t.Context(), as.Tenant()); err != nil || len(keys) != 0 {
		t.Errorf("after 91 days: %v, %v", keys, err)
	}
	if _, err := o.elsewhere.Verify(t.Context(), secret); !errors.Is(err, httpauth.ErrUnauthenticated) {
		t.Errorf("after 91 days: %v", err)
	}
}

func TestWhatIsNoKeyIsRefused(t *testing.T) {
	o := open(t)
	as := admin("acme")
	key, secret := o.create(t, as, recording)
	_, others := o.create(t, admin("other"), recording)
	typo := []byte(secret)
	typo[len(typo)-12] ^= 1
	cut := strings.LastIndexByte(secret, '_')
	reads := o.store.reads
	for name, s := range map[string]string{
		"empty": "", "prefix alone": "mykpi_live_", "typo": string(typo), "cut short": secret[:len(secret)-1], "longer": secret + "a",
		"upper case": strings.ToUpper(secret), "another's random part": secret[:cut] + others[strings.LastIndexByte(others, '_'):],
		"a stream's separator": "mykpi_live_#_#_#", "many parts": secret + "_" + secret,
	} {
		if _, err := o.here.Verify(t.Context(), s); !errors.Is(err, httpauth.ErrUnauthenticated) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if o.store.reads != reads {
		t.Errorf("mistyped keys cost %d reads", o.store.reads-reads)
	}
	for name, s := range map[string]string{
		"right id, forged random part": apikey.Forge(key.Prefix),
		"unknown id":                   apikey.Forge(key.Prefix[:len(key.Prefix)-4] + "aaaa"),
	} {
		_, err := o.here.Verify(t.Context(), s)
		if _, _, message := httpauth.Describe(err); !errors.Is(err, httpauth.ErrUnauthenticated) || message != "there is no such API key: create a new one" {
			t.Errorf("%s: %v", name, err)
		}
	}
	if k, err := o.keys.Key(t.Context(), as.Tenant(), key.ID); err != nil || k.LastUsedAt != nil {
		t.Errorf("forged secrets count as use: %+v, %v", k, err)
	}
}

func TestExpiryAndOutage(t *testing.T) {
	o := open(t)
	expires := o.now.Add(time.Minute)
	_, secret := o.create(t, admin("acme"), apikey.New{Name: "n8n", Permissions: []tenancy.Permission{tenancy.Read}, ExpiresAt: &expires})
	if _, err := o.here.Verify(t.Context(), secret); err != nil {
		t.Fatal(err)
	}
	o.store.fail = eventstore.ErrUnavailable
	o.now = o.now.Add(3 * time.Second)
	if _, err := o.here.Verify(t.Context(), secret); !errors.Is(err, httpauth.ErrUnavailable) {
		t.Errorf("while the store is away: %v", err)
	}
	o.store.fail = nil
	o.now = expires
	if _, err := o.here.Verify(t.Context(), secret); !errors.Is(err, httpauth.ErrUnauthenticated) {
		t.Errorf("at its expiry: %v", err)
	}
}

func TestAUseIsWrittenOnceAMinute(t *testing.T) {
	o := open(t)
	as := admin("acme")
	key, secret := o.create(t, as, recording)
	commits := o.store.commits
	for range 100 {
		if _, err := o.here.Verify(t.Context(), secret); err != nil {
			t.Fatal(err)
		}
		o.now = o.now.Add(time.Second)
	}
	if got := o.store.commits - commits; got != 2 {
		t.Errorf("%d writes in 100 seconds, want 2", got)
	}
	k, err := o.keys.Key(t.Context(), as.Tenant(), key.ID)
	if err != nil || k.LastUsedAt == nil || !k.LastUsedAt.Equal(time.Date(2026, 3, 2, 12, 1, 0, 0, time.UTC)) {
		t.Errorf("%+v, %v", k, err)
	}
}

func TestWhatMayBeWished(t *testing.T) {
	o := open(t)
	past := o.now
	machine := tenancy.Verified(tenancy.Claims{Tenant: tenancy.MustParseID("acme"), Permissions: []tenancy.Permission{tenancy.Administer}})
	for name, c := range map[string]struct {
		as    tenancy.Identity
		wish  apikey.New
		code  tenancy.Code
		field string
	}{
		"no name":                {admin("acme"), apikey.New{Permissions: recording.Permissions}, tenancy.BadUserInput, "name"},
		"no permission":          {admin("acme"), apikey.New{Name: "x"}, tenancy.BadUserInput, "permissions"},
		"more than one's own":    {machine, recording, tenancy.Forbidden, "permissions"},
		"expired from the start": {admin("acme"), apikey.New{Name: "x", Permissions: recording.Permissions, ExpiresAt: &past}, tenancy.BadUserInput, "expiresAt"},
		"no charts":              {admin("acme"), apikey.New{Name: "x", Permissions: recording.Permissions, ChartIDs: []string{}}, tenancy.BadUserInput, "charts"},
		"charts and EDIT":        {admin("acme"), apikey.New{Name: "x", Permissions: []tenancy.Permission{tenancy.Record, tenancy.Edit}, ChartIDs: []string{"c"}}, tenancy.BadUserInput, "charts"},
	} {
		_, _, err := o.keys.Create(t.Context(), c.as, c.wish)
		if r, ok := errors.AsType[*tenancy.Refusal](err); !ok || r.Code != c.code || r.Field != c.field {
			t.Errorf("%s: %v", name, err)
		}
	}
	for i := range apikey.MaxKeys + 1 {
		_, _, err := o.keys.Create(t.Context(), admin("acme"), recording)
		if r, ok := errors.AsType[*tenancy.Refusal](err); ok != (i == apikey.MaxKeys) || ok && r.Code != tenancy.LimitExceeded {
			t.Fatalf("key %d: %v", i, err)
		}
	}
}

func TestKeysOfAnotherTenantAreNotThere(t *testing.T) {
	o := open(t)
	key, _ := o.create(t, admin("t1"), recording)
	for _, id := range []string{key.ID, "key_aaaaaaaaaaaaaaaa", "", "key_", "key_#", "chart_x", strings.Repeat("k", 500)} {
		_, err := o.keys.Revoke(t.Context(), admin("t10"), id)
		if r, ok := errors.AsType[*tenancy.Refusal](err); !ok || r.Code != tenancy.NotFound || r.Message != "there is no such API key" {
			t.Errorf("revoke %q: %v", id, err)
		}
		if k, err := o.keys.Key(t.Context(), tenancy.MustParseID("t10"), id); k != nil || err != nil {
			t.Errorf("read %q: %v, %v", id, k, err)
		}
	}
	if keys, err := o.keys.List(t.Context(), tenancy.MustParseID("t10")); err != nil || len(keys) != 0 {
		t.Errorf("t10 has %v, %v", keys, err)
	}
}

func FuzzVerify(f *testing.F) {
	o := open(f)
	_, secret := o.create(f, admin("acme"), recording)
	f.Add(secret[:20])
	f.Add("mykpi_live_mfrggzdf_aaaaaaaaaaaaaaaa_aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa")
	f.Fuzz(func(t *testing.T, text string) {
		if as, err := o.here.Verify(t.Context(), text); err == nil && text != secret {
			t.Errorf("%q is %+v", text, as)
		}
	})
}

func BenchmarkVerifyRemembered(b *testing.B) {
	o := open(b)
	_, secret := o.create(b, admin("acme"), recording)
	for b.Loop() {
		if _, err := o.here.Verify(b.Context(), secret); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkVerifyRead(b *testing.B) {
	o := open(b)
	key, secret := o.create(b, admin("acme"), recording)
	for b.Loop() {
		o.here.Forget(tenancy.MustParseID("acme"), key.ID)
		if _, err := o.here.Verify(b.Context(), secret); err != nil {
			b.Fatal(err)
		}
	}
}
