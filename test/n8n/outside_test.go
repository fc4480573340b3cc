//go:build n8n

package n8n

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/json"
	"encoding/pem"
	"fmt"
	"io"
	"math/big"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"
)

// What the stand-ins ask of those who call them.
const (
	stripeKey   = "sk_test_of_the_stand_in"
	googleToken = "ya29.of_the_stand_in"
)

// outside is the world that n8n sees: a proxy, behind which every host is a handler of ours.
type outside struct {
	t         *testing.T
	proxy     *httptest.Server
	secure    *httptest.Server
	authority string // the file of the certificate that signs every host's

	mu      sync.Mutex
	rows    [][]any // of the sheet
	figures []figure
	asked   map[string]int // requests by host
	// webhook is where Stripe was told to send events, "" before that.
	webhook chan string
}

// figure is what the shop's own API answers a list of.
type figure struct {
	ID    string  `json:"id"`
	At    string  `json:"at"`
	Value float64 `json:"value"`
}

func newOutside(t *testing.T) *outside {
	t.Helper()
	o := &outside{t: t, asked: map[string]int{}, webhook: make(chan string, 10)}
	signer, signerKey := o.certificate(nil, nil, "MyKPI's test")
	o.authority = filepath.Join(t.TempDir(), "authority.pem")
	if err := os.WriteFile(o.authority, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: signer.Raw}), 0o600); err != nil {
		t.Fatal(err)
	}
	hosts := map[string]http.Handler{"api.stripe.com": o.stripe(), "sheets.googleapis.com": o.google(), "figures.example": http.HandlerFunc(o.shop)}
	o.secure = httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		o.mu.Lock()
		o.asked[r.Host]++
		o.mu.Unlock()
		hosts[r.Host].ServeHTTP(w, r)
	}))
	o.secure.TLS = &tls.Config{GetCertificate: func(hello *tls.ClientHelloInfo) (*tls.Certificate, error) {
		made, key := o.certificate(signer, signerKey, hello.ServerName)
		return &tls.Certificate{Certificate: [][]byte{made.Raw}, PrivateKey: key}, nil
	}}
	o.secure.StartTLS()
	o.proxy = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		host, _, _ := net.SplitHostPort(r.Host)
		if r.Method != http.MethodConnect || hosts[host] == nil {
			o.t.Errorf("n8n calls %s %s, which is not ours to answer", r.Method, r.Host)
			http.Error(w, "not here", http.StatusForbidden)
			return
		}
		o.tunnel(w)
	}))
	t.Cleanup(o.proxy.Close)
	t.Cleanup(o.secure.Close)
	return o
}

// certificate makes one for a host, signed by another, or by itself.
func (o *outside) certificate(signer *x509.Certificate, signerKey *ecdsa.PrivateKey, name string) (*x509.Certificate, *ecdsa.PrivateKey) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		o.t.Fatal(err)
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(time.Now().UnixNano()), Subject: pkix.Name{CommonName: name}, DNSNames: []string{name},
		NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(24 * time.Hour),
	}
	if signer == nil {
		template.IsCA, template.BasicConstraintsValid, template.KeyUsage, template.DNSNames = true, true, x509.KeyUsageCertSign, nil
		signer, signerKey = template, key
	}
	raw, err := x509.CreateCertificate(rand.Reader, template, signer, &key.PublicKey, signerKey)
	if err != nil {
		o.t.Fatal(err)
	}
	made, err := x509.ParseCertificate(raw)
	if err != nil {
		o.t.Fatal(err)
	}
	return made, key
}

// tunnel connects a caller of the proxy with the stand-ins.
func (o *outside) tunnel(w http.ResponseWriter) {
	behind, err := net.Dial("tcp", o.secure.Listener.Addr().String())
	if err != nil {
		http.Error(w, err.Error(), http.StatusBadGateway)
		return
	}
	defer behind.Close()
	caller, _, err := http.NewResponseController(w).Hijack()
	if err != nil {
		o.t.Error(err)
		return
	}
	defer caller.Close()
	if _, err := io.WriteString(caller, "HTTP/1.1 200 Connection established\r\n\r\n"); err != nil {
		return // it has gone
	}
	go func() {
		_, _ = io.Copy(behind, caller) // ends with either connection
		behind.Close()
	}()
	_, _ = io.Copy(caller, behind)
}

// only lets through who shows the credential, and fails the test at a path that there is not.
func (o *outside) only(bearer string, next *http.ServeMux) http.Handler {
	next.HandleFunc("/", func(w http.ResponseWriter, r *http.Request) {
		o.t.Errorf("n8n asks %s for %s %s", r.Host, r.Method, r.RequestURI)
		http.NotFound(w, r)
	})
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Header.Get("Authorization") != "Bearer "+bearer {
			http.Error(w, `{"error":{"message":"no"}}`, http.StatusUnauthorized)
			return
		}
		next.ServeHTTP(w, r)
	})
}

func answer(w http.ResponseWriter, v any) {
	w.Header().Set("Content-Type", "application/json")
	_ = json.NewEncoder(w).Encode(v)
}

// stripe has two pages of subscriptions, and takes webhook endpoints.
func (o *outside) stripe() http.Handler {
	subscription := func(id string, amount, quantity int, interval string, count int) map[string]any {
		return map[string]any{"id": id, "object": "subscription", "items": map[string]any{"data": []any{map[string]any{
			"quantity": quantity,
			"price":    map[string]any{"currency": "eur", "unit_amount": amount, "recurring": map[string]any{"interval": interval, "interval_count": count}},
		}}}}
	}
	mux := http.NewServeMux()
	mux.HandleFunc("GET /v1/subscriptions", func(w http.ResponseWriter, r *http.Request) {
		q := r.URL.Query()
		if q.Get("status") != "active" || q.Get("limit") != "100" {
			o.t.Errorf("Stripe is asked for %v", q)
		}
		if q.Get("starting_after") == "" {
			answer(w, map[string]any{"object": "list", "has_more": true, "data": []any{subscription("sub_1", 1000, 3, "month", 1), subscription("sub_2", 12000, 1, "year", 1)}})
			return
		}
		if q.Get("starting_after") != "sub_2" {
			o.t.Errorf("the second page of subscriptions is asked for as %v", q)
		}
		answer(w, map[string]any{"object": "list", "has_more": false, "data": []any{subscription("sub_3", 2999, 1, "month", 3)}})
	})
	mux.HandleFunc("POST /v1/webhook_endpoints", func(w http.ResponseWriter, r *http.Request) {
		if err := r.ParseForm(); err != nil || r.Form.Get("enabled_events[0]") != "charge.succeeded" {
			o.t.Errorf("an endpoint is made with %v, %v", r.Form, err)
		}
		o.webhook <- r.Form.Get("url")
		answer(w, map[string]any{"id": "we_1", "object": "webhook_endpoint", "status": "enabled", "secret": "whsec_of_the_stand_in", "enabled_events": []string{"charge.succeeded"}})
	})
	mux.HandleFunc("/v1/webhook_endpoints/we_1", func(w http.ResponseWriter, r *http.Request) {
		answer(w, map[string]any{"id": "we_1", "object": "webhook_endpoint", "status": "enabled", "deleted": r.Method == http.MethodDelete})
	})
	return o.only(stripeKey, mux)
}

// google has one spreadsheet with one sheet.
func (o *outside) google() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /v4/spreadsheets/{id}", func(w http.ResponseWriter, r *http.Request) {
		answer(w, map[string]any{"sheets": []any{map[string]any{"properties": map[string]any{
			"sheetId": 0, "title": "Sheet1", "index": 0, "sheetType": "GRID", "gridProperties": map[string]any{"rowCount": 1000, "columnCount": 26},
		}}}})
	})
	mux.HandleFunc("GET /v4/spreadsheets/{id}/values/{range}", func(w http.ResponseWriter, r *http.Request) {
		if !strings.Contains(r.PathValue("range"), "Sheet1") {
			o.t.Errorf("the sheet is asked for %s", r.PathValue("range"))
		}
		o.mu.Lock()
		defer o.mu.Unlock()
		answer(w, map[string]any{"range": "Sheet1!A1:Z1000", "majorDimension": "ROWS", "values": o.rows})
	})
	return o.only(googleToken, mux)
}

// shop answers a list of figures.
func (o *outside) shop(w http.ResponseWriter, r *http.Request) {
	o.mu.Lock()
	defer o.mu.Unlock()
	answer(w, o.figures)
}

// set changes what the stand-ins say.
func (o *outside) set(change func(*outside)) {
	o.mu.Lock()
	defer o.mu.Unlock()
	change(o)
}

// wasAsked fails the test unless a host was.
func (o *outside) wasAsked(host string) {
	o.t.Helper()
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.asked[host] == 0 {
		o.t.Errorf("nobody asked %s", host)
	}
}

// charge is an event as Stripe sends it.
func charge(id string, amount int, currency string) string {
	return fmt.Sprintf(`{"id":%q,"object":"event","type":"charge.succeeded","created":%d,"data":{"object":{"id":"ch_1","object":"charge","amount":%d,"currency":%q}}}`,
		id, time.Now().Add(-time.Minute).Unix(), amount, currency)
}
