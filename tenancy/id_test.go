package tenancy

import (
	"errors"
	"strings"
	"testing"
)

func TestParseID(t *testing.T) {
	for _, good := range []string{"a", "acme", "t1", "t10", "T-1_x.y", "0", strings.Repeat("x", MaxIDLength)} {
		id, err := ParseID(good)
		if err != nil || id.String() != good || id.IsZero() {
			t.Errorf("ParseID(%q) = %v, %v", good, id, err)
		}
	}
	for _, bad := range []string{"", "-a", ".a", "_a", "a#b", "a%b", "a*b", "a/b", "a b", "é", "a\x00", strings.Repeat("x", MaxIDLength+1)} {
		if id, err := ParseID(bad); !errors.Is(err, ErrInvalidID) || !id.IsZero() {
			t.Errorf("ParseID(%q) = %v, %v, want ErrInvalidID", bad, id, err)
		}
	}
}

func TestRolesHoldWhatTheContractSays(t *testing.T) {
	all := []Permission{Read, Record, Edit, Administer}
	for role, holds := range map[Role]int{Viewer: 1, Editor: 3, Admin: 4, "": 0, "OWNER": 0} {
		who := Verified(Claims{Tenant: MustParseID("acme"), Role: role})
		for i, p := range all {
			if got, want := who.Can(p), i < holds; got != want {
				t.Errorf("role %q can %s: %v, want %v", role, p, got, want)
			}
		}
	}
}

func TestNobodyMayDoNothing(t *testing.T) {
	for _, who := range []Identity{{}, Verified(Claims{Role: Admin})} {
		if who.Can(Read) {
			t.Errorf("%+v may read without a tenant", who)
		}
	}
}

func TestAnIdentityCannotBeChangedFromOutside(t *testing.T) {
	who := Verified(Claims{Tenant: MustParseID("acme"), Permissions: []Permission{Record}})
	who.Permissions()[0] = Administer
	if !who.Can(Record) || who.Can(Administer) {
		t.Error("a caller changed an identity's permissions")
	}
}

func TestSameRights(t *testing.T) {
	claims := func(change func(*Claims)) Identity {
		c := Claims{Tenant: MustParseID("acme"), Permissions: []Permission{Record}, Charts: []string{"a"}}
		change(&c)
		return Verified(c)
	}
	who := claims(func(*Claims) {})
	for name, c := range map[string]struct {
		change func(*Claims)
		same   bool
	}{
		"nothing":         {func(*Claims) {}, true},
		"the actor":       {func(c *Claims) { c.Actor.ID = "another" }, true},
		"the tenant":      {func(c *Claims) { c.Tenant = MustParseID("other") }, false},
		"the permissions": {func(c *Claims) { c.Permissions = nil }, false},
		"the charts":      {func(c *Claims) { c.Charts = []string{"b"} }, false},
		"charts to none":  {func(c *Claims) { c.Charts = []string{} }, false},
		"charts to all":   {func(c *Claims) { c.Charts = nil }, false},
	} {
		if got := who.SameRights(claims(c.change)); got != c.same {
			t.Errorf("%s changed: same rights %v, want %v", name, got, c.same)
		}
	}
	if none, all := claims(func(c *Claims) { c.Charts = []string{} }), claims(func(c *Claims) { c.Charts = nil }); none.SameRights(all) {
		t.Error("no chart is not all charts")
	}
}
