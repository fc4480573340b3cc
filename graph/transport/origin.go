package transport

import (
	"net/http"
	"net/url"
	"slices"
	"strings"
)

// Origins are the web origins whose pages may call, such as https://app.example.com; "*" is all of them. A page of the
// server's own host always may.
type Origins []string

// Allow reports whether the page that sent a request may. A request without an Origin header is not from a page.
func (o Origins) Allow(r *http.Request) bool {
	origin := r.Header.Get("Origin")
	if origin == "" || o.listed(origin) {
		return true
	}
	u, err := url.Parse(origin)
	return err == nil && u.Host != "" && strings.EqualFold(u.Host, r.Host)
}

func (o Origins) listed(origin string) bool {
	return slices.ContainsFunc(o, func(s string) bool { return s == "*" || strings.EqualFold(s, origin) })
}
