// Package onewrite has the header and the body of a large answer go out by one call of the system.
//
// net/http gathers what is written in 4 KiB and has no setting for that: the first 4 KiB of an answer that is larger, the
// header among them, are a write and a packet of their own, and wake the client for nothing. It imports the standard library
// alone. Its promises: the bytes of a connection are those that net/http writes, in their order; nothing is held back when
// Write has returned; and a connection that is none of ours is written as ever.
package onewrite

import (
	"cmp"
	"context"
	"net"
	"net/http"
	"sync"
)

// Listener has the connections that a listener accepts joined. It goes with ConnContext.
func Listener(l net.Listener) net.Listener { return listener{l} }

type listener struct{ net.Listener }

func (l listener) Accept() (net.Conn, error) {
	c, err := l.Listener.Accept()
	if tcp, ok := c.(*net.TCPConn); ok {
		return &conn{TCPConn: tcp}, nil
	}
	return c, err
}

type connKey struct{}

// ConnContext is that of an http.Server: Write finds the connection by it.
func ConnContext(ctx context.Context, c net.Conn) context.Context {
	if c, ok := c.(*conn); ok {
		return context.WithValue(ctx, connKey{}, c)
	}
	return ctx
}

const (
	buffered = 4 << 10      // bytes that net/http gathers
	large    = 2 * buffered // so much that more than a buffer is left behind the first write, which net/http passes on in one piece
)

// Write writes the parts of a body, the last of which is most of it. Nobody else may write to w meanwhile.
func Write(w http.ResponseWriter, r *http.Request, parts ...[]byte) (err error) {
	if n := len(parts); n > 0 && len(parts[n-1]) >= large {
		if c, ok := r.Context().Value(connKey{}).(*conn); ok {
			c.hold()
			defer func() { err = cmp.Or(err, c.release()) }()
		}
	}
	for _, part := range parts {
		if _, err := w.Write(part); err != nil {
			return err
		}
	}
	return nil
}

// conn is a connection that can hold back one write until the next. What else the embedded connection writes (ReadFrom) goes past
// that: net/http calls it for nothing that Write writes.
type conn struct {
	*net.TCPConn
	held *held // nil where nothing is to be held back
}

type held struct {
	bytes []byte
	parts [2][]byte
	all   net.Buffers // of parts
}

var pool = sync.Pool{New: func() any { return &held{bytes: make([]byte, 0, buffered)} }}

func (c *conn) hold() { c.held = pool.Get().(*held) }

// release ends holding, and writes what is held still.
func (c *conn) release() (err error) {
	if h := c.held; h != nil {
		c.held = nil
		if len(h.bytes) > 0 {
			_, err = c.TCPConn.Write(h.bytes)
		}
		h.free()
	}
	return err
}

// Write implements net.Conn.
func (c *conn) Write(p []byte) (int, error) {
	h := c.held
	switch {
	case h == nil:
		return c.TCPConn.Write(p)
	case len(h.bytes) == 0 && len(p) <= buffered:
		h.bytes = append(h.bytes, p...)
		return len(p), nil
	}
	c.held = nil
	defer h.free()
	return h.write(c.TCPConn, p)
}

// write writes what is held, and more behind it: of that it tells how much was written.
func (h *held) write(c *net.TCPConn, p []byte) (int, error) {
	h.parts = [2][]byte{h.bytes, p}
	h.all = h.parts[:]
	n, err := h.all.WriteTo(c)
	return max(0, int(n)-len(h.bytes)), err
}

func (h *held) free() {
	*h = held{bytes: h.bytes[:0]}
	pool.Put(h)
}
