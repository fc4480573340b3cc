package cognito

import (
	"context"
	"crypto/rsa"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"github.com/MicahParks/jwkset"

	"github.com/mykpi/mykpi/tenancy/httpauth"
)

const (
	fetchEvery   = 10 * time.Second // a JWKS is fetched at most this often
	fetchTimeout = 5 * time.Second
	refreshAfter = time.Hour // so that a key that its issuer took back is noticed
	maxKeySet    = 1 << 20   // bytes of a JWKS document; Cognito's has 1 kB
	maxKeys      = 100
	minKeyBits   = 2048
)

// errKeySet says that a document is not a JWKS with a key for RS256.
var errKeySet = errors.New("no usable key set")

// parseKeySet reads the RS256 keys of a JWKS document. Keys for something else are left out.
func parseKeySet(document []byte) ([]jwkset.JWK, error) {
	var set jwkset.JWKSMarshal
	if err := json.Unmarshal(document, &set); err != nil {
		return nil, fmt.Errorf("%w: %w", errKeySet, err)
	}
	if len(set.Keys) > maxKeys {
		return nil, fmt.Errorf("%w: %d keys, at most %d are taken", errKeySet, len(set.Keys), maxKeys)
	}
	var keys []jwkset.JWK
	for _, marshal := range set.Keys {
		usable := marshal.KTY == jwkset.KtyRSA && marshal.KID != "" &&
			(marshal.ALG == "" || marshal.ALG == jwkset.AlgRS256) && (marshal.USE == "" || marshal.USE == jwkset.UseSig)
		if !usable {
			continue
		}
		key, err := jwkset.NewJWKFromMarshal(marshal, jwkset.JWKMarshalOptions{}, jwkset.JWKValidateOptions{})
		if err != nil {
			continue
		}
		if public, ok := key.Key().(*rsa.PublicKey); ok && public.N.BitLen() >= minKeyBits {
			keys = append(keys, key)
		}
	}
	if len(keys) == 0 {
		return nil, fmt.Errorf("%w: none of %d keys is an RSA key for RS256 of at least %d bits", errKeySet, len(set.Keys), minKeyBits)
	}
	return keys, nil
}

// keySet is the jwkset.Storage of one issuer's keys. Its KeyRead fetches the JWKS when it does not know a key.
type keySet struct {
	*jwkset.MemoryJWKSet
	url    string // "" for keys that never change
	client *http.Client
	now    func() time.Time
	logger *slog.Logger

	// generation grows when the keys change; what was verified in an older one has to be verified again.
	generation atomic.Uint64
	// refreshAt is when the keys are due for a fetch although nobody misses one, in Unix seconds.
	refreshAt atomic.Int64

	mu        sync.Mutex
	flight    chan struct{} // of the fetch under way, closed at its end; nil without one
	attempted time.Time     // when the last fetch began
	complete  bool          // a fetch has succeeded
	failure   error         // of the last fetch
}

func newKeySet(issuer Issuer, now func() time.Time, logger *slog.Logger) (*keySet, error) {
	k := &keySet{MemoryJWKSet: jwkset.NewMemoryStorage(), url: issuer.JWKS, now: now, logger: logger}
	if k.url == "" {
		keys, err := parseKeySet(issuer.KeySet)
		if err != nil {
			return nil, fmt.Errorf("cognito: issuer %q: %w", issuer.Names[0], err)
		}
		return k, k.KeyReplaceAll(context.Background(), keys)
	}
	k.client = &http.Client{
		// Fetches are rare: no idle connection is kept between them.
		Transport: &http.Transport{Proxy: http.ProxyFromEnvironment, DisableKeepAlives: true, MaxResponseHeaderBytes: 64 << 10},
		// A redirect could lead anywhere; the URL of a JWKS is known.
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
		Timeout:       fetchTimeout,
	}
	return k, nil
}

// KeyRead is the key of an ID. If it is unknown, the JWKS is fetched, once for all who wait and at most once in
// fetchEvery. The error is jwkset.ErrKeyNotFound, or httpauth.ErrUnavailable if there never were keys.
func (k *keySet) KeyRead(ctx context.Context, id string) (jwkset.JWK, error) {
	key, err := k.MemoryJWKSet.KeyRead(ctx, id)
	if k.url == "" || !errors.Is(err, jwkset.ErrKeyNotFound) {
		return key, err
	}
	if err := k.refresh(ctx); err != nil {
		return jwkset.JWK{}, err
	}
	return k.MemoryJWKSet.KeyRead(ctx, id)
}

// refresh waits for a fetch, its own or the one under way, unless the last began less than fetchEvery ago.
func (k *keySet) refresh(ctx context.Context) error {
	flight := k.fetch()
	if flight != nil {
		select {
		case <-flight:
		case <-ctx.Done():
			return fmt.Errorf("%w: %w", httpauth.ErrUnavailable, ctx.Err())
		}
	}
	k.mu.Lock()
	defer k.mu.Unlock()
	if !k.complete {
		return fmt.Errorf("%w: %w", httpauth.ErrUnavailable, k.failure)
	}
	return nil
}

// refreshIfDue begins a fetch that nobody waits for, when one is due.
func (k *keySet) refreshIfDue(now time.Time) {
	if due := k.refreshAt.Load(); due != 0 && now.Unix() >= due {
		k.fetch()
	}
}

// fetch begins a fetch if none is under way and the last is long enough ago. It returns the one under way, or nil.
func (k *keySet) fetch() <-chan struct{} {
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.flight != nil {
		return k.flight
	}
	now := k.now()
	if since := now.Sub(k.attempted); since >= 0 && since < fetchEvery {
		return nil
	}
	k.attempted = now
	flight := make(chan struct{})
	k.flight = flight
	// It is bound to nobody's request: who gives up must not spoil it for the others.
	go func() {
		keys, err := k.download()
		k.mu.Lock()
		defer k.mu.Unlock()
		if err == nil {
			k.install(keys)
			k.complete = true
			k.refreshAt.Store(now.Add(refreshAfter).Unix())
		} else {
			k.logger.Warn("a JWKS could not be fetched; known keys go on serving", slog.String("url", k.url), slog.Any("err", err))
		}
		k.failure = err
		k.flight = nil
		close(flight)
	}()
	return flight
}

// install replaces the keys, and begins a new generation if they differ from those before.
func (k *keySet) install(keys []jwkset.JWK) {
	ctx := context.Background()
	before, _ := k.KeyReadAll(ctx) // memory can't fail
	same := slices.EqualFunc(before, keys, func(a, b jwkset.JWK) bool {
		return a.Marshal().KID == b.Marshal().KID && a.Key().(*rsa.PublicKey).Equal(b.Key())
	})
	if same {
		return
	}
	_ = k.KeyReplaceAll(ctx, keys) // memory can't fail
	k.generation.Add(1)
}

func (k *keySet) download() ([]jwkset.JWK, error) {
	response, err := k.client.Get(k.url)
	if err != nil {
		return nil, err
	}
	defer response.Body.Close()
	if response.StatusCode != http.StatusOK {
		return nil, fmt.Errorf("%w: status %s", errKeySet, response.Status)
	}
	document, err := io.ReadAll(io.LimitReader(response.Body, maxKeySet+1))
	if err != nil {
		return nil, err
	}
	if len(document) > maxKeySet {
		return nil, fmt.Errorf("%w: more than %d bytes", errKeySet, maxKeySet)
	}
	return parseKeySet(document)
}
