package transport

import (
	"net/http"
	"strconv"
	"time"
)

// CORS lets pages of other origins call. It belongs ahead of authentication: browsers send preflights without
// credentials. Cookies are not allowed for, since MyKPI's credentials are headers.
type CORS struct {
	// Origins are the pages that may; none but the server's own where empty.
	Origins Origins
	// MaxAge is how long a browser may keep the answer to a preflight; 0 is 10 minutes.
	MaxAge time.Duration
}

// Wrap returns a handler that answers preflights, and gives the answers of next the headers that pages need.
func (c CORS) Wrap(next http.Handler) http.Handler {
	maxAge := c.MaxAge
	if maxAge == 0 {
		maxAge = 10 * time.Minute
	}
	seconds := strconv.Itoa(int(maxAge.Seconds()))
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		header := w.Header()
		header.Add("Vary", "Origin")
		origin := r.Header.Get("Origin")
		preflight := r.Method == http.MethodOptions && origin != "" && r.Header.Get("Access-Control-Request-Method") != ""
		if origin != "" && c.Origins.listed(origin) {
			header.Set("Access-Control-Allow-Origin", origin)
			header.Set("Access-Control-Expose-Headers", "RateLimit, RateLimit-Policy, Retry-After")
			if preflight {
				header.Set("Access-Control-Allow-Methods", "GET, POST")
				header.Set("Access-Control-Allow-Headers", "Authorization, Content-Type, Last-Event-ID, X-API-Key")
				header.Set("Access-Control-Max-Age", seconds)
			}
		}
		switch {
		case preflight && header.Get("Access-Control-Allow-Origin") == "":
			w.WriteHeader(http.StatusForbidden)
		case preflight:
			w.WriteHeader(http.StatusNoContent)
		default:
			next.ServeHTTP(w, r)
		}
	})
}
