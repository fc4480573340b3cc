package cognito

import (
	"crypto/sha256"
	"time"

	"github.com/mykpi/mykpi/tenancy"
)

// fingerprint stands for a token in the verifier's cache, so that memory holds no token that could be used.
type fingerprint [sha256.Size]byte

// fingerprintOf hashes a token, of an ordinary length without allocating.
func fingerprintOf(token string) fingerprint {
	var buffer [3 << 10]byte
	return sha256.Sum256(append(buffer[:0], token...))
}

// verified is a token that was verified with the keys of one generation.
type verified struct {
	identity   tenancy.Identity
	issuer     *issuer
	generation uint64
	until      time.Time
}
