package access

import (
	"context"
	"errors"
	"time"

	"github.com/mykpi/mykpi/eventstore"
	"github.com/mykpi/mykpi/tenancy"
	"github.com/mykpi/mykpi/tenancy/directory"
	"github.com/mykpi/mykpi/tenancy/httpauth"
	"github.com/mykpi/mykpi/tenancy/members"
	"github.com/mykpi/mykpi/tenancy/recall"
)

const (
	age        = 2 * time.Second // so that what changes bites within five, sockets included
	remembered = 10_000          // tenants
)

// Gate knows which tenants are served, and to whom.
type Gate struct {
	members *members.Members
	tenants *recall.Cache[tenancy.ID, house]
}

// house is a tenant with its members, as one read found them; tenant is nil where there is none.
type house struct {
	tenant *directory.Tenant
	roster *members.Roster
}

// New makes a Gate. Members also says where the store is, and what time it is.
func New(m *members.Members) *Gate {
	g := &Gate{members: m}
	g.tenants = recall.New(age, remembered, m.Now, g.load)
	return g
}

func (g *Gate) load(ctx context.Context, id tenancy.ID) (h house, err error) {
	answers, err := g.members.Store.Documents(ctx, id, directory.Span(), members.Span())
	if err != nil || len(answers[0]) == 0 {
		return h, err
	}
	if h.tenant, err = directory.Read(answers[0][0]); err != nil {
		return h, err
	}
	h.roster, err = members.Read(answers[1])
	return h, err
}

// Forget has a tenant and its members read again before they are believed next.
func (g *Gate) Forget(id tenancy.ID) { g.tenants.Forget(id) }

// Tenant is a tenant as it stood a moment ago, or a NOT_FOUND Refusal. It must not be changed.
func (g *Gate) Tenant(ctx context.Context, id tenancy.ID) (*directory.Tenant, error) {
	h, err := g.tenants.Get(ctx, id)
	if err == nil && h.tenant == nil {
		err = directory.ErrNotFound()
	}
	return h.tenant, err
}

// Behind is the Authenticator that lets in by a rule who proved who it is.
func (g *Gate) Behind(proof httpauth.Authenticator, rule members.Rule) httpauth.Authenticator {
	return door{g, proof, rule}
}

// door is a gate with what proves credentials before it.
type door struct {
	gate  *Gate
	proof httpauth.Authenticator
	rule  members.Rule
}

// Authenticate implements httpauth.Authenticator.
func (d door) Authenticate(ctx context.Context, credential httpauth.Credential) (tenancy.Identity, error) {
	as, err := d.proof.Authenticate(ctx, credential)
	if err != nil {
		return tenancy.Identity{}, err
	}
	h, err := d.gate.tenants.Get(ctx, as.Tenant())
	switch {
	case err != nil:
		return tenancy.Identity{}, told(err)
	case h.tenant == nil:
		return tenancy.Identity{}, httpauth.Refuse(httpauth.ErrForbidden, "this business is not set up here: ask the operator to create it")
	case h.tenant.Suspended != nil:
		return tenancy.Identity{}, httpauth.Refuse(httpauth.ErrForbidden, "this business is suspended, and nothing of it is lost: ask the operator to resume it")
	}
	admitted, err := d.gate.members.Admit(ctx, as, d.rule, h.roster)
	if err != nil {
		return tenancy.Identity{}, told(err)
	}
	return admitted, nil
}

// told is an error by the contract of httpauth: the store's outage is nobody's fault who asks.
func told(err error) error {
	if errors.Is(err, eventstore.ErrUnavailable) || errors.Is(err, eventstore.ErrConflict) || errors.Is(err, context.DeadlineExceeded) {
		return httpauth.Refuse(httpauth.ErrUnavailable, "it can't be told now who may come in: try again").Because(err)
	}
	return err
}
