package ingest_test

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"maps"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/mykpi/mykpi/charts"
	"github.com/mykpi/mykpi/ingest/source"
)

var stripeCharge = source.DefaultMapping(source.Stripe)

func (s *station) source(k source.Kind, m source.Mapping, secret string) (*source.Source, string) {
	s.t.Helper()
	made, key, err := s.sources.CreateSource(s.t.Context(), s.acme, source.Create{Name: "A source", Kind: k, Chart: charts.Ref{Key: "revenue"}, Mapping: m, Secret: secret})
	if err != nil {
		s.t.Fatal(err)
	}
	return made, key
}

func mac(key []byte, text string) []byte {
	m := hmac.New(sha256.New, key)
	m.Write([]byte(text))
	return m.Sum(nil)
}

func stripeSignature(secret, body string, at time.Time) string {
	return fmt.Sprintf("t=%d,v1=%s,v0=00", at.Unix(), hex.EncodeToString(mac([]byte(secret), fmt.Sprintf("%d.%s", at.Unix(), body))))
}

func standardHeaders(secret, id, body string, at time.Time) []string {
	key, err := base64.StdEncoding.DecodeString(strings.TrimPrefix(secret, "whsec_"))
	if err != nil {
		panic(err)
	}
	signature := "v1," + base64.StdEncoding.EncodeToString(mac(key, fmt.Sprintf("%s.%d.%s", id, at.Unix(), body)))
	return []string{"Authorization", "", "webhook-id", id, "webhook-timestamp", fmt.Sprint(at.Unix()), "webhook-signature", "v1a,AAAA " + signature}
}

func charge(id string, amount int, currency string, created time.Time) string {
	return fmt.Sprintf(`{"id":%q,"object":"event","type":"charge.succeeded","created":%d,"data":{"object":{"id":"ch_1","amount":%d,"currency":%q}}}`, id, created.Unix(), amount, currency)
}

func TestStripe(t *testing.T) {
	engines(t, func(t *testing.T, newStation opener) {
		s := newStation(t)
		made, secret := s.source(source.Stripe, stripeCharge, "whsec_of_stripes_own_making")
		send := func(body, signature string) answer {
			return s.post("/webhooks/sources/"+made.ID, body, "Authorization", "", "Stripe-Signature", signature)
		}
		at := now.Add(-time.Hour)
		eur := charge("evt_1", 1999, "eur", at)
		if a := send(eur, stripeSignature(secret, eur, now)); a.status != 200 || a.counts() != [4]int{1} {
			t.Fatalf("%d %s", a.status, a.body)
		}
		// Stripe delivers at least once, signed anew each time.
		if a := send(eur, stripeSignature(secret, eur, now.Add(time.Minute))); a.status != 200 || len(s.points("revenue")) != 1 {
			t.Errorf("delivered again: %d %s", a.status, a.body)
		}
		yen := charge("evt_2", 500, "jpy", at)
		send(yen, stripeSignature(secret, yen, now))
		refund := strings.Replace(charge("evt_3", 1999, "eur", at), "charge.succeeded", "charge.refunded", 1)
		if a := send(refund, stripeSignature(secret, refund, now)); a.status != 200 || a.counts() != [4]int{} {
			t.Errorf("an event that is passed over: %d %s", a.status, a.body)
		}
		broken := `{"id":"evt_4","type":"charge.succeeded","created":1,"data":{}}`
		if a := send(broken, stripeSignature(secret, broken, now)); a.status != 200 || len(a.Rejected) != 1 || !strings.Contains(a.Rejected[0].Message, "no such key: object") || len(s.rejected()) != 1 {
			t.Errorf("a payload that can't be mapped: %d %s", a.status, a.body)
		}
		if got := s.points("revenue"); !maps.Equal(got, map[string]string{"evt_1": "19.99", "evt_2": "500"}) {
			t.Errorf("the points are %v", got)
		}
		for name, signature := range map[string]string{
			"none":           "",
			"another body":   stripeSignature(secret, yen, now),
			"another key":    stripeSignature("whsec_another_one_altogether", eur, now),
			"too old":        stripeSignature(secret, eur, now.Add(-301*time.Second)),
			"too new":        stripeSignature(secret, eur, now.Add(302*time.Second)),
			"no time":        strings.TrimPrefix(stripeSignature(secret, eur, now), "t="),
			"an empty v1":    fmt.Sprintf("t=%d,v1=", now.Unix()),
			"nothing at all": ",,=,",
		} {
			if a := send(eur, signature); a.status != 401 || a.Errors[0].Extensions.Code != "UNAUTHENTICATED" || strings.Contains(a.body, secret) {
				t.Errorf("%s: %d %s", name, a.status, a.body)
			}
		}
		if listed, err := s.sources.Sources(t.Context(), s.acme.Tenant()); err != nil || len(listed) != 1 || listed[0].LastReceivedAt == nil {
			t.Errorf("%v, %v: the source was heard of", listed, err)
		}
	})
}

func TestStandardWebhooks(t *testing.T) {
	engines(t, func(t *testing.T, newStation opener) {
		s := newStation(t)
		made, secret := s.source(source.StandardWebhooks, source.Mapping{Value: "body.total", Key: "body.customer"}, "")
		path := "/webhooks/sources/" + made.ID
		first, second := `{"total": 5, "customer": "ana"}`, `{"total": 6, "customer": "ana"}`
		if a := s.post(path, first, standardHeaders(secret, "msg_1", first, now)...); a.status != 200 || a.Recorded != 1 {
			t.Fatalf("%d %s", a.status, a.body)
		}
		s.post(path, second, standardHeaders(secret, "msg_2", second, now)...)
		// A replay is the same message, and must not put the older figure back.
		if a := s.post(path, first, standardHeaders(secret, "msg_1", first, now)...); a.status != 200 || s.points("revenue")["ana"] != "6" {
			t.Errorf("a replay: %d %s, %v", a.status, a.body, s.points("revenue"))
		}
		if a := s.post(path, first, standardHeaders(secret, "msg_2", first, now)...); a.status != 422 {
			t.Errorf("another body under the same ID: %d %s", a.status, a.body)
		}
		for _, late := range []time.Duration{-301 * time.Second, 302 * time.Second} {
			if a := s.post(path, first, standardHeaders(secret, "msg_3", first, now.Add(late))...); a.status != 401 {
				t.Errorf("%s from now: %d %s", late, a.status, a.body)
			}
		}
		if a := s.post(path, second, standardHeaders(secret, "msg_4", first, now)...); a.status != 401 {
			t.Errorf("the signature of another body: %d %s", a.status, a.body)
		}
		// Two secrets hold at once after a rotation; the third makes the first go.
		_, next, err := s.sources.RotateSecret(t.Context(), s.acme, made.ID, "")
		if err != nil {
			t.Fatal(err)
		}
		for i, key := range []string{secret, next} {
			if a := s.post(path, first, standardHeaders(key, fmt.Sprint("msg_r", i), first, now)...); a.status != 200 {
				t.Errorf("secret %d after a rotation: %d %s", i, a.status, a.body)
			}
		}
		if _, _, err := s.sources.RotateSecret(t.Context(), s.acme, made.ID, ""); err != nil {
			t.Fatal(err)
		}
		if a := s.post(path, first, standardHeaders(secret, "msg_5", first, now)...); a.status != 401 {
			t.Errorf("a secret that was replaced twice: %d %s", a.status, a.body)
		}
		if found, err := s.sources.Source(t.Context(), s.acme.Tenant(), made.ID); err != nil || len(found.Secrets(now.Add(25*time.Hour))) != 1 {
			t.Errorf("%v: the replaced secret holds for longer than a day", err)
		}
		if err := s.sources.Delete(t.Context(), s.acme, made.ID); err != nil {
			t.Fatal(err)
		}
		if a := s.post(path, first, standardHeaders(next, "msg_6", first, now)...); a.status != 404 {
			t.Errorf("a deleted source: %d %s", a.status, a.body)
		}
	})
}

func TestGenericJSON(t *testing.T) {
	engines(t, func(t *testing.T, newStation opener) {
		s := newStation(t)
		made, secret := s.source(source.GenericJSON, source.Mapping{Value: `double(body.eur) * 2.0`, Key: `headers["x-order"]`}, "")
		path := "/webhooks/sources/" + made.ID
		if a := s.post(path, `{"eur":"1.15"}`, "Authorization", "Bearer "+secret, "X-Order", "o-1"); a.Recorded != 1 || s.points("revenue")["o-1"] != "2.3" {
			t.Errorf("%d %s %v", a.status, a.body, s.points("revenue"))
		}
		if a := s.post(path, `{"eur":"1.15"}`, "Authorization", "", "X-Webhook-Secret", secret, "X-Order", "o-2"); a.Recorded != 1 {
			t.Errorf("%d %s", a.status, a.body)
		}
		if a := s.post(path, `{"eur":"1.15"}`, "Authorization", "bearer "+secret, "X-Order", "o-3"); a.Recorded != 1 {
			t.Errorf("a scheme in small letters: %s", a.body)
		}
		for _, wrong := range []string{"", "Bearer ", "Bearer " + acmeKey, "Bearer " + secret + "x"} {
			if a := s.post(path, `{"eur":"1"}`, "Authorization", wrong); a.status != 401 {
				t.Errorf("%q: %d %s", wrong, a.status, a.body)
			}
		}
		// A source that is not there, and one of another tenant's making under this tenant's name.
		for _, id := range []string{"src_", "src_x_y", made.ID + "0", strings.Replace(made.ID, "src_", "src_0", 1)} {
			if a := s.post("/webhooks/sources/"+id, `{}`, "Authorization", "Bearer "+secret); a.status != http.StatusNotFound {
				t.Errorf("%s: %d %s", id, a.status, a.body)
			}
		}
	})
}

// A payload that costs too much to map is a refused point, and not an answer that has its sender try again for ever.
func TestCostlyMapping(t *testing.T) {
	s := newStation(t)
	made, secret := s.source(source.GenericJSON, source.Mapping{Value: `size(body.items.filter(i, i > 0))`}, "")
	body := `{"items": [` + strings.Repeat("1,", 10_000) + `1]}`
	a := s.post("/webhooks/sources/"+made.ID, body, "Authorization", "Bearer "+secret)
	for a.status == http.StatusServiceUnavailable { // a busy machine, which says so
		a = s.post("/webhooks/sources/"+made.ID, body, "Authorization", "Bearer "+secret)
	}
	if a.status != 200 || len(a.Rejected) != 1 || !strings.HasPrefix(a.Rejected[0].Message, "mapping.value: takes too many steps") || len(s.rejected()) != 1 {
		t.Errorf("%d %s", a.status, a.body)
	}
}

func TestTestSource(t *testing.T) {
	s := newStation(t)
	made, _ := s.source(source.Stripe, stripeCharge, "")
	in, err := s.sources.Test(t.Context(), s.acme.Tenant(), made.ID, []byte(charge("evt_9", 100, "kwd", now)))
	if err != nil || len(in) != 1 || in[0].Invalid != nil || in[0].Value.String() != "0.1" || *in[0].Key != "evt_9" {
		t.Errorf("%+v, %v", in, err)
	}
	if len(s.points("revenue")) != 0 {
		t.Error("a test recorded something")
	}
	if _, err := s.sources.Test(t.Context(), identity("other").Tenant(), made.ID, []byte(`{}`)); err == nil || !strings.Contains(err.Error(), "no such source") {
		t.Errorf("another tenant's source: %v", err)
	}
}

func FuzzSignature(f *testing.F) {
	f.Add("t=1,v1=00", "id", "1", "v1,AAAA")
	f.Fuzz(func(t *testing.T, stripe, id, at, signature string) {
		header := http.Header{"Stripe-Signature": {stripe}, "Webhook-Id": {id}, "Webhook-Timestamp": {at}, "Webhook-Signature": {signature}}
		for _, k := range []source.Kind{source.Stripe, source.StandardWebhooks, source.GenericJSON} {
			if ingestVerify(k, header) == nil {
				t.Fatalf("%s: a signature was forged: %v", k, header)
			}
		}
	})
}
