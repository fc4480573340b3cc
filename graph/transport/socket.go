package transport

import (
	"context"
	"errors"
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

// socket is one open websocket. gorilla/websocket does its handshake. Frames are read and written here, straight from and
// to the connection: a socket that is held open, and says little, has no buffer, and ours differ from one another only in a
// prefix.
type socket struct {
	t    *Websocket
	exec graphql.GraphExecutor
	net  net.Conn
	raw  syscall.RawConn // nil where the connection has none, as TLS

	closing  atomic.Bool    // a close frame was sent, or is about to be
	lastRead atomic.Int64   // by the registry's age, as all times of a socket but its session's
	work     sync.WaitGroup // every goroutine but the reader

	// of the reader
	request   *http.Request // until connection_init
	head      [6]byte       // of a frame
	fragments *fragments    // of a message; nil between messages

	mu        sync.Mutex // of what follows; nothing blocks while it is held
	session   Session
	initiated bool // connection_init came
	acked     bool
	ops       []*operation
	turn      int // of ops: whose feed was asked last
	flushing  bool
	initBy    time.Duration
	nextPing  time.Duration
	nextCheck time.Duration

	place int // of the clock, and under its mu

	writing sync.Mutex // one frame, or several together, at a time; of what follows
	dead    bool       // no frame may follow
}

var _ stream = (*socket)(nil)

func newSocket(t *Websocket, exec graphql.GraphExecutor, r *http.Request, conn net.Conn) *socket {
	s := &socket{
		t: t, exec: exec, net: conn,
		// The server ends the request's context as soon as Do returns.
		request: r.WithContext(context.WithoutCancel(r.Context())),
	}
	if c, ok := s.net.(syscall.Conn); ok {
		s.raw, _ = c.SyscallConn()
	}
	return s
}

// start enters the socket in the registry and lets it live, unless it is of another protocol.
func (s *socket) start(ours bool) {
	now := s.t.Registry.age()
	s.lastRead.Store(int64(now))
	s.initBy = now + s.t.InitTimeout
	s.nextPing = now + spread(s.t.PingEvery)
	s.nextCheck = never
	refused := s.t.Registry.open(s)
	s.t.Registry.clock.add(s)
	s.schedule()
	go func() {
		defer s.end()
		if refused != nil {
			s.drain()
		} else if !ours {
			s.close(closeSubprotocol, "Subprotocol not acceptable")
		}
		s.read()
	}()
}

// spread moves a period's first end, lest sockets that came together act together.
func spread(d time.Duration) time.Duration { return d/2 + time.Duration(rand.Int64N(int64(d/2)+1)) }

func (s *socket) touch() { s.lastRead.Store(int64(s.t.Registry.age())) }

// take handles one message.
func (s *socket) take(text []byte) {
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
	s.session = session
	s.acked = true
	if s.t.Check != nil {
		s.nextCheck = s.t.Registry.age() + spread(s.t.CheckEvery)
	}
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
	s.t.Registry.clock.remove(s)
	s.mu.Lock()
	ops := s.ops
	s.ops = nil
	for _, op := range ops {
		op.active = false
	}
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
