package memory

import (
	"net/http"
	"slices"
	"strconv"
)

// recorder holds an answer back until it is whole, or too large to be remembered.
type recorder struct {
	http.ResponseWriter
	release func(*recorder) // before the answer goes out
	limit   int

	status   int
	body     []byte
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
	if !w.released {
		size := len(w.body) + len(p)
		if w.body == nil { // as large as the answer is going to be
			length, _ := strconv.Atoi(w.Header().Get("Content-Length"))
			size = max(size, length)
		}
		if size <= w.limit {
			w.body = append(slices.Grow(w.body, size-len(w.body)), p...)
			return len(p), nil
		}
		if err := w.send(); err != nil {
			return 0, err
		}
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
	if len(w.body) == 0 {
		return nil
	}
	_, err := w.ResponseWriter.Write(w.body)
	return err
}
