package httpauth

import (
	"log/slog"
	"net/http"
	"strings"
	"unique"
)

// Scheme is the way a credential came.
type Scheme string

// The schemes. The zero Scheme is that of an absent credential.
const (
	Bearer Scheme = "Bearer"    // Authorization: Bearer SECRET
	Basic  Scheme = "Basic"     // Authorization: Basic, SECRET is the password; the user name means nothing
	Header Scheme = "X-API-Key" // X-API-Key: SECRET
)

// Credential is a secret that a caller sent. It prints and logs without the secret. The zero Credential is absent. Equal
// ones are kept once and are as cheap to compare as pointers: many connections that live long may have the same.
type Credential struct{ sent unique.Handle[sent] }

type sent struct {
	scheme Scheme
	secret string
}

// NewCredential is for callers that got a secret in another way than a request, such as tests and the command line.
func NewCredential(scheme Scheme, secret string) Credential {
	return Credential{unique.Make(sent{scheme, secret})}
}

// Absent reports whether the caller sent no credential.
func (c Credential) Absent() bool { return c == Credential{} }

// Scheme is the way the credential came.
func (c Credential) Scheme() Scheme { return c.value().scheme }

// Secret is the token or key itself, for a Verifier alone.
func (c Credential) Secret() string { return c.value().secret }

func (c Credential) value() sent {
	if c.Absent() {
		return sent{}
	}
	return c.sent.Value()
}

// String hides the secret.
func (c Credential) String() string {
	if c.Absent() {
		return "no credential"
	}
	return string(c.Scheme()) + " [hidden]"
}

// GoString hides the secret from %#v.
func (c Credential) GoString() string { return c.String() }

// LogValue hides the secret from log/slog.
func (c Credential) LogValue() slog.Value { return slog.StringValue(c.String()) }

const (
	authorizationHeader = "Authorization"
	apiKeyHeader        = "X-Api-Key" // the canonical form of http.Header
)

// FromRequest finds the credential of a request: one Authorization header (Bearer or Basic) or one X-API-Key header.
// It is absent if there is neither. More than one, or one that can't be read, is a Refusal with ErrUnauthenticated:
// of two credentials nobody can say which was meant.
func FromRequest(r *http.Request) (Credential, error) {
	return parse(r.Header[authorizationHeader], r.Header[apiKeyHeader])
}

// FromInit finds the credential in the payload of a connection_init message, where browsers have to put it:
// {"Authorization": "Bearer …"}, {"X-API-Key": "…"}, or either in {"headers": {…}}. Names are compared without regard
// to case. The rules are those of FromRequest.
func FromInit(payload map[string]any) (Credential, error) {
	var authorization, apiKey []string
	collect := func(object map[string]any) error {
		for name, value := range object {
			var values *[]string
			switch {
			case strings.EqualFold(name, authorizationHeader):
				values = &authorization
			case strings.EqualFold(name, apiKeyHeader):
				values = &apiKey
			default:
				continue
			}
			text, ok := value.(string)
			if !ok {
				return Refuse(ErrUnauthenticated, "%s in the connection_init payload has to be a string", http.CanonicalHeaderKey(name))
			}
			*values = append(*values, text)
		}
		return nil
	}
	if err := collect(payload); err != nil {
		return Credential{}, err
	}
	for name, value := range payload {
		headers, ok := value.(map[string]any)
		if ok && strings.EqualFold(name, "headers") {
			if err := collect(headers); err != nil {
				return Credential{}, err
			}
		}
	}
	return parse(authorization, apiKey)
}

func parse(authorization, apiKey []string) (Credential, error) {
	switch len(authorization) + len(apiKey) {
	case 0:
		return Credential{}, nil
	case 1:
	default:
		return Credential{}, Refuse(ErrUnauthenticated, "more than one credential: send one Authorization or one X-API-Key header")
	}
	if len(apiKey) == 1 {
		return visible(Header, strings.TrimSpace(apiKey[0]))
	}

	scheme, rest, _ := strings.Cut(strings.TrimSpace(authorization[0]), " ")
	switch {
	case strings.EqualFold(scheme, string(Bearer)):
		return visible(Bearer, strings.TrimSpace(rest))
	case strings.EqualFold(scheme, string(Basic)):
		basic := http.Request{Header: http.Header{authorizationHeader: {"Basic " + strings.TrimSpace(rest)}}}
		_, password, ok := basic.BasicAuth()
		if !ok {
			return Credential{}, Refuse(ErrUnauthenticated, "the Basic credential can't be read: send base64(user:password) with an API key as password")
		}
		return visible(Basic, password)
	}
	return Credential{}, Refuse(ErrUnauthenticated, "the Authorization header has to be Bearer TOKEN, Bearer API-KEY, or Basic with an API key as password")
}

// visible refuses what neither a token nor a key can be, so that a Verifier sees printable ASCII alone.
func visible(scheme Scheme, secret string) (Credential, error) {
	if secret == "" {
		return Credential{}, Refuse(ErrUnauthenticated, "the %s credential is empty", scheme)
	}
	for i := range len(secret) {
		if secret[i] <= ' ' || secret[i] > '~' || secret[i] == ',' {
			return Credential{}, Refuse(ErrUnauthenticated, "the %s credential holds a character that no token or key has: send it alone, without quotes or spaces", scheme)
		}
	}
	return NewCredential(scheme, secret), nil
}
