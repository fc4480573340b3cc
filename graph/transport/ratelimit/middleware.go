package ratelimit

import (
	"context"
	"encoding/json"
	"errors"
	"net"
	"net/http"
	"net/netip"
	"strconv"
	"strings"

	"github.com/vektah/gqlparser/v2/gqlerror"
)

// Principal is who a request is counted for. "" is not counted.
type Principal struct{ Key, Tenant string }

// Middleware counts requests. Use one with Addresses alone ahead of authentication, so that guessing is limited too, and
// one with Keys and Tenants behind it. A nil limiter counts nothing.
type Middleware struct {
	Addresses *Limiter
	Keys      *Limiter
	Tenants   *Limiter
	// Principal says who calls; required with Keys or Tenants.
	Principal func(r *http.Request) Principal
	// Address is the caller's address behind trusted proxies. nil is that of the connection. An IPv6 address counts by
	// its /64.
	Address func(r *http.Request) string
	// Scope parts the requests of an address: those of one scope don't count for another. nil, or an answer of "", is one
	// for all.
	Scope func(r *http.Request) string
	// TraceID goes into extensions.traceId. nil is none.
	TraceID func(ctx context.Context) string
}

// Wrap returns a handler that passes on what is within the rates.
func (m Middleware) Wrap(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		refused, over := m.count(w.Header(), r)
		if over {
			m.refuse(w, r, refused)
			return
		}
		next.ServeHTTP(w, r)
	})
}

// count takes a token of each limiter and writes the headers. It returns the state of the one that refuses.
func (m Middleware) count(header http.Header, r *http.Request) (refused State, over bool) {
	var p Principal
	if m.Principal != nil {
		p = m.Principal(r)
	}
	for _, c := range [...]struct {
		limiter *Limiter
		key     func() string
	}{
		{m.Addresses, func() string { return m.scoped(r) }},
		{m.Keys, func() string { return p.Key }},
		{m.Tenants, func() string { return p.Tenant }},
	} {
		if c.limiter == nil {
			continue
		}
		key := c.key()
		if key == "" {
			continue
		}
		s := c.limiter.Admit(r.Context(), key, 1)
		header.Add("RateLimit-Policy", c.limiter.policy)
		left := c.limiter.left + strconv.Itoa(s.Remaining)
		if !s.OK {
			header.Add("RateLimit", left+";t="+strconv.Itoa(s.seconds()))
			return s, true
		}
		header.Add("RateLimit", left)
	}
	return State{}, false
}

func (m Middleware) refuse(w http.ResponseWriter, r *http.Request, s State) {
	e, _ := errors.AsType[*gqlerror.Error](s.Err())
	if m.TraceID != nil {
		e.Extensions["traceId"] = m.TraceID(r.Context())
	}
	body, _ := json.Marshal(map[string]any{"errors": []any{e}}) // strings and an int
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	w.Header().Set("Cache-Control", "no-store")
	w.Header().Set("Retry-After", strconv.Itoa(s.seconds()))
	w.WriteHeader(http.StatusTooManyRequests)
	_, _ = w.Write(body)
}

func (m Middleware) scoped(r *http.Request) string {
	address := m.address(r)
	if m.Scope == nil {
		return address
	}
	return address + " " + m.Scope(r)
}

// address is what the caller's address counts as.
func (m Middleware) address(r *http.Request) string {
	text := r.RemoteAddr
	if m.Address != nil {
		text = m.Address(r)
	} else if host, _, err := net.SplitHostPort(text); err == nil {
		text = host
	}
	addr, err := netip.ParseAddr(strings.TrimSpace(text))
	if err != nil {
		return text
	}
	if addr = addr.Unmap().WithZone(""); addr.Is4() {
		return addr.String()
	}
	network, _ := addr.Prefix(64) // 64 fits any IPv6 address
	return network.String()
}
