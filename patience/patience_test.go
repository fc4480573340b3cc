package patience_test

import (
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/mykpi/mykpi/patience"
)

// A request that is worked on for longer than its body was given is not taken for one whose caller left, nor is any that
// follows on its connection.
func TestABodyThatCame(t *testing.T) {
	const within = 20 * time.Millisecond
	var seen []error
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body := patience.Limit(w, r, within)
		if _, err := io.ReadAll(r.Body); err != nil {
			t.Error(err)
		}
		body.More()
		if err := http.NewResponseController(w).SetWriteDeadline(time.Time{}); err != nil { // which is not what this is about
			t.Error(err)
		}
		select {
		case <-r.Context().Done():
		case <-time.After(5 * within):
		}
		seen = append(seen, context.Cause(r.Context()))
	}))
	defer server.Close()
	for range 2 {
		for _, body := range []io.Reader{strings.NewReader("a body"), nil, struct{ io.Reader }{strings.NewReader("in chunks")}} {
			response, err := http.Post(server.URL, "text/plain", body)
			if err != nil {
				t.Fatal(err)
			}
			io.Copy(io.Discard, response.Body)
			response.Body.Close()
		}
	}
	for i, err := range seen {
		if err != nil {
			t.Errorf("request %d was given up: %v", i, err)
		}
	}
	if len(seen) != 6 {
		t.Errorf("%d requests came, want 6", len(seen))
	}
}

func TestABodyThatDoesNotCome(t *testing.T) {
	failed := make(chan error, 1)
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		patience.Limit(w, r, 20*time.Millisecond)
		_, err := io.ReadAll(r.Body)
		failed <- err
	}))
	defer server.Close()
	body, rest := io.Pipe()
	defer rest.Close()
	go http.Post(server.URL, "text/plain", body)
	if _, err := io.WriteString(rest, "the beginning"); err != nil {
		t.Fatal(err)
	}
	if err := <-failed; err == nil {
		t.Error("the server waited for a body that does not come, and found nothing wrong with it")
	}
}
