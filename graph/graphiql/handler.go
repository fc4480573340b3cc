package graphiql

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"fmt"
	"net/http"
	"path"
	"strings"
)

//go:embed index.html dist
var files embed.FS

// policy allows what the page needs and nothing of any other origin. Its editors set styles of their own.
const policy = "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; " +
	"connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"

// asset is a file as it is sent.
type asset struct {
	kind          string // its Content-Type
	etag          string
	plain, zipped []byte
}

// Handler serves the page at PREFIX and what it loads below PREFIX/, whatever the prefix; mount it at both, such as
// /graphiql and /graphiql/. The page asks the sibling of PREFIX that is called graphql. It fails if the binary was
// built without the page.
func Handler() (http.Handler, error) {
	page, err := load("index.html", "text/html; charset=utf-8")
	if err != nil {
		return nil, err
	}
	assets := map[string]asset{}
	for name, kind := range map[string]string{
		"graphiql.js":  "text/javascript; charset=utf-8",
		"graphiql.css": "text/css; charset=utf-8",
	} {
		if assets[name], err = load("dist/"+name, kind); err != nil {
			return nil, err
		}
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method != http.MethodGet && r.Method != http.MethodHead {
			w.Header().Set("Allow", "GET, HEAD")
			http.Error(w, "use GET", http.StatusMethodNotAllowed)
			return
		}
		if strings.HasSuffix(r.URL.Path, "/") { // the page's links are relative to its path without the slash
			http.Redirect(w, r, "../"+path.Base(r.URL.Path), http.StatusPermanentRedirect)
			return
		}
		if a, ok := assets[path.Base(r.URL.Path)]; ok {
			a.serve(w, r)
			return
		}
		page.serve(w, r)
	}), nil
}

func load(name, kind string) (asset, error) {
	plain, err := files.ReadFile(name)
	if err != nil {
		return asset{}, fmt.Errorf("graphiql: %w", err)
	}
	var zipped bytes.Buffer
	z := gzip.NewWriter(&zipped)
	if _, err := z.Write(plain); err != nil {
		return asset{}, fmt.Errorf("graphiql: %w", err)
	}
	if err := z.Close(); err != nil {
		return asset{}, fmt.Errorf("graphiql: %w", err)
	}
	sum := sha256.Sum256(plain)
	return asset{
		kind:   kind,
		etag:   `W/"` + hex.EncodeToString(sum[:8]) + `"`,
		plain:  plain,
		zipped: zipped.Bytes(),
	}, nil
}

func (a asset) serve(w http.ResponseWriter, r *http.Request) {
	header := w.Header()
	header.Set("Content-Security-Policy", policy)
	header.Set("X-Content-Type-Options", "nosniff")
	header.Set("Referrer-Policy", "no-referrer")
	header.Set("Cache-Control", "no-cache") // kept, and asked for again: the binary may be another
	header.Set("Vary", "Accept-Encoding")
	header.Set("ETag", a.etag)
	if r.Header.Get("If-None-Match") == a.etag {
		w.WriteHeader(http.StatusNotModified)
		return
	}
	header.Set("Content-Type", a.kind)
	body := a.plain
	if strings.Contains(r.Header.Get("Accept-Encoding"), "gzip") {
		header.Set("Content-Encoding", "gzip")
		body = a.zipped
	}
	header.Set("Content-Length", fmt.Sprint(len(body)))
	if r.Method == http.MethodGet {
		_, _ = w.Write(body)
	}
}
