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
