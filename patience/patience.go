// Package patience bounds how long the body of a request may take to come.
//
// A read deadline that is set when nothing of a body is to come does harm: net/http goes on reading then, to notice a
// caller who leaves, takes the deadline for one who left, and cancels the contexts of this request and of all that follow
// on the connection. So none is set then; the one that was set before, net/http lifts at the body's end. It imports
// net/http; its promise: it costs one small allocation a request.
package patience

import (
	"io"
	"net/http"
	"sync"
	"time"
)

// Body is the body of a request, with a time in which it has to come. One may read it while another calls More.
type Body struct {
	io.ReadCloser
	control *http.ResponseController
	within  time.Duration

	mu       sync.Mutex
	came     bool
	extended bool // by More
}

// Limit lets reading the body of a request fail when it has not come within a time. Connections without deadlines, such
// as those of a test's recorder, are as patient as they are.
func Limit(w http.ResponseWriter, r *http.Request, within time.Duration) *Body {
	b := &Body{ReadCloser: r.Body, control: http.NewResponseController(w), within: within, came: r.ContentLength == 0}
	if !b.came {
		_ = b.control.SetReadDeadline(time.Now().Add(within))
		r.Body = b
	}
	return b
}

// Read reads the body.
func (b *Body) Read(p []byte) (int, error) {
	n, err := b.ReadCloser.Read(p)
	if err == io.EOF {
		b.mu.Lock()
		defer b.mu.Unlock()
		b.came = true
		if b.extended { // perhaps after net/http lifted the deadline
			_ = b.control.SetReadDeadline(time.Time{})
		}
	}
	return n, err
}

// More gives what is left of the body as much time again, and the answer twice as much.
func (b *Body) More() {
	b.mu.Lock()
	defer b.mu.Unlock()
	if !b.came {
		b.extended = true
		_ = b.control.SetReadDeadline(time.Now().Add(b.within))
	}
	_ = b.control.SetWriteDeadline(time.Now().Add(2 * b.within))
}
