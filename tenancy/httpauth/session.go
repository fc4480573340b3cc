package httpauth

import (
	"context"
	"errors"
	"time"

	"github.com/mykpi/mykpi/tenancy"
)

// Session is an Identity together with the credential that proved it, so that a connection that lives long can have
// it proved again.
type Session struct {
	Identity   tenancy.Identity
	Credential Credential
}

type contextKey struct{}

// WithSession puts a session, which is only read from then on, into the context.
func WithSession(ctx context.Context, session *Session) context.Context {
	return context.WithValue(ctx, contextKey{}, session)
}

// SessionFrom is the session in the context; false without one.
func SessionFrom(ctx context.Context) (Session, bool) {
	session, ok := ctx.Value(contextKey{}).(*Session)
	if !ok {
		return Session{}, false
	}
	return *session, true
}

// With puts an identity into the context, for use down to the resolver.
func With(ctx context.Context, identity tenancy.Identity) context.Context {
	return WithSession(ctx, &Session{Identity: identity})
}

// From is the identity in the context; false for an anonymous caller.
func From(ctx context.Context) (tenancy.Identity, bool) {
	session, ok := SessionFrom(ctx)
	return session.Identity, ok
}

// Open authenticates a credential. Errors are those of the Authenticator.
func Open(ctx context.Context, auth Authenticator, credential Credential) (Session, error) {
	identity, err := auth.Authenticate(ctx, credential)
	if err != nil {
		return Session{}, err
	}
	return Session{identity, credential}, nil
}

// Check asks whether the session still stands at the moment now. It answers nil, or the refusal to end the connection
// with: the proof has expired, the credential is not taken any more, or it now means other rights than those that the
// connection was opened with. While the Authenticator is unavailable a session stands until it expires.
func (s Session) Check(ctx context.Context, auth Authenticator, now time.Time) error {
	if expires := s.Identity.Expires(); !expires.IsZero() && !now.Before(expires) {
		return Refuse(ErrUnauthenticated, "the credential expired at %s: connect again with a new one", expires.UTC().Format(time.RFC3339))
	}
	identity, err := auth.Authenticate(ctx, s.Credential)
	if errors.Is(err, ErrUnavailable) {
		return nil
	}
	if err != nil {
		return err
	}
	if !identity.SameRights(s.Identity) {
		return Refuse(ErrUnauthenticated, "your rights have changed: connect again")
	}
	return nil
}

// Keep checks the session every so often and at its expiry, and returns what ends it: the refusal of Check, or the
// error of the context. A connection runs it beside its own work; with an interval of 2 s revocation bites within 5 s.
func (s Session) Keep(ctx context.Context, auth Authenticator, every time.Duration) error {
	timer := time.NewTimer(s.next(every))
	defer timer.Stop()
	for {
		select {
		case <-ctx.Done():
			return ctx.Err()
		case now := <-timer.C:
			if err := s.Check(ctx, auth, now); err != nil {
				return err
			}
			timer.Reset(s.next(every))
		}
	}
}

// next is the time until the next check: the interval, or less if the proof expires before.
func (s Session) next(every time.Duration) time.Duration {
	if expires := s.Identity.Expires(); !expires.IsZero() {
		return max(0, min(every, time.Until(expires)))
	}
	return every
}
