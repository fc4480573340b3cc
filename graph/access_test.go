package graph

import (
	"context"
	"slices"
	"testing"
	"time"

	"github.com/mykpi/mykpi/tenancy"
	"github.com/mykpi/mykpi/tenancy/apikey"
	"github.com/mykpi/mykpi/tenancy/members"
	"github.com/mykpi/mykpi/tenancy/quota"
)

// keys are the API keys of a domain: there is one, key_1.
type keys struct{ *domain }

var anHourAgo = time.Date(2026, 3, 2, 11, 0, 0, 0, time.UTC)

func theKey() *apikey.Key {
	return &apikey.Key{ID: "key_1", Name: "n8n", Prefix: "mykpi_live_x", Permissions: []tenancy.Permission{tenancy.Record}, CreatedAt: anHourAgo}
}

func (k keys) Create(_ context.Context, as tenancy.Identity, c apikey.New) (*apikey.Key, string, error) {
	key := theKey()
	key.Name, key.Permissions, key.ChartIDs, key.ExpiresAt = c.Name, c.Permissions, c.ChartIDs, c.ExpiresAt
	return key, "mykpi_live_secret", k.called(as.Tenant(), nil)
}

func (k keys) Revoke(_ context.Context, as tenancy.Identity, id string) (*apikey.Key, error) {
	key := theKey()
	key.ID, key.RevokedAt = id, &anHourAgo
	return key, k.called(as.Tenant(), nil)
}

func (k keys) List(_ context.Context, tenant tenancy.ID) ([]apikey.Key, error) {
	return []apikey.Key{*theKey()}, k.called(tenant, nil)
}

func (k keys) Key(_ context.Context, tenant tenancy.ID, id string) (*apikey.Key, error) {
	if err := k.called(tenant, nil); err != nil || id != "key_1" {
		return nil, err
	}
	return theKey(), nil
}

// people are the members of a domain: there is one, member_1.
type people struct{ *domain }

func theMember() *members.Member {
	return &members.Member{ID: "member_1", Email: "ana@acme.example", Role: tenancy.Editor, Status: members.Invited, InvitedAt: anHourAgo}
}

func (p people) Invite(_ context.Context, tenant tenancy.ID, _ tenancy.Actor, email string, role tenancy.Role) (*members.Member, error) {
	m := theMember()
	m.Email, m.Role = email, role
	return m, p.called(tenant, nil)
}

func (p people) ChangeRole(_ context.Context, as tenancy.Identity, id string, role tenancy.Role) (*members.Member, error) {
	m := theMember()
	m.ID, m.Role = id, role
	return m, p.called(as.Tenant(), nil)
}

func (p people) Remove(_ context.Context, as tenancy.Identity, id string) (*members.Member, error) {
	m := theMember()
	m.ID, m.Status = id, members.Removed
	return m, p.called(as.Tenant(), nil)
}

func (p people) List(_ context.Context, tenant tenancy.ID) ([]members.Member, error) {
	return []members.Member{*theMember()}, p.called(tenant, nil)
}

func (p people) Member(_ context.Context, tenant tenancy.ID, id string) (*members.Member, error) {
	if err := p.called(tenant, nil); err != nil || id != "member_1" {
		return nil, err
	}
	return theMember(), nil
}

func (d *domain) Usage(_ context.Context, tenant tenancy.ID) (*quota.Usage, error) {
	return &quota.Usage{Charts: 1, ChartLimit: 10, PointsToday: 2, PointsPerDayLimit: 20, Sockets: 3, SocketLimit: 30}, d.called(tenant, nil)
}

func TestAccessAsItIsAskedFor(t *testing.T) {
	a := serve(t)
	for query, want := range map[string]string{
		`{ tenant { usage { charts chartLimit pointsToday pointsPerDayLimit sockets socketLimit } } }`:                     `{"data":{"tenant":{"usage":{"charts":1,"chartLimit":10,"pointsToday":2,"pointsPerDayLimit":20,"sockets":3,"socketLimit":30}}}}`,
		`{ apiKeys { id name prefix permissions chartIds createdAt expiresAt lastUsedAt revokedAt } }`:                     `{"data":{"apiKeys":[{"id":"key_1","name":"n8n","prefix":"mykpi_live_x","permissions":["RECORD"],"chartIds":null,"createdAt":"2026-03-02T11:00:00Z","expiresAt":null,"lastUsedAt":null,"revokedAt":null}]}}`,
		`{ members { id email role status invitedAt joinedAt } }`:                                                          `{"data":{"members":[{"id":"member_1","email":"ana@acme.example","role":"EDITOR","status":"INVITED","invitedAt":"2026-03-02T11:00:00Z","joinedAt":null}]}}`,
		`mutation { createApiKey(input: {name: "n"}) { secret apiKey { name permissions chartIds expiresAt } } }`:          `{"data":{"createApiKey":{"secret":"mykpi_live_secret","apiKey":{"name":"n","permissions":["RECORD"],"chartIds":null,"expiresAt":null}}}}`,
		`mutation { createApiKey(input: {name: "n", charts: [{key: "revenue"}, {id: "c1"}]}) { apiKey { chartIds } } }`:    `{"data":{"createApiKey":{"apiKey":{"chartIds":["c1","c1"]}}}}`,
		`mutation { revokeApiKey(input: {id: "key_1"}) { apiKey { id revokedAt } } }`:                                      `{"data":{"revokeApiKey":{"apiKey":{"id":"key_1","revokedAt":"2026-03-02T11:00:00Z"}}}}`,
		`mutation { inviteMember(input: {email: "a@b.example", role: VIEWER}) { member { email role } } }`:                 `{"data":{"inviteMember":{"member":{"email":"a@b.example","role":"VIEWER"}}}}`,
		`mutation { changeMemberRole(input: {id: "member_1", role: ADMIN}) { member { id role } } }`:                       `{"data":{"changeMemberRole":{"member":{"id":"member_1","role":"ADMIN"}}}}`,
		`mutation { removeMember(input: {id: "member_1"}) { member { id status } } }`:                                      `{"data":{"removeMember":{"member":{"id":"member_1","status":"REMOVED"}}}}`,
		`{ a: node(id: "key_1") { __typename id } b: node(id: "member_1") { __typename id } c: node(id: "key_2") { id } }`: `{"data":{"a":{"__typename":"ApiKey","id":"key_1"},"b":{"__typename":"Member","id":"member_1"},"c":null}}`,
	} {
		if got := a.as(tenancy.Admin, query, ""); got.body != want {
			t.Errorf("%s\n got %s\nwant %s", query, got.body, want)
		}
	}
	if got := a.as(tenancy.Admin, `mutation { createApiKey(input: {name: "n", charts: [{key: "revenue"}, {key: "none"}]}) { secret } }`, ""); got.Errors == nil ||
		got.Errors[0].Extensions["code"] != "NOT_FOUND" || got.Errors[0].Extensions["field"] != "input.charts[1]" {
		t.Errorf("a chart that is not there: %s", got.body)
	}
}

// What only administrators may list is not there for others, by node too.
func TestAccessIsForAdministrators(t *testing.T) {
	a := serve(t)
	for _, role := range []tenancy.Role{tenancy.Viewer, tenancy.Editor} {
		for _, id := range []string{"key_1", "member_1"} {
			theirs := a.as(role, `query($id: ID!) { node(id: $id) { id } }`, `{"id": "`+id+`"}`)
			nobodys := a.as(role, `query($id: ID!) { node(id: $id) { id } }`, `{"id": "`+id+`x"}`)
			if theirs.body != nobodys.body || theirs.body != `{"data":{"node":null}}` {
				t.Errorf("%s %s: %s, and of none: %s", role, id, theirs.body, nobodys.body)
			}
		}
		for _, query := range []string{`{ apiKeys { id } }`, `{ members { id } }`, `mutation { removeMember(input: {id: "member_1"}) { member { id } } }`} {
			if got := a.as(role, query, ""); got.Errors == nil || got.Errors[0].Extensions["code"] != "FORBIDDEN" {
				t.Errorf("%s %s: %s", role, query, got.body)
			}
		}
	}
	a.domain.mu.Lock()
	defer a.domain.mu.Unlock()
	if slices.ContainsFunc(a.domain.tenants, func(id tenancy.ID) bool { return id.String() != "acme" }) {
		t.Errorf("asked for %v", a.domain.tenants)
	}
}
