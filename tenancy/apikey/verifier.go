package apikey

import (
	"context"
	"errors"
	"log/slog"
	"sync/atomic"
	"time"

	"github.com/mykpi/mykpi/eventstore"
	"github.com/mykpi/mykpi/tenancy"
	"github.com/mykpi/mykpi/tenancy/httpauth"
	"github.com/mykpi/mykpi/tenancy/recall"
)

const (
	age        = 2 * time.Second // so that a revocation bites within five, sockets included
	remembered = 10_000
	useEvery   = time.Minute // lastUsedAt is written once in this time, by each instance that sees the key
)

// Verifier verifies keys. It is safe for concurrent use.
type Verifier struct {
	store  eventstore.Store
	now    func() time.Time
	logger *slog.Logger
	keys   *recall.Cache[place, *known]
}

var _ httpauth.Verifier = (*Verifier)(nil)

// known is a key as it was read; nothing but lastUse changes.
type known struct {
	*found
	lastUse atomic.Int64 // unix seconds
}

// NewVerifier makes a Verifier. logger gets failures to note a use, which keep nobody out; nil logs nothing.
func NewVerifier(store eventstore.Store, now func() time.Time, logger *slog.Logger) *Verifier {
	if logger == nil {
		logger = slog.New(slog.DiscardHandler)
	}
	v := &Verifier{store: store, now: now, logger: logger}
	v.keys = recall.New(age, remembered, now, v.load)
	return v
}

func (v *Verifier) load(ctx context.Context, at place) (*known, error) {
	f, err := read(ctx, v.store, at)
	if f == nil || err != nil {
		return nil, err
	}
	k := &known{found: f}
	if f.LastUsedAt != nil {
		k.lastUse.Store(f.LastUsedAt.Unix())
	}
	return k, nil
}

// Forget has a key read again before it is believed next.
func (v *Verifier) Forget(tenant tenancy.ID, id string) { v.keys.Forget(place{tenant, id}) }

// Verify says whom a key proves. What is wrong with a key is told only to those who have its secret.
func (v *Verifier) Verify(ctx context.Context, secret string) (tenancy.Identity, error) {
	at, ok := readSecret(secret)
	if !ok {
		return tenancy.Identity{}, httpauth.Refuse(httpauth.ErrUnauthenticated, "the API key is not whole: its checksum is wrong, so copy it again")
	}
	k, err := v.keys.Get(ctx, at)
	if err != nil {
		if errors.Is(err, eventstore.ErrUnavailable) || errors.Is(err, context.DeadlineExceeded) {
			err = httpauth.Refuse(httpauth.ErrUnavailable, "API keys can't be verified now: try again").Because(err)
		}
		return tenancy.Identity{}, err
	}
	now := v.now()
	switch {
	case k == nil || !k.Hash.is(hashOf(secret)):
		return tenancy.Identity{}, httpauth.Refuse(httpauth.ErrUnauthenticated, "there is no such API key: create a new one")
	case k.RevokedAt != nil:
		return tenancy.Identity{}, httpauth.Refuse(httpauth.ErrUnauthenticated, "the API key was revoked: create a new one")
	case !k.stands(now):
		return tenancy.Identity{}, httpauth.Refuse(httpauth.ErrUnauthenticated, "the API key expired: create a new one")
	}
	v.noteUse(ctx, at, k, now)
	claims := tenancy.Claims{
		Tenant: at.tenant, Permissions: k.Permissions, Charts: k.ChartIDs,
		Actor: tenancy.Actor{Kind: tenancy.APIKey, ID: k.ID, Label: k.Name},
	}
	if k.ExpiresAt != nil {
		claims.Expires = *k.ExpiresAt
	}
	return tenancy.Verified(claims), nil
}

// noteUse writes when the key was used, unless that was done within the last minute. Only one caller does it.
func (v *Verifier) noteUse(ctx context.Context, at place, k *known, now time.Time) {
	last := k.lastUse.Load()
	if now.Unix()-last < int64(useEvery/time.Second) || !k.lastUse.CompareAndSwap(last, now.Unix()) {
		return
	}
	if err := touch(ctx, v.store, at, now); err != nil {
		v.logger.Warn("the use of an API key was not noted", "tenant", at.tenant.String(), "key", at.id, "error", err)
	}
}
