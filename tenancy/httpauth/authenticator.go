package httpauth

import (
	"context"
	"strings"

	"github.com/mykpi/mykpi/tenancy"
)

// Authenticator says who sent a credential. Its errors wrap ErrUnauthenticated, ErrForbidden or ErrUnavailable, as a
// *Refusal where there is something to tell the caller. It may be asked again about the same credential at any
// moment, and then answers as things are at that moment; so revocation works.
type Authenticator interface {
	Authenticate(ctx context.Context, credential Credential) (tenancy.Identity, error)
}

// Verifier proves one kind of secret, by the error contract of Authenticator.
type Verifier interface {
	Verify(ctx context.Context, secret string) (tenancy.Identity, error)
}

// KeyPrefix is what every API key begins with, and no token.
const KeyPrefix = "mykpi_"

// Verifiers is the Authenticator that sends API keys to one Verifier and tokens to another. A nil one refuses.
type Verifiers struct {
	Tokens Verifier // of Bearer credentials without KeyPrefix
	Keys   Verifier // of all others
}

// Authenticate implements Authenticator. An absent credential is ErrUnauthenticated.
func (v Verifiers) Authenticate(ctx context.Context, credential Credential) (tenancy.Identity, error) {
	switch {
	case credential.Absent():
		return tenancy.Identity{}, Refuse(ErrUnauthenticated, "a credential is needed: send Authorization: Bearer TOKEN")
	case strings.HasPrefix(credential.Secret(), KeyPrefix):
		if v.Keys != nil {
			return v.Keys.Verify(ctx, credential.Secret())
		}
		return tenancy.Identity{}, Refuse(ErrUnauthenticated, "API keys are not accepted here: send Authorization: Bearer TOKEN")
	case credential.Scheme() == Bearer && v.Tokens != nil:
		return v.Tokens.Verify(ctx, credential.Secret())
	}
	return tenancy.Identity{}, Refuse(ErrUnauthenticated, "the %s credential is not an API key: those begin with %s; tokens are sent as Authorization: Bearer TOKEN", credential.Scheme(), KeyPrefix)
}
