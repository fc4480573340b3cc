package apikey

import (
	"crypto/rand"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base32"
	"encoding/binary"
	"hash/crc32"
	"strings"

	"github.com/mykpi/mykpi/tenancy"
	"github.com/mykpi/mykpi/tenancy/httpauth"
)

// A secret is
//
//	mykpi_live_<tenant>_<id>_<secret><checksum>
//
// in lower-case base32 (a to z and 2 to 7): the tenant's ID, which tells where to look; the key's ID; 26 random
// characters, of 130 bits; and the CRC-32 of all before, by which typos and secret scanners know a key without asking.
const (
	secretPrefix   = httpauth.KeyPrefix + "live_"
	idPrefix       = "key_"
	idLength       = 16
	randomLength   = 26
	checksumLength = 7
)

var base32Lower = base32.NewEncoding("abcdefghijklmnopqrstuvwxyz234567").WithPadding(base32.NoPadding)

// hash stands for a secret in the store. A secret is random, so one round of SHA-256 can't be guessed back.
type hash [sha256.Size]byte

func hashOf(secret string) hash { return sha256.Sum256([]byte(secret)) }

// is compares in constant time.
func (h hash) is(other hash) bool { return subtle.ConstantTimeCompare(h[:], other[:]) == 1 }

// newSecret makes a key's ID, the part of its secret that may be shown, and the secret.
func newSecret(tenant tenancy.ID) (id, prefix, secret string) {
	id = strings.ToLower(rand.Text()[:idLength])
	prefix = secretPrefix + base32Lower.EncodeToString([]byte(tenant.String())) + "_" + id
	secret = prefix + "_" + strings.ToLower(rand.Text()[:randomLength])
	return idPrefix + id, prefix, secret + checksum(secret)
}

func checksum(text string) string {
	return base32Lower.EncodeToString(binary.BigEndian.AppendUint32(nil, crc32.ChecksumIEEE([]byte(text))))
}

// readSecret finds where a key is kept; false for what is no key.
func readSecret(secret string) (at place, ok bool) {
	rest, found := strings.CutPrefix(secret, secretPrefix)
	parts := strings.Split(rest, "_")
	if !found || len(parts) != 3 || len(parts[1]) != idLength || len(parts[2]) != randomLength+checksumLength {
		return place{}, false
	}
	body := secret[:len(secret)-checksumLength]
	if checksum(body) != secret[len(body):] {
		return place{}, false
	}
	name, err := base32Lower.DecodeString(parts[0])
	if err != nil {
		return place{}, false
	}
	tenant, err := tenancy.ParseID(string(name))
	if err != nil {
		return place{}, false
	}
	return place{tenant, idPrefix + parts[1]}, true
}

// place is where a key is kept.
type place struct {
	tenant tenancy.ID
	id     string
}
