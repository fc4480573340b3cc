package members_test

import (
	"crypto/rand"
	"errors"
	"reflect"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/mykpi/mykpi/eventstore/sqlite"
	"github.com/mykpi/mykpi/tenancy"
	"github.com/mykpi/mykpi/tenancy/httpauth"
	"github.com/mykpi/mykpi/tenancy/members"
)

var (
	acme     = tenancy.MustParseID("acme")
	operator = tenancy.Actor{Kind: tenancy.System, ID: "operator", Label: "Operator"}
)

func open(t testing.TB) *members.Members {
	t.Helper()
	store, err := sqlite.Open(t.TempDir(), sqlite.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { store.Close() })
	return &members.Members{Store: store, Now: time.Now, NewID: rand.Text}
}

// person is who signs in: an account with a verified address ("" for a token without), and what its groups grant.
func person(subject, email string, role tenancy.Role) tenancy.Identity {
	label := email
	if label == "" {
		label = subject
	}
	return tenancy.Verified(tenancy.Claims{Tenant: acme, Email: email, Role: role, Actor: tenancy.Actor{Kind: tenancy.User, ID: subject, Label: label}})
}

// signIn is what becomes of a person.
func signIn(t testing.TB, h *members.Members, as tenancy.Identity, rule members.Rule) (tenancy.Identity, error) {
	t.Helper()
	answers, err := h.Store.Documents(t.Context(), acme, members.Span())
	if err != nil {
		t.Fatal(err)
	}
	roster, err := members.Read(answers[0])
	if err != nil {
		t.Fatal(err)
	}
	return h.Admit(t.Context(), as, rule, roster)
}

func invite(t testing.TB, h *members.Members, email string, role tenancy.Role) *members.Member {
	t.Helper()
	m, err := h.Invite(t.Context(), acme, operator, email, role)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

func code(err error) tenancy.Code {
	if r, ok := errors.AsType[*tenancy.Refusal](err); ok {
		return r.Code
	}
	return ""
}

func TestAnInvitationIsTakenUpByTheFirstSignInWithItsAddress(t *testing.T) {
	h := open(t)
	m := invite(t, h, "Ana@Acme.example", tenancy.Editor)
	if m.Email != "ana@acme.example" || m.Status != members.Invited {
		t.Fatalf("%+v", m)
	}
	for name, as := range map[string]tenancy.Identity{
		"no address":      person("s1", "", tenancy.Admin),
		"another address": person("s1", "bob@acme.example", tenancy.Admin),
	} {
		if _, err := signIn(t, h, as, members.ByMembership); !errors.Is(err, httpauth.ErrForbidden) {
			t.Errorf("%s: %v", name, err)
		}
	}
	as, err := signIn(t, h, person("s1", "ANA@acme.example", tenancy.Admin), members.ByMembership)
	if err != nil || as.Role() != tenancy.Editor || as.Can(tenancy.Administer) || as.Actor().Label != "ana@acme.example" {
		t.Errorf("the first sign-in: %+v, %v", as, err)
	}
	// From then on the account counts: its access token, which tells no address, and nobody else who has the address.
	if as, err = signIn(t, h, person("s1", "", ""), members.ByMembership); err != nil || as.Role() != tenancy.Editor || as.Actor().Label != "ana@acme.example" {
		t.Errorf("by an access token: %+v, %v", as, err)
	}
	if _, err = signIn(t, h, person("s2", "ana@acme.example", tenancy.Admin), members.ByMembership); !errors.Is(err, httpauth.ErrForbidden) {
		t.Errorf("another account with the address: %v", err)
	}
}

func TestGroupsRuleUnlessMembershipIsRequired(t *testing.T) {
	h := open(t)
	m := invite(t, h, "ana@acme.example", tenancy.Viewer)
	ana := person("s1", "ana@acme.example", tenancy.Editor)
	if as, err := signIn(t, h, ana, members.ByGroups); err != nil || as.Role() != tenancy.Editor {
		t.Errorf("a member: %+v, %v", as, err)
	}
	if as, err := signIn(t, h, person("s2", "", tenancy.Viewer), members.ByGroups); err != nil || as.Role() != tenancy.Viewer {
		t.Errorf("no member: %+v, %v", as, err)
	}
	admin := person("s3", "", tenancy.Admin)
	if _, err := h.Remove(t.Context(), admin, m.ID); err != nil {
		t.Fatal(err)
	}
	for _, rule := range []members.Rule{members.ByGroups, members.ByMembership} {
		for _, as := range []tenancy.Identity{ana, person("s1", "", tenancy.Editor), person("s9", "ana@acme.example", tenancy.Editor)} {
			if _, err := signIn(t, h, as, rule); !errors.Is(err, httpauth.ErrForbidden) {
				t.Errorf("%s: a removed member, as %s: %v", rule, as.Actor().ID, err)
			}
		}
	}
	if again := invite(t, h, "ana@acme.example", tenancy.Viewer); again.ID != m.ID || again.JoinedAt != nil {
		t.Errorf("invited again: %+v", again)
	}
	if as, err := signIn(t, h, ana, members.ByMembership); err != nil || as.Role() != tenancy.Viewer {
		t.Errorf("back again: %+v, %v", as, err)
	}
}

func TestMachinesAreNoMembers(t *testing.T) {
	h := open(t)
	key := tenancy.Verified(tenancy.Claims{Tenant: acme, Permissions: []tenancy.Permission{tenancy.Record}, Charts: []string{"c"}, Actor: tenancy.Actor{Kind: tenancy.APIKey, ID: "key_1"}})
	as, err := signIn(t, h, key, members.ByMembership)
	if err != nil || !reflect.DeepEqual(as, key) {
		t.Errorf("%+v, %v", as, err)
	}
}

func TestTheLastAdminStays(t *testing.T) {
	h := open(t)
	admin := person("s0", "ada@acme.example", tenancy.Admin)
	ada := invite(t, h, "ada@acme.example", tenancy.Admin)
	if _, err := signIn(t, h, admin, members.ByMembership); err != nil {
		t.Fatal(err)
	}
	bob := invite(t, h, "bob@acme.example", tenancy.Admin) // invited is not enough
	if _, err := h.Remove(t.Context(), admin, ada.ID); code(err) != tenancy.BadUserInput {
		t.Errorf("removed: %v", err)
	}
	if _, err := h.ChangeRole(t.Context(), admin, ada.ID, tenancy.Viewer); code(err) != tenancy.BadUserInput {
		t.Errorf("demoted: %v", err)
	}
	if _, err := signIn(t, h, person("s1", "bob@acme.example", ""), members.ByMembership); err != nil {
		t.Fatal(err)
	}
	if m, err := h.ChangeRole(t.Context(), admin, ada.ID, tenancy.Viewer); err != nil || m.Role != tenancy.Viewer {
		t.Errorf("with another: %+v, %v", m, err)
	}
	if _, err := h.Remove(t.Context(), admin, bob.ID); code(err) != tenancy.BadUserInput {
		t.Errorf("now the last: %v", err)
	}
}

func TestWhatMayBeWished(t *testing.T) {
	h := open(t)
	admin := person("s0", "", tenancy.Admin)
	m := invite(t, h, "ana@acme.example", tenancy.Viewer)
	for _, email := range []string{"", "ana", "@acme.example", "ana@", "a@b@c", "ana@acme.example, bob@acme.example", "Ana <ana@acme.example>", "a\u202e@b", "a\n@b"} {
		if _, err := h.Invite(t.Context(), acme, operator, email, tenancy.Viewer); code(err) != tenancy.BadUserInput {
			t.Errorf("%q: %v", email, err)
		}
	}
	if _, err := h.Invite(t.Context(), acme, operator, "x@y.example", "OWNER"); code(err) != tenancy.BadUserInput {
		t.Errorf("a role that is none: %v", err)
	}
	if _, err := h.Invite(t.Context(), acme, operator, "ana@acme.example", tenancy.Admin); code(err) != tenancy.BadUserInput {
		t.Errorf("invited twice, in another role: %v", err)
	}
	if again := invite(t, h, "ANA@acme.example", tenancy.Viewer); again.ID != m.ID {
		t.Errorf("invited twice: %+v", again)
	}
	other := tenancy.Verified(tenancy.Claims{Tenant: tenancy.MustParseID("acme2"), Role: tenancy.Admin})
	for _, c := range []struct {
		as tenancy.Identity
		id string
	}{{admin, "member_none"}, {admin, ""}, {other, m.ID}} {
		_, changed := h.ChangeRole(t.Context(), c.as, c.id, tenancy.Editor)
		_, removed := h.Remove(t.Context(), c.as, c.id)
		if code(changed) != tenancy.NotFound || code(removed) != tenancy.NotFound || changed.Error() != removed.Error() {
			t.Errorf("%s of %s: %v, %v", c.id, c.as.Tenant(), changed, removed)
		}
	}
}

// Whatever happens: the document is what the events tell, and a tenant that had an active ADMIN has one.
func TestTheRosterIsItsEvents(t *testing.T) {
	h := open(t)
	rapid.Check(t, func(rt *rapid.T) {
		id := tenancy.MustParseID("t" + rapid.StringMatching(`[a-z0-9]{12}`).Draw(rt, "tenant"))
		admin := tenancy.Verified(tenancy.Claims{Tenant: id, Role: tenancy.Admin, Actor: operator})
		emails := []string{"a@x.example", "b@x.example", "c@x.example"}
		roles := rapid.SampledFrom([]tenancy.Role{tenancy.Viewer, tenancy.Editor, tenancy.Admin})
		hadAdmin := false
		for range rapid.IntRange(1, 25).Draw(rt, "steps") {
			list, err := h.List(t.Context(), id)
			if err != nil {
				rt.Fatal(err)
			}
			email := rapid.SampledFrom(emails).Draw(rt, "email")
			var target string
			for _, m := range list {
				if m.Email == email {
					target = m.ID
				}
			}
			switch rapid.IntRange(0, 3).Draw(rt, "what") {
			case 0:
				_, err = h.Invite(t.Context(), id, operator, email, roles.Draw(rt, "role"))
			case 1:
				_, err = h.ChangeRole(t.Context(), admin, target, roles.Draw(rt, "role"))
			case 2:
				_, err = h.Remove(t.Context(), admin, target)
			case 3:
				var answers, e = h.Store.Documents(t.Context(), id, members.Span())
				if e != nil {
					rt.Fatal(e)
				}
				roster, e := members.Read(answers[0])
				if e != nil {
					rt.Fatal(e)
				}
				_, err = h.Admit(t.Context(), tenancy.Verified(tenancy.Claims{Tenant: id, Email: email, Actor: tenancy.Actor{Kind: tenancy.User, ID: "of " + email}}), members.ByMembership, roster)
				if errors.Is(err, httpauth.ErrForbidden) {
					err = nil
				}
			}
			if err != nil && code(err) == "" {
				rt.Fatal(err)
			}
			if list, err = h.List(t.Context(), id); err != nil {
				rt.Fatal(err)
			}
			has := false
			for _, m := range list {
				has = has || m.Status == members.Active && m.Role == tenancy.Admin
			}
			if hadAdmin && !has {
				rt.Fatalf("the last ADMIN is gone: %+v", list)
			}
			hadAdmin = has
		}
		answers, err := h.Store.Documents(t.Context(), id, members.Span())
		if err != nil {
			rt.Fatal(err)
		}
		kept, err := members.Read(answers[0])
		if err != nil {
			rt.Fatal(err)
		}
		replayed, err := h.Replay(t.Context(), id)
		if err != nil || !reflect.DeepEqual(kept, replayed) {
			rt.Fatalf("kept %+v\nreplayed %+v, %v", kept, replayed, err)
		}
	})
}
