package source

import (
	"crypto/rand"
	"encoding/base64"
	"strings"

	"github.com/mykpi/mykpi/tenancy"
)

// whsec begins the secrets of Standard Webhooks, and of Stripe.
const whsec = "whsec_"

// newSecret makes a secret in the form that the kind's senders take.
func newSecret(k Kind) string {
	if k == GenericJSON {
		return rand.Text() + rand.Text()
	}
	var key [32]byte
	_, _ = rand.Read(key[:]) // never fails, by its documentation
	return whsec + base64.StdEncoding.EncodeToString(key[:])
}

// checkSecret refuses a secret that the kind can't have.
func checkSecret(k Kind, s string) error {
	if len(s) < 16 || len(s) > 255 {
		return tenancy.Refuse(tenancy.BadUserInput, "secret", "must be 16 to 255 characters; leave it out to have one made")
	}
	for i := range len(s) {
		if s[i] <= ' ' || s[i] > '~' {
			return tenancy.Refuse(tenancy.BadUserInput, "secret", "must hold no spaces and no characters beyond ASCII")
		}
	}
	if k == StandardWebhooks {
		if _, err := base64.StdEncoding.DecodeString(strings.TrimPrefix(s, whsec)); err != nil {
			return tenancy.Refuse(tenancy.BadUserInput, "secret", "must be whsec_ and Base64, as Standard Webhooks have it")
		}
	}
	return nil
}
