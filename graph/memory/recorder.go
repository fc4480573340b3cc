package memory

import (
	"bytes"
	"net/http"
	"strconv"
)

// recorder holds an answer back until it is whole, or too large to be remembered.
type recorder struct {
	http.ResponseWriter
	release func(*recorder) // before the answer goes out
	limit   int

	status   int
	body     *bytes.Buffer // nil where nothing is to be recorded
	released bool
}

// Unwrap lets http.ResponseController find what the connection can do.
func (w *recorder) Unwrap() http.ResponseWriter { return w.ResponseWriter }

// WriteHeader implements http.ResponseWriter.
func (w *recorder) WriteHeader(status int) {
	if w.status == 0 {
		w.status = status
	}
}

// Write implements http.ResponseWriter.
func (w *recorder) Write(p []byte) (int, error) {
	if w.status == 0 {
		w.status = http.StatusOK
	}
	if w.released {
		return w.ResponseWriter.Write(p)
	}
	if w.body != nil {
		size := w.body.Len() + len(p)
		if w.body.Len() == 0 { // as large as the answer is going to be
			length, _ := strconv.Atoi(w.Header().Get("Content-Length"))
			size = max(size, length)
		}
		if size <= w.limit {
			w.body.Grow(size - w.body.Len())
			return w.body.Write(p)
		}
	}
	if err := w.send(); err != nil {
		return 0, err
	}
	return w.ResponseWriter.Write(p)
}

// send lets go what was held back. From then on the answer passes.
func (w *recorder) send() error {
	w.released = true
	w.release(w)
	if w.status != 0 {
		w.ResponseWriter.WriteHeader(w.status)
	}
	if w.body == nil || w.body.Len() == 0 {
		return nil
	}
	_, err := w.ResponseWriter.Write(w.body.Bytes())
	return err
}

const maxPooled = 1 << 20 // bytes of a buffer that is used again

// take hands over what was recorded, unless most of its memory would be of no use: then it is a copy.
func (w *recorder) take() []byte {
	body := w.body.Bytes()
	if cap(body) > 2*len(body)+overhead {
		return bytes.Clone(body)
	}
	w.body = nil
	return body
}

// forget ends the use of what was recorded.
func (w *recorder) forget() {
	if w.body != nil && w.body.Cap() <= maxPooled {
		w.body.Reset()
		bodies.Put(w.body)
	}
}
