package live

import (
	"bytes"
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/klauspost/compress/gzip"
	"github.com/klauspost/compress/zstd"
)

// TestAnswersAreCompressedWhereItPays: to clients that take it, from a kilobyte on.
func TestAnswersAreCompressedWhereItPays(t *testing.T) {
	s := serve(t)
	token := s.token("acme", "ADMIN")
	const large = `{ __schema { types { name description fields { name description } } } }`
	_, _, plain := s.send("POST", s.url(), token, "application/json", strings.NewReader(operation(large)), "Accept-Encoding", "identity")
	if !strings.Contains(plain, `"kpiUpdated"`) {
		t.Fatalf("no schema: %.200s", plain)
	}
	unpack := map[string]func(string) (io.Reader, error){
		"":     func(text string) (io.Reader, error) { return strings.NewReader(text), nil },
		"gzip": func(text string) (io.Reader, error) { return gzip.NewReader(strings.NewReader(text)) },
		"zstd": func(text string) (io.Reader, error) { return zstd.NewReader(strings.NewReader(text)) },
	}
	for _, c := range []struct{ query, accepted, coding string }{
		{large, "gzip, deflate, br, zstd", "zstd"},     // browsers
		{large, "gzip, compress, deflate, br", "gzip"}, // n8n
		{large, "br", ""},
		{large, "zstd;q=0", ""},
		{`{ version }`, "gzip, zstd", ""}, // too small
	} {
		_, header, body := s.send("POST", s.url(), token, "application/json", strings.NewReader(operation(c.query)), "Accept-Encoding", c.accepted)
		if got := header.Get("Content-Encoding"); got != c.coding || !strings.Contains(strings.Join(header.Values("Vary"), ","), "Accept-Encoding") {
			t.Errorf("%s for %s: %v", c.accepted, c.query, header)
			continue
		}
		r, err := unpack[c.coding](body)
		if err != nil {
			t.Fatal(err)
		}
		text, err := io.ReadAll(r)
		if err != nil || c.query == large && !bytes.Equal(text, []byte(plain)) {
			t.Errorf("%s: other bytes, %v", c.coding, err)
		}
		if c.coding != "" && len(body) > len(plain)/3 {
			t.Errorf("%s: %d bytes of %d", c.coding, len(body), len(plain))
		}
	}
	if response, err := http.Get("http://" + s.address + "/"); err != nil || !response.Uncompressed {
		t.Errorf("the page is not compressed: %v", err)
	} else {
		response.Body.Close()
	}
}
