package main

import (
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/netip"
	"runtime"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/pflag"

	"github.com/mykpi/mykpi/graph/transport/guard"
	"github.com/mykpi/mykpi/graph/transport/ratelimit"
)

// edgeConfig are the limits of what comes from outside. 0 is no limit of sockets and rates, and elsewhere the default.
type edgeConfig struct {
	origins          []string
	proxies          proxies
	trustedDocuments string

	query          guard.Limits
	maxBody        int64
	answerMemory   int64
	documentMemory int64
	requestTimeout time.Duration
	headerTimeout  time.Duration
	writeTimeout   time.Duration

	socketInit       time.Duration
	socketPing       time.Duration
	socketMessage    int64
	socketOperations int
	socketsPerUser   int
	socketsPerTenant int
	sessionCheck     time.Duration

	rateAddress   rate
	rateKey       rate
	rateTenant    rate
	rateMutations rate
	ratePoints    rate

	queriesPerTenant int
	batchesPerTenant int
	batches          int
}

func (c *edgeConfig) flags(f *pflag.FlagSet) {
	f.StringSliceVar(&c.origins, "allowed-origins", nil, "origins of other sites whose pages may call, such as https://app.example.com; * for all")
	f.Var(&c.proxies, "trusted-proxies", "networks of the proxies whose X-Forwarded-For is believed, such as 10.0.0.0/8")
	f.StringVar(&c.trustedDocuments, "trusted-documents", "", "JSON file of GraphQL documents by id or SHA-256: only those run")

	f.Int64Var(&c.maxBody, "max-body", 1<<20, "bytes of a GraphQL request")
	f.Int64Var(&c.answerMemory, "answer-memory", 64<<20, "bytes of answers to keep for the second and the version that they are of; 0 for none")
	f.Int64Var(&c.documentMemory, "document-memory", 64<<20, "bytes of charts' documents, and of what was written of them, to keep, so that only what has changed is read and written again, on SQLite; 0 for none")
	f.IntVar(&c.query.QueryBytes, "max-query-bytes", 16<<10, "bytes of a GraphQL document")
	f.IntVar(&c.query.Tokens, "max-query-tokens", 2000, "tokens of a document")
	f.IntVar(&c.query.Depth, "max-query-depth", 12, "fields within fields of a document")
	f.IntVar(&c.query.Aliases, "max-query-aliases", 30, "aliases of a document")
	f.IntVar(&c.query.RootFields, "max-query-root-fields", 20, "fields at the root of an operation")
	f.IntVar(&c.query.Directives, "max-query-directives", 30, "directives of a document")
	f.IntVar(&c.query.Cost, "max-query-cost", 10_000, "fields that an operation can answer, those below a list once for each element")

	f.DurationVar(&c.headerTimeout, "header-timeout", 5*time.Second, "for the head of a request to come")
	f.DurationVar(&c.requestTimeout, "request-timeout", 10*time.Second, "for the body of a request to come, and for an operation")
	f.DurationVar(&c.writeTimeout, "write-timeout", 5*time.Second, "for a dashboard to take what is written to it, before it is cut")

	f.DurationVar(&c.socketInit, "socket-init-timeout", 3*time.Second, "for connection_init to come on a websocket")
	f.DurationVar(&c.socketPing, "socket-ping", 20*time.Second, "between pings of a websocket; one that is silent for twice as long is cut")
	f.Int64Var(&c.socketMessage, "max-socket-message", 64<<10, "bytes of a message on a websocket")
	f.IntVar(&c.socketOperations, "max-socket-operations", 50, "operations of one websocket at a time")
	f.IntVar(&c.socketsPerUser, "max-sockets-per-user", 5_000, "websockets and event streams of one user; 0 for any number")
	f.IntVar(&c.socketsPerTenant, "max-sockets-per-tenant", 20_000, "websockets and event streams of one tenant, unless it has a quota of its own; 0 for any number")
	f.DurationVar(&c.sessionCheck, "session-check", 2*time.Second, "between checks that the credential of an open connection still stands; what they ask is up to 2s old")

	// Of requests and points a tenant has no more than a second's worth at once: while that lasts, a flood has the processors
	// for itself, and another tenant's point waits at each of its steps.
	c.rateAddress, c.rateKey = rate{1000, 10_000}, rate{500, 1000}
	c.rateTenant, c.rateMutations, c.ratePoints = rate{1000, 1000}, rate{100, 500}, rate{20_000, 20_000}
	f.Var(&c.rateAddress, "rate-address", "requests a second of one address, and how many at once; 0 for any number")
	f.Var(&c.rateKey, "rate-key", "requests of one API key")
	f.Var(&c.rateTenant, "rate-tenant", "requests of one tenant")
	f.Var(&c.rateMutations, "rate-mutations", "mutations of one tenant, each of a request counted")
	f.Var(&c.ratePoints, "rate-points", "points of one tenant in batches of more than 100, such as those of a CSV file; more wait and are not refused")

	f.IntVar(&c.queriesPerTenant, "max-queries-per-tenant", runtime.GOMAXPROCS(0), "queries of one tenant at work at once, while the others of it wait; 0 for any number")
	f.IntVar(&c.batchesPerTenant, "max-batches-per-tenant", 1, "batches of more than 100 points of one tenant at work at once, such as those of a CSV file; 0 for any number")
	f.IntVar(&c.batches, "max-batches", runtime.GOMAXPROCS(0), "the same of all tenants together, who alternate; 0 for any number")
}

func (c *edgeConfig) validate() error {
	for name, d := range map[string]time.Duration{
		"header-timeout": c.headerTimeout, "request-timeout": c.requestTimeout, "write-timeout": c.writeTimeout,
		"socket-init-timeout": c.socketInit, "socket-ping": c.socketPing, "session-check": c.sessionCheck,
	} {
		if d <= 0 {
			return fmt.Errorf("--%s must be a time such as 5s", name)
		}
	}
	for name, n := range map[string]int64{
		"max-body": c.maxBody, "max-query-bytes": int64(c.query.QueryBytes), "max-query-tokens": int64(c.query.Tokens),
		"max-query-depth": int64(c.query.Depth), "max-query-aliases": int64(c.query.Aliases),
		"max-query-root-fields": int64(c.query.RootFields), "max-query-directives": int64(c.query.Directives),
		"max-query-cost": int64(c.query.Cost), "max-socket-message": c.socketMessage, "max-socket-operations": int64(c.socketOperations),
	} {
		if n <= 0 {
			return fmt.Errorf("--%s must be 1 or more", name)
		}
	}
	for name, n := range map[string]int64{"answer-memory": c.answerMemory, "document-memory": c.documentMemory} {
		if n < 0 || n > 1<<40 {
			return fmt.Errorf("--%s must be 0 or more bytes, up to 1 TiB", name)
		}
	}
	if c.queriesPerTenant < 0 || c.batchesPerTenant < 0 || c.batches < 0 {
		return errors.New("--max-queries-per-tenant, --max-batches-per-tenant and --max-batches must be 0 or more")
	}
	if c.socketsPerUser < 0 || c.socketsPerTenant < 0 {
		return errors.New("--max-sockets-per-user and --max-sockets-per-tenant must be 0 or more")
	}
	return nil
}

// rate is written as PER-SECOND:BURST, such as 100:500; the burst alone may be left out.
type rate struct{ perSecond, burst int }

var _ pflag.Value = (*rate)(nil)

// String implements pflag.Value.
func (r *rate) String() string {
	if r.perSecond == 0 {
		return "0"
	}
	return fmt.Sprintf("%d:%d", r.perSecond, r.burst)
}

// Type implements pflag.Value.
func (r *rate) Type() string { return "per-second:burst" }

// Set implements pflag.Value.
func (r *rate) Set(text string) error {
	perSecond, burst, both := strings.Cut(text, ":")
	n, err := strconv.Atoi(perSecond)
	most := n
	if err == nil && both {
		most, err = strconv.Atoi(burst)
	}
	if err != nil || n < 0 || most < n {
		return errors.New("a rate is written as PER-SECOND:BURST, such as 100:500, the burst no less than the rate; 0 is none")
	}
	*r = rate{n, most}
	return nil
}

// limiter keeps callers to the rate; nil where there is none.
func (r rate) limiter(name string) *ratelimit.Limiter { return r.paced(name, 0) }

// paced is limiter, of which so many of a burst go on at once, and 0 is all.
func (r rate) paced(name string, atOnce int) *ratelimit.Limiter {
	if r.perSecond == 0 {
		return nil
	}
	return ratelimit.New(name, ratelimit.Rate{PerSecond: float64(r.perSecond), Burst: r.burst, AtOnce: atOnce}, 0)
}

// proxies are networks whose word on a caller's address is taken.
type proxies []netip.Prefix

var _ pflag.Value = (*proxies)(nil)

// String implements pflag.Value.
func (p *proxies) String() string {
	texts := make([]string, len(*p))
	for i, network := range *p {
		texts[i] = network.String()
	}
	return strings.Join(texts, ",")
}

// Type implements pflag.Value.
func (p *proxies) Type() string { return "networks" }

// Set implements pflag.Value.
func (p *proxies) Set(text string) error {
	*p = nil
	for network := range strings.SplitSeq(text, ",") {
		parsed, err := netip.ParsePrefix(strings.TrimSpace(network))
		if err != nil {
			return fmt.Errorf("%q is no network such as 10.0.0.0/8", network)
		}
		*p = append(*p, parsed)
	}
	return nil
}

func (p proxies) trusts(address string) bool {
	parsed, err := netip.ParseAddr(strings.TrimSpace(address))
	for _, network := range p {
		if err == nil && network.Contains(parsed.Unmap()) {
			return true
		}
	}
	return false
}

// address tells a request's caller: behind proxies, the last address in X-Forwarded-For that is not one of theirs. nil
// where no proxy is trusted.
func (p proxies) address() func(*http.Request) string {
	if len(p) == 0 {
		return nil
	}
	return func(r *http.Request) string {
		caller, _, err := net.SplitHostPort(r.RemoteAddr)
		if err != nil {
			return r.RemoteAddr
		}
		hops := strings.Split(strings.Join(r.Header.Values("X-Forwarded-For"), ","), ",")
		for i := len(hops) - 1; i >= 0 && p.trusts(caller); i-- {
			hop := strings.TrimSpace(hops[i])
			if _, err := netip.ParseAddr(hop); err != nil {
				break
			}
			caller = hop
		}
		return caller
	}
}
