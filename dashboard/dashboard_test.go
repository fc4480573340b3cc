package dashboard

import (
	"compress/gzip"
	"crypto/sha256"
	"encoding/base64"
	"io"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
	"testing"
)

func get(t *testing.T, h http.Handler, path string, header ...string) *http.Response {
	t.Helper()
	r := httptest.NewRequest(http.MethodGet, path, nil)
	for i := 0; i < len(header); i += 2 {
		r.Header.Set(header[i], header[i+1])
	}
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w.Result()
}

func body(t *testing.T, r *http.Response) string {
	t.Helper()
	b, err := io.ReadAll(r.Body)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

func handler(t *testing.T, o Options) http.Handler {
	t.Helper()
	h, err := Handler(o)
	if err != nil {
		t.Fatal(err)
	}
	return h
}

func TestPaths(t *testing.T) {
	h := handler(t, Options{})
	for path, status := range map[string]int{
		"/": 200, "/charts/revenue": 200, "/charts/revenue/edit": 200, "/new": 200, "/settings": 200, "/archived": 200, "/data": 200, "/templates": 200, "/signed-in": 200,
		"/icon.png": 200, "/icon.svg": 200, "/site.webmanifest": 200,
		"/charts/": 404, "/charts/Revenue": 404, "/index.html": 404, "/assets/": 404, "/assets/missing.js": 404, "/nothing": 404, "/../dashboard.go": 404, "//evil.example/": 404,
	} {
		if got := get(t, h, path).StatusCode; got != status {
			t.Errorf("%s: %d, want %d", path, got, status)
		}
	}
	w := httptest.NewRecorder()
	h.ServeHTTP(w, httptest.NewRequest(http.MethodPost, "/", nil))
	if w.Code != http.StatusMethodNotAllowed || w.Header().Get("Allow") == "" {
		t.Errorf("POST: %d, Allow %q", w.Code, w.Header().Get("Allow"))
	}
}

func TestPageIsGuardedAndNeverOld(t *testing.T) {
	page := get(t, handler(t, Options{}), "/")
	policy := page.Header.Get("Content-Security-Policy")
	for _, want := range []string{"default-src 'none'", "script-src 'self' 'sha256-", "worker-src data:;", "style-src 'self'", "connect-src 'self';", "frame-ancestors 'none'", "base-uri 'none'"} {
		if !strings.Contains(policy, want) {
			t.Errorf("the policy lacks %s: %s", want, policy)
		}
	}
	if strings.Contains(policy, "unsafe") {
		t.Errorf("the policy is loose: %s", policy)
	}
	if got := page.Header.Get("Cache-Control"); got != "no-cache" {
		t.Errorf("Cache-Control %q", got)
	}
	etag := page.Header.Get("ETag")
	if etag == "" {
		t.Fatal("no ETag")
	}
	if got := get(t, handler(t, Options{}), "/", "If-None-Match", etag).StatusCode; got != http.StatusNotModified {
		t.Errorf("asked again: %d", got)
	}
	text := body(t, page)
	inline := regexp.MustCompile(`(?s)<(script|style)[^>]*>(.+?)</(?:script|style)>`).FindAllStringSubmatch(text, -1)
	if len(inline) != 3 {
		t.Errorf("the page holds %d scripts and styles, want the early script, the styles and the page's own script", len(inline))
	}
	for _, element := range inline {
		sum := sha256.Sum256([]byte(element[2]))
		if want := "'sha256-" + base64.StdEncoding.EncodeToString(sum[:]) + "'"; !strings.Contains(policy, want) {
			t.Errorf("the policy does not name %s, which is a %s", want, element[1])
		}
	}
	if attribute := regexp.MustCompile(`<[^<>]+ (on[a-z]+|style)=`).FindString(text); attribute != "" {
		t.Errorf("the page has something inline that the policy does not let in: %s", attribute)
	}
}

func TestAssetsAreKeptForEverAndCompressed(t *testing.T) {
	h := handler(t, Options{})
	name := regexp.MustCompile(`/assets/ChartPage-[\w-]+\.js`).FindString(body(t, get(t, h, "/")))
	if name == "" {
		t.Fatal("the page names no script of charts")
	}
	plain := get(t, h, name)
	zipped := get(t, h, name, "Accept-Encoding", "br, gzip;q=0.8")
	for _, r := range []*http.Response{plain, zipped} {
		if got := r.Header.Get("Cache-Control"); !strings.Contains(got, "immutable") {
			t.Errorf("Cache-Control %q", got)
		}
		if got := r.Header.Get("Content-Type"); got != "text/javascript; charset=utf-8" {
			t.Errorf("Content-Type %q", got)
		}
	}
	if zipped.Header.Get("Content-Encoding") != "gzip" || zipped.Header.Get("ETag") == plain.Header.Get("ETag") {
		t.Errorf("not compressed, or one ETag for two encodings: %v", zipped.Header)
	}
	unzip, err := gzip.NewReader(zipped.Body)
	if err != nil {
		t.Fatal(err)
	}
	b, err := io.ReadAll(unzip)
	if err != nil || string(b) != body(t, plain) {
		t.Errorf("compressed is another text: %v", err)
	}
	if got := get(t, h, name, "Accept-Encoding", "gzip;q=0").Header.Get("Content-Encoding"); got != "" {
		t.Errorf("gzip;q=0 got %q", got)
	}
}

func TestCognito(t *testing.T) {
	h := handler(t, Options{Cognito: &Cognito{Domain: "acme.auth.eu-west-1.amazoncognito.com", ClientID: `c"<1`}})
	page := get(t, h, "/")
	if policy := page.Header.Get("Content-Security-Policy"); !strings.Contains(policy, "connect-src 'self' https://acme.auth.eu-west-1.amazoncognito.com;") {
		t.Errorf("policy %s", policy)
	}
	const want = `content="{&#34;cognito&#34;:{&#34;domain&#34;:&#34;acme.auth.eu-west-1.amazoncognito.com&#34;,&#34;clientId&#34;:&#34;c\&#34;\u003c1&#34;,&#34;scopes&#34;:[&#34;openid&#34;,&#34;email&#34;]}}"`
	if text := body(t, page); !strings.Contains(text, want) {
		t.Errorf("the page is not told: %s", text)
	}
	for _, bad := range []Cognito{{}, {Domain: "https://x", ClientID: "c"}, {Domain: "x; script-src *", ClientID: "c"}, {Domain: "x"}} {
		if _, err := Handler(Options{Cognito: &bad}); err == nil {
			t.Errorf("%+v was taken", bad)
		}
	}
}

func TestDevelopmentLink(t *testing.T) {
	if got := DevelopmentLink("http://127.0.0.1:8080/", "a.b.c"); got != "http://127.0.0.1:8080/#token=a.b.c" {
		t.Error(got)
	}
}
