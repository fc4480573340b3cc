package ingest

import (
	"crypto/hmac"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base64"
	"encoding/hex"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/mykpi/mykpi/ingest/source"
	"github.com/mykpi/mykpi/tenancy"
)

// timestampTolerance is how far a signature's time may be from ours.
const timestampTolerance = 300 * time.Second

// verify proves that the sender of a request knows one of a source's secrets. It answers the ID of the message, by which
// a replay is known, or "" where its sender gives none in a header.
func verify(s *source.Source, now time.Time, header http.Header, body []byte) (message string, err error) {
	secrets := s.Secrets(now)
	switch s.Kind {
	case source.Stripe:
		return "", verifyStripe(secrets, now, header.Values("Stripe-Signature"), body)
	case source.StandardWebhooks:
		return verifyStandard(secrets, now, header, body)
	}
	return "", verifyShared(secrets, header)
}

func unsigned(format string, args ...any) error {
	return tenancy.Refuse(tenancy.Unauthenticated, "", format, args...)
}

// checkTime reads seconds since 1970 and refuses what is too far from now.
func checkTime(seconds string, now time.Time) error {
	n, err := strconv.ParseInt(seconds, 10, 64)
	if err != nil || n < 0 || n > 1<<40 {
		return unsigned("the signature's timestamp must be whole seconds since 1970")
	}
	if d := now.Sub(time.Unix(n, 0)); d > timestampTolerance || d < -timestampTolerance {
		return unsigned("the signature's timestamp is more than 300 seconds from now: check the sender's clock, and send again")
	}
	return nil
}

// verifyStandard proves a message by standardwebhooks.com: base64(HMAC-SHA256(key, "id.timestamp.body")).
func verifyStandard(secrets []string, now time.Time, header http.Header, body []byte) (string, error) {
	id, at, signatures := header.Get("Webhook-Id"), header.Get("Webhook-Timestamp"), header.Get("Webhook-Signature")
	if id == "" || at == "" || signatures == "" {
		return "", unsigned("the headers webhook-id, webhook-timestamp and webhook-signature are needed, as Standard Webhooks have it")
	}
	if len(id) > 200 {
		return "", unsigned("webhook-id must be at most 200 bytes")
	}
	if err := checkTime(at, now); err != nil {
		return "", err
	}
	for _, secret := range secrets {
		key, err := base64.StdEncoding.DecodeString(strings.TrimPrefix(secret, "whsec_"))
		if err != nil {
			continue
		}
		want := sign(key, id, ".", at, ".", string(body))
		for signature := range strings.FieldsSeq(signatures) {
			version, text, _ := strings.Cut(signature, ",")
			got, err := base64.StdEncoding.DecodeString(text)
			if version == "v1" && err == nil && hmac.Equal(got, want) {
				return id, nil
			}
		}
	}
	return "", unsigned("the signature is not that of this body: sign \"id.timestamp.body\" with the source's secret, and send the body as it was signed")
}

// verifyStripe proves an event by Stripe's scheme: hex(HMAC-SHA256(secret, "t.body")).
func verifyStripe(secrets []string, now time.Time, headers []string, body []byte) error {
	if len(headers) != 1 {
		return unsigned("the header Stripe-Signature is needed")
	}
	at := ""
	var signatures [][]byte
	for part := range strings.SplitSeq(headers[0], ",") {
		switch name, value, _ := strings.Cut(strings.TrimSpace(part), "="); name {
		case "t":
			at = value
		case "v1":
			if signature, err := hex.DecodeString(value); err == nil {
				signatures = append(signatures, signature)
			}
		}
	}
	if err := checkTime(at, now); err != nil {
		return err
	}
	for _, secret := range secrets {
		want := sign([]byte(secret), at, ".", string(body))
		for _, got := range signatures {
			if hmac.Equal(got, want) {
				return nil
			}
		}
	}
	return unsigned("the signature is not that of this body: give the source the signing secret that Stripe shows for this endpoint (rotateSourceSecret)")
}

// verifyShared compares a secret that is sent along.
func verifyShared(secrets []string, header http.Header) error {
	sent := header.Get("X-Webhook-Secret")
	if scheme, bearer, _ := strings.Cut(header.Get("Authorization"), " "); sent == "" && strings.EqualFold(scheme, "Bearer") {
		sent = strings.TrimSpace(bearer)
	}
	given := sha256.Sum256([]byte(sent))
	for _, secret := range secrets {
		if want := sha256.Sum256([]byte(secret)); subtle.ConstantTimeCompare(given[:], want[:]) == 1 {
			return nil
		}
	}
	return unsigned("the source's secret is needed: send it as Authorization: Bearer SECRET or X-Webhook-Secret: SECRET")
}

func sign(key []byte, parts ...string) []byte {
	mac := hmac.New(sha256.New, key)
	for _, p := range parts {
		mac.Write([]byte(p)) // never fails, by its documentation
	}
	return mac.Sum(nil)
}
