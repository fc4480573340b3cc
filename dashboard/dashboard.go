package dashboard

import (
	"crypto/sha256"
	"embed"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"html"
	"io/fs"
	"net/http"
	"path"
	"regexp"
	"strings"
)

//go:embed dist
var embedded embed.FS

// Options are what the page is told. The zero Options serve: people then sign in by links alone, as DevelopmentLink makes
// them.
type Options struct {
	// Cognito has people sign in at a hosted UI; nil for links alone.
	Cognito *Cognito
}

// Cognito names the app client of a user pool by which people sign in: one without a secret, with the authorization code
// grant, https://HOST/signed-in as callback and https://HOST/ as sign-out URL.
type Cognito struct {
	// Domain is the host of the hosted UI, such as acme.auth.eu-west-1.amazoncognito.com.
	Domain string `json:"domain"`
	// ClientID is the app client's.
	ClientID string `json:"clientId"`
	// Scopes are asked for; openid and email where empty.
	Scopes []string `json:"scopes"`
}

var domainName = regexp.MustCompile(`^[a-z0-9]([a-z0-9.-]*[a-z0-9])?(:[0-9]+)?$`)

func (o Options) validate() error {
	if o.Cognito == nil {
		return nil
	}
	if !domainName.MatchString(o.Cognito.Domain) {
		return fmt.Errorf("dashboard: %q is no host name of a hosted UI", o.Cognito.Domain)
	}
	if o.Cognito.ClientID == "" {
		return errors.New("dashboard: an app client ID is needed")
	}
	return nil
}

// DevelopmentLink is a link that signs its reader in: the token is in the fragment, which browsers send to no server, and
// which the page takes out of the address at once.
func DevelopmentLink(origin, token string) string {
	return strings.TrimSuffix(origin, "/") + "/#token=" + token
}

// pages are the paths that index.html answers (src/app.tsx).
var pages = regexp.MustCompile(`^/(charts/[a-z0-9][a-z0-9-]{0,62}(/edit)?|new|templates|archived|data|settings|signed-in)?$`)

// Handler serves the page at / and below.
func Handler(o Options) (http.Handler, error) {
	if err := o.validate(); err != nil {
		return nil, err
	}
	dist, err := fs.Sub(embedded, "dist")
	if err != nil {
		return nil, err
	}
	files, err := load(dist)
	if err != nil {
		return nil, err
	}
	index, err := o.index(files["/index.html"].plain)
	if err != nil {
		return nil, err
	}
	delete(files, "/index.html")
	policy := o.contentSecurityPolicy(index.plain)

	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method != http.MethodGet && r.Method != http.MethodHead {
			w.Header().Set("Allow", "GET, HEAD")
			http.Error(w, "method not allowed", http.StatusMethodNotAllowed)
			return
		}
		h := w.Header()
		h.Set("X-Content-Type-Options", "nosniff")
		name := path.Clean(r.URL.Path)
		if f, ok := files[name]; ok {
			h.Set("Cache-Control", cacheControl(name))
			f.serve(w, r)
			return
		}
		if !pages.MatchString(r.URL.Path) {
			http.NotFound(w, r)
			return
		}
		h.Set("Content-Security-Policy", policy)
		h.Set("Referrer-Policy", "no-referrer")
		h.Set("X-Frame-Options", "DENY")
		h.Set("Cross-Origin-Opener-Policy", "same-origin")
		h.Set("Permissions-Policy", "camera=(), geolocation=(), microphone=(), payment=()")
		h.Set("Cache-Control", "no-cache")
		index.serve(w, r)
	}), nil
}

// cacheControl lets files whose names hold their hash be kept for ever.
func cacheControl(name string) string {
	if strings.HasPrefix(name, "/assets/") {
		return "public, max-age=31536000, immutable"
	}
	return "public, max-age=3600"
}

// contentSecurityPolicy lets the page run and wear what the binary holds: its files, and what index holds itself, by hash. A
// worker may be made of a text that the page brings (src/early.ts): it has an origin of its own, and nothing of the page's.
func (o Options) contentSecurityPolicy(index []byte) string {
	connect := "'self'"
	if o.Cognito != nil {
		connect += " https://" + o.Cognito.Domain
	}
	return "default-src 'none'; script-src 'self'" + hashes(inlineScript, index) + "; style-src 'self'" + hashes(inlineStyle, index) +
		"; img-src 'self' data: blob:; font-src 'self'; manifest-src 'self'; connect-src " + connect +
		"; base-uri 'none'; worker-src data:; form-action 'none'; frame-ancestors 'none'"
}

// What inline.ts puts into index.html; both end at the first closing tag, as browsers have it.
var (
	inlineScript = regexp.MustCompile(`(?s)<script>(.*?)</script>`)
	inlineStyle  = regexp.MustCompile(`(?s)<style>(.*?)</style>`)
)

// hashes are the sources of a policy that stand for what element matches in page.
func hashes(element *regexp.Regexp, page []byte) string {
	var sources strings.Builder
	for _, match := range element.FindAllSubmatch(page, -1) {
		sum := sha256.Sum256(match[1])
		sources.WriteString(" 'sha256-" + base64.StdEncoding.EncodeToString(sum[:]) + "'")
	}
	return sources.String()
}

// index is index.html with the options in it.
func (o Options) index(plain []byte) (*file, error) {
	if o.Cognito != nil && len(o.Cognito.Scopes) == 0 {
		c := *o.Cognito
		c.Scopes = []string{"openid", "email"}
		o.Cognito = &c
	}
	told, err := json.Marshal(struct {
		Cognito *Cognito `json:"cognito,omitempty"`
	}{o.Cognito})
	if err != nil {
		return nil, err
	}
	const empty = `<meta name="mykpi-options" content="{}" />`
	page := string(plain)
	if strings.Count(page, empty) != 1 {
		return nil, errors.New("dashboard: dist/index.html has no place for the options: build it again")
	}
	return newFile("index.html", []byte(strings.Replace(page, empty, `<meta name="mykpi-options" content="`+html.EscapeString(string(told))+`" />`, 1)))
}
