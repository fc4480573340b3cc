package graphiql

import (
	"bytes"
	"io"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
	"testing"
)

func serve(t *testing.T) *httptest.Server {
	t.Helper()
	h, err := Handler()
	if err != nil {
		t.Fatal(err)
	}
	mux := http.NewServeMux()
	mux.Handle("/graphiql", h)
	mux.Handle("/graphiql/", h)
	server := httptest.NewServer(mux)
	t.Cleanup(server.Close)
	return server
}

func get(t *testing.T, url string) (*http.Response, string) {
	t.Helper()
	response, err := http.Get(url)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	return response, string(body)
}

func TestThePageLoadsWhatItLinks(t *testing.T) {
	server := serve(t)
	for _, at := range []string{"/graphiql", "/graphiql/"} {
		response, page := get(t, server.URL+at)
		if response.StatusCode != http.StatusOK || response.Header.Get("Content-Type") != "text/html; charset=utf-8" || response.Request.URL.Path != "/graphiql" {
			t.Fatalf("%s: %s at %s", at, response.Status, response.Request.URL)
		}
		links := regexp.MustCompile(`(?:src|href)="(graphiql/[^"]+)"`).FindAllStringSubmatch(page, -1)
		if len(links) != 2 {
			t.Fatalf("links %v", links)
		}
		for _, link := range links {
			response, body := get(t, server.URL+"/"+link[1])
			kind := response.Header.Get("Content-Type")
			if response.StatusCode != http.StatusOK || len(body) < 1000 || strings.HasPrefix(kind, "text/html") {
				t.Errorf("%s: %s, %s, %d bytes", link[1], response.Status, kind, len(body))
			}
		}
	}
}

// What the page is made of asks nobody else: no font, script or style of another origin.
func TestNothingComesFromElsewhere(t *testing.T) {
	elsewhere := regexp.MustCompile(`(?i)(?:url\(|@import\s*|src=|<link[^>]+href=)["']?(?:https?:)?//[^"')]*`)
	for _, name := range []string{"index.html", "dist/graphiql.css"} {
		text, err := files.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		if found := elsewhere.Find(text); found != nil {
			t.Errorf("%s asks for %s", name, found)
		}
	}
	response, _ := get(t, serve(t).URL+"/graphiql")
	if got := response.Header.Get("Content-Security-Policy"); got != policy || strings.Contains(got, "//") {
		t.Errorf("policy %q", got)
	}
}

func TestItIsSmall(t *testing.T) {
	size := 0
	for _, name := range []string{"index.html", "dist/graphiql.js", "dist/graphiql.css"} {
		text, err := files.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		size += len(text)
	}
	if size > 1_500_000 {
		t.Errorf("%d bytes in the binary", size)
	}
}

func TestEncodingsAndCaches(t *testing.T) {
	server := serve(t)
	ask := func(method, header, value string) (*http.Response, []byte) {
		t.Helper()
		request, err := http.NewRequest(method, server.URL+"/graphiql/graphiql.js", nil)
		if err != nil {
			t.Fatal(err)
		}
		request.Header.Set(header, value)
		response, err := (&http.Transport{DisableCompression: true}).RoundTrip(request)
		if err != nil {
			t.Fatal(err)
		}
		defer response.Body.Close()
		body, err := io.ReadAll(response.Body)
		if err != nil {
			t.Fatal(err)
		}
		return response, body
	}
	want, err := files.ReadFile("dist/graphiql.js")
	if err != nil {
		t.Fatal(err)
	}
	response, plain := ask(http.MethodGet, "Accept-Encoding", "identity")
	if !bytes.Equal(plain, want) || response.Header.Get("Content-Encoding") != "" {
		t.Error("plain text came otherwise")
	}
	etag := response.Header.Get("ETag")
	response, zipped := ask(http.MethodGet, "Accept-Encoding", "gzip, br")
	if response.Header.Get("Content-Encoding") != "gzip" || len(zipped)*2 > len(want) {
		t.Errorf("gzip came as %q, %d bytes", response.Header.Get("Content-Encoding"), len(zipped))
	}
	if response, body := ask(http.MethodGet, "If-None-Match", etag); response.StatusCode != http.StatusNotModified || len(body) != 0 {
		t.Errorf("known, and sent again: %s", response.Status)
	}
	if response, body := ask(http.MethodHead, "Accept", "*/*"); response.StatusCode != http.StatusOK || len(body) != 0 {
		t.Errorf("HEAD: %s", response.Status)
	}
	if response, _ := ask(http.MethodPost, "Accept", "*/*"); response.StatusCode != http.StatusMethodNotAllowed || response.Header.Get("Allow") != "GET, HEAD" {
		t.Errorf("POST: %s", response.Status)
	}
}
