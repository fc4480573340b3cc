package transport

import (
	"context"
	"errors"
	"io"
	"math/rand/v2"
	"net"
	"net/http"
	"sync"
	"sync/atomic"
	"syscall"
	"time"

	"github.com/99designs/gqlgen/graphql"
	"github.com/gorilla/websocket"
)

// socket is one open websocket. gorilla/websocket does its handshake and reads it; frames are written here, straight to
// the connection, since ours differ from one another only in a prefix.
type socket struct {
	t    *Websocket
	exec graphql.GraphExecutor
	conn *websocket.Conn
	net  net.Conn
	raw  syscall.RawConn // nil where the connection has none, as TLS

	request  *http.Request  // until connection_init
	lastRead atomic.Int64   // unix nanoseconds
	closing  atomic.Bool    // a close frame was sent, or is about to be
	work     sync.WaitGroup // every goroutine but the reader

	mu        sync.Mutex // of what follows; nothing blocks while it is held
	session   Session    // its Context ends with the socket
	cancel    context.CancelFunc
	initiated bool // connection_init came
	acked     bool
	ended     bool
	ops       map[string]*operation
	ready     []*operation // whose feeds may have something
	flushing  bool
	timer     *time.Timer
	initBy    time.Time
	nextPing  time.Time
	nextCheck time.Time

	writing sync.Mutex // one frame, or several together, at a time; of what follows
	dead    bool       // no frame may follow
}

var _ stream = (*socket)(nil)

func newSocket(t *Websocket, exec graphql.GraphExecutor, r *http.Request, conn *websocket.Conn) *socket {
	s := &socket{
		t: t, exec: exec, conn: conn, net: conn.NetConn(),
		// The server ends the request's context as soon as Do returns.
		request: r.WithContext(context.WithoutCancel(r.Context())),
	}
	if c, ok := s.net.(syscall.Conn); ok {
		s.raw, _ = c.SyscallConn()
	}
	return s
}

// start enters the socket in the registry and lets it live.
func (s *socket) start() {
	now := time.Now()
	s.lastRead.Store(now.UnixNano())
	s.initBy = now.Add(s.t.InitTimeout)
	s.nextPing = now.Add(spread(s.t.PingEvery))
	s.conn.SetReadLimit(s.t.MaxMessage)
	s.conn.SetPongHandler(func(string) error { s.touch(); return nil })
	s.conn.SetPingHandler(func(data string) error { s.touch(); return s.control(framePong, data) })
	s.conn.SetCloseHandler(func(code int, _ string) error { s.close(echoed(code), ""); return nil })
	refused := s.t.Registry.open(s)

	s.mu.Lock()
	s.timer = time.AfterFunc(s.t.InitTimeout, s.tick)
	s.mu.Unlock()
	go func() {
		defer s.end()
		if refused != nil {
			s.drain()
		} else if s.conn.Subprotocol() != subprotocol {
			s.close(closeSubprotocol, "Subprotocol not acceptable")
		}
		s.read()
	}()
}

// spread moves a period's first end, lest sockets that came together act together.
func spread(d time.Duration) time.Duration { return d/2 + time.Duration(rand.Int64N(int64(d/2)+1)) }

// echoed is the code that answers a client's close frame: its own, where it sent one.
func echoed(code int) int {
	if code == websocket.CloseNoStatusReceived {
		return websocket.CloseNormalClosure
	}
	return code
}

func (s *socket) touch() { s.lastRead.Store(time.Now().UnixNano()) }

// read takes messages until the connection ends. What comes after a close frame of ours is thrown away.
func (s *socket) read() {
	for {
		kind, r, err := s.conn.NextReader()
		if err != nil {
			s.linger(err)
			return
		}
		s.touch()
		body := getBuffer()
		_, err = body.ReadFrom(r)
		if err == nil && !s.closing.Load() {
			s.aside(func() { s.take(kind, body.Bytes()) })
		}
		putBuffer(body)
		if err != nil {
			s.linger(err)
			return
		}
	}
}

// aside runs f in a goroutine of its own, and waits for it. What f needs of the stack, above all to verify a credential, is
// free again at once: the reader's own would stay as large for as long as the socket is open.
func (s *socket) aside(f func()) {
	done := make(chan struct{})
	go func() {
		defer close(done)
		defer func() {
			if p := recover(); p != nil {
				_ = recovered(s.context(), s.exec, p)
				s.close(websocket.CloseInternalServerErr, "internal error")
			}
		}()
		f()
	}()
	<-done
}

// linger lets a client that broke the framing or sent too much read the close frame that gorilla sent it: closing over
// unread input would reset the connection and lose the frame.
func (s *socket) linger(err error) {
	if _, closed := errors.AsType[*websocket.CloseError](err); closed {
		return
	}
	if _, ofNet := errors.AsType[net.Error](err); ofNet || errors.Is(err, io.EOF) {
		return
	}
	if c, ok := s.net.(interface{ CloseWrite() error }); ok && c.CloseWrite() == nil {
		_ = s.net.SetReadDeadline(time.Now().Add(closeTimeout))
		_, _ = io.CopyN(io.Discard, s.net, 1<<20)
	}
}

// take handles one message.
func (s *socket) take(kind int, text []byte) {
	if kind != websocket.TextMessage {
		s.close(closeBadMessage, "messages are text")
		return
	}
	m, err := parseMessage(text)
	if err != nil {
		s.close(closeBadMessage, err.Error())
		return
	}
	switch m.Type {
	case typeInit:
		s.init(m)
	case typePing:
		s.ping(m)
	case typeSubscribe:
		s.subscribe(m)
	case typeComplete:
		s.drop(m.ID)
	}
}

// init authenticates the client.
func (s *socket) init(m *message) {
	s.mu.Lock()
	again := s.initiated
	s.initiated = true
	s.mu.Unlock()
	if again {
		s.close(closeTooMany, "Too many initialisation requests")
		return
	}
	session, err := s.t.Authenticate(s.request, m.Payload)
	s.request = nil
	if err != nil {
		s.close(refusalCode(err), err.Error())
		return
	}
	switch err := s.t.Registry.admit(session); {
	case errors.Is(err, errDraining):
		s.drain()
		return
	case err != nil:
		s.close(closeTooMany, err.Error())
		return
	}
	s.mu.Lock()
	session.Context, s.cancel = context.WithCancel(session.Context)
	s.session = session
	s.acked = true
	s.nextCheck = time.Now().Add(spread(s.t.CheckEvery))
	s.mu.Unlock()
	_ = s.text([]byte(`{"type":"connection_ack"}`))
	s.schedule()
}

// refusalCode is the close code for an error of authentication.
func refusalCode(err error) int {
	if errors.Is(err, ErrTryAgain) {
		return websocket.CloseTryAgainLater
	}
	return closeForbidden
}

// ping answers, and takes a new credential where the payload carries one.
func (s *socket) ping(m *message) {
	s.mu.Lock()
	old, acked := s.session, s.acked
	s.mu.Unlock()
	if m.Payload != nil && acked && s.t.Refresh != nil {
		fresh, err := s.t.Refresh(old.Context, m.Payload)
		switch {
		case errors.Is(err, ErrTryAgain): // the old credential stands until it expires
		case err != nil:
			s.close(closeForbidden, err.Error())
			return
		case fresh != nil && (fresh.User != old.User || fresh.Tenant != old.Tenant):
			s.close(closeForbidden, "the new token is another's")
			return
		case fresh != nil:
			s.mu.Lock()
			s.session.Expires = fresh.Expires
			s.mu.Unlock()
			s.schedule()
			m.Payload = nil // a token is not echoed
		}
	}
	if m.Payload == nil {
		_ = s.text([]byte(`{"type":"pong"}`))
		return
	}
	_ = s.text([]byte(`{"type":"pong","payload":`), m.Payload, closing)
}

// end frees all that the socket held; the reader's last act.
func (s *socket) end() {
	s.closing.Store(true)
	_ = s.net.Close()
	s.mu.Lock()
	s.ended = true
	s.timer.Stop()
	if s.cancel != nil {
		s.cancel()
	}
	ops := s.ops
	s.ops, s.ready = nil, nil
	s.mu.Unlock()
	for _, op := range ops {
		op.stop()
	}
	s.work.Wait()
	if s.acked {
		s.t.Registry.release(s.session)
	}
	s.t.Registry.close(s)
}

// context is the session's, once there is one.
func (s *socket) context() context.Context {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.acked {
		return s.session.Context
	}
	return context.Background()
}
