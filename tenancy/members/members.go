package members

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/mykpi/mykpi/eventstore"
	"github.com/mykpi/mykpi/tenancy"
)

// documentName is the roster's. It sorts after all that a dashboard reads in one range (ABOUT to NOW$).
const documentName = "PEOPLE"

var stream = eventstore.Stream{Kind: "MEMBERS", ID: "roster"}

const (
	idPrefix = "member_"
	attempts = 5
)

// Members reads and changes the members of tenants.
type Members struct {
	Store eventstore.Store
	Now   func() time.Time
	NewID func() string
	// Changed is told of every change after its commit; nil for nobody.
	Changed func(tenancy.ID)
}

// Span is where a tenant's roster is.
func Span() eventstore.Span { return eventstore.One(eventstore.Key{Name: documentName}) }

// Read makes a Roster of what was found there.
func Read(docs []eventstore.Document) (*Roster, error) {
	r := &Roster{}
	if len(docs) == 0 {
		return r, nil
	}
	if err := json.Unmarshal(docs[0].Body, r); err != nil {
		return nil, fmt.Errorf("members: the roster: %w", err)
	}
	return r, nil
}

func (h *Members) read(ctx context.Context, tenant tenancy.ID) (*Roster, int64, error) {
	answers, err := h.Store.Documents(ctx, tenant, Span())
	if err != nil {
		return nil, 0, err
	}
	var revision int64
	if len(answers[0]) > 0 {
		revision = answers[0][0].Revision
	}
	r, err := Read(answers[0])
	return r, revision, err
}

// List are a tenant's members, in the order of their first invitations, removed ones too.
func (h *Members) List(ctx context.Context, tenant tenancy.ID) ([]Member, error) {
	r, _, err := h.read(ctx, tenant)
	if err != nil {
		return nil, err
	}
	return r.Members, nil
}

// Member is one of a tenant's members, or nil.
func (h *Members) Member(ctx context.Context, tenant tenancy.ID, id string) (*Member, error) {
	r, _, err := h.read(ctx, tenant)
	if err != nil {
		return nil, err
	}
	return r.byID(id), nil
}

// IsID reports whether an ID has the form of a member's.
func IsID(id string) bool { return strings.HasPrefix(id, idPrefix) }

// Invite lets a person in by the next sign-in with the address, verified. Inviting again in the same role changes nothing.
func (h *Members) Invite(ctx context.Context, tenant tenancy.ID, by tenancy.Actor, email string, role tenancy.Role) (*Member, error) {
	r, err := h.decide(ctx, tenant, by, invite(idPrefix+strings.ToLower(h.NewID()), email, role))
	if err != nil {
		return nil, err
	}
	address, err := normalized(email)
	return r.byEmail(address), err
}

// ChangeRole gives a member another role, from the next request on.
func (h *Members) ChangeRole(ctx context.Context, as tenancy.Identity, id string, role tenancy.Role) (*Member, error) {
	return h.member(ctx, as, id, changeRole(id, role))
}

// Remove keeps a member out. Removing again changes nothing.
func (h *Members) Remove(ctx context.Context, as tenancy.Identity, id string) (*Member, error) {
	return h.member(ctx, as, id, remove(id))
}

func (h *Members) member(ctx context.Context, as tenancy.Identity, id string, w wish) (*Member, error) {
	r, err := h.decide(ctx, as.Tenant(), as.Actor(), w)
	if err != nil {
		return nil, err
	}
	return r.byID(id), nil
}

// decide has the roster decide on a wish and commits what follows. It answers the roster as it is then.
func (h *Members) decide(ctx context.Context, tenant tenancy.ID, by tenancy.Actor, w wish) (*Roster, error) {
	for attempt := 1; ; attempt++ {
		r, revision, err := h.read(ctx, tenant)
		if err != nil {
			return nil, err
		}
		e, err := w(r)
		if err != nil || e == nil {
			return r, err
		}
		err = h.commit(ctx, tenant, by, r, revision, e)
		if err == nil {
			if h.Changed != nil {
				h.Changed(tenant)
			}
			return r, nil
		}
		if !errors.Is(err, eventstore.ErrConflict) || attempt == attempts {
			return nil, err
		}
	}
}

// commit applies an event to the roster and makes both durable.
func (h *Members) commit(ctx context.Context, tenant tenancy.ID, by tenancy.Actor, r *Roster, revision int64, e event) error {
	data, err := json.Marshal(e)
	if err != nil {
		return err
	}
	now := h.Now().UTC()
	r.Members = slices.Clone(r.Members)
	e.apply(r, now)
	r.Version++
	body, err := json.Marshal(r)
	if err != nil {
		return err
	}
	return h.Store.Commit(ctx, tenant, eventstore.Commit{
		Appends: []eventstore.Append{{Stream: stream, Expected: r.Version - 1, Events: []eventstore.Event{{
			Version: r.Version, ID: h.NewID(), Type: nameOf(e), Schema: 1, OccurredAt: now, RecordedAt: now, Actor: by, Data: data,
		}}}},
		Puts: []eventstore.Put{{Key: eventstore.Key{Name: documentName}, Body: body, If: eventstore.IfRevision(revision)}},
	})
}

// Replay makes a tenant's roster of its events alone.
func (h *Members) Replay(ctx context.Context, tenant tenancy.ID) (*Roster, error) {
	r := &Roster{}
	for {
		events, err := h.Store.Events(ctx, tenant, stream, r.Version, 500)
		if err != nil || len(events) == 0 {
			return r, err
		}
		for _, kept := range events {
			e, err := decodeEvent(kept.Type, kept.Data)
			if err != nil {
				return nil, fmt.Errorf("members: event %d: %w", kept.Version, err)
			}
			e.apply(r, kept.OccurredAt)
			r.Version = kept.Version
		}
	}
}
