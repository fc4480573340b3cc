package cognito

import (
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/golang-jwt/jwt/v5"
)

// claims are a token's claims by their exact names. encoding/json would match the fields of a struct without regard
// to case, and golang-jwt's own types let a date such as 1e300 wrap around.
type claims map[string]json.RawMessage

var _ jwt.Claims = claims(nil)

// errClaim says that a claim is there and of the wrong type or out of range.
var errClaim = errors.New("unusable claim")

// UnmarshalJSON takes an object alone.
func (c *claims) UnmarshalJSON(data []byte) error {
	var object map[string]json.RawMessage
	if err := json.Unmarshal(data, &object); err != nil {
		return err
	}
	*c = object
	return nil
}

// text is a claim that is a string, or "".
func (c claims) text(name string) string {
	var text string
	if json.Unmarshal(c[name], &text) != nil {
		return ""
	}
	return text
}

// latestDate is the end of the year 9999, the last that RFC 3339 can write.
const latestDate = 253402300799

// date is a NumericDate between 1970 and 9999 with its fraction cut off; nil if the claim is absent.
func (c claims) date(name string) (*jwt.NumericDate, error) {
	raw, ok := c[name]
	if !ok {
		return nil, nil
	}
	var seconds float64
	if err := json.Unmarshal(raw, &seconds); err != nil || string(raw) == "null" {
		return nil, fmt.Errorf("%w: %s is not a number", errClaim, name)
	}
	if seconds < 0 || seconds > latestDate {
		return nil, fmt.Errorf("%w: %s is no date between 1970 and 9999", errClaim, name)
	}
	return &jwt.NumericDate{Time: time.Unix(int64(math.Floor(seconds)), 0)}, nil
}

// GetExpirationTime implements jwt.Claims.
func (c claims) GetExpirationTime() (*jwt.NumericDate, error) { return c.date("exp") }

// GetIssuedAt implements jwt.Claims.
func (c claims) GetIssuedAt() (*jwt.NumericDate, error) { return c.date("iat") }

// GetNotBefore implements jwt.Claims.
func (c claims) GetNotBefore() (*jwt.NumericDate, error) { return c.date("nbf") }

// GetIssuer implements jwt.Claims.
func (c claims) GetIssuer() (string, error) { return c.text("iss"), nil }

// GetSubject implements jwt.Claims.
func (c claims) GetSubject() (string, error) { return c.text("sub"), nil }

// GetAudience implements jwt.Claims. Cognito writes a string; RFC 7519 allows a list.
func (c claims) GetAudience() (jwt.ClaimStrings, error) {
	raw, ok := c["aud"]
	if !ok {
		return nil, nil
	}
	var audience jwt.ClaimStrings
	if err := json.Unmarshal(raw, &audience); err != nil {
		return nil, fmt.Errorf("%w: aud is neither a string nor a list of strings", errClaim)
	}
	return audience, nil
}

// groups are the strings of cognito:groups. Whatever else is there grants nothing.
func (c claims) groups() []string {
	var list []any
	if json.Unmarshal(c["cognito:groups"], &list) != nil {
		return nil
	}
	var groups []string
	for _, element := range list {
		if group, ok := element.(string); ok {
			groups = append(groups, group)
		}
	}
	return groups
}

// email is the address, unless the token says that nobody verified it. Cognito writes email_verified as a boolean in
// tokens and as a string elsewhere.
func (c claims) email() string {
	switch strings.ToLower(strings.Trim(string(c["email_verified"]), `"`)) {
	case "", "true":
		return label(c.text("email"))
	}
	return ""
}

// maxLabel bounds what of a token is kept in events, in bytes; 254 is the longest e-mail address.
const maxLabel = 254

// label is a text if it is fit for people to read in a history, and "" if it is not: control and format characters
// (among them those that turn the direction of writing) would let a name pose as another.
func label(text string) string {
	if len(text) > maxLabel || !utf8.ValidString(text) {
		return ""
	}
	for _, c := range text {
		if unicode.IsControl(c) || unicode.Is(unicode.Cf, c) {
			return ""
		}
	}
	return strings.TrimSpace(text)
}
