package transport

import (
	"time"

	"github.com/gorilla/websocket"
)

// tick does what is due. It is the only timer of a socket.
func (s *socket) tick() {
	if s.closing.Load() {
		return
	}
	now := time.Now()
	s.mu.Lock()
	session := s.session
	late := !s.initiated && !now.Before(s.initBy)
	expired := s.acked && !session.Expires.IsZero() && !now.Before(session.Expires)
	check := s.acked && s.t.Check != nil && !now.Before(s.nextCheck)
	if check {
		s.nextCheck = now.Add(s.t.CheckEvery)
	}
	ping := !now.Before(s.nextPing)
	if ping {
		s.nextPing = now.Add(s.t.PingEvery)
	}
	s.mu.Unlock()

	switch {
	case late:
		s.close(closeInitTimeout, "Connection initialisation timeout")
		return
	case expired:
		s.close(closeForbidden, "the token has expired")
		return
	case now.Sub(time.Unix(0, s.lastRead.Load())) > 2*s.t.PingEvery+beat:
		s.abort()
		return
	}
	if check && !s.check(session) {
		return
	}
	if ping && s.control(framePing, "") != nil {
		return
	}
	s.schedule()
}

// check asks whether the session still stands, and closes the socket where it does not. A panic of the callback must
// not end the process.
func (s *socket) check(session Session) (stands bool) {
	defer func() {
		if p := recover(); p != nil {
			_ = recovered(session.Context, s.exec, p)
			s.close(websocket.CloseInternalServerErr, "internal error")
		}
	}()
	if err := s.t.Check(session.Context); err != nil {
		s.close(closeForbidden, err.Error())
		return false
	}
	return true
}

// schedule sets the timer to what is due next.
func (s *socket) schedule() {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.ended {
		return
	}
	next := s.nextPing
	sooner := func(t time.Time) {
		if t.Before(next) {
			next = t
		}
	}
	if !s.initiated {
		sooner(s.initBy)
	}
	if s.acked {
		if !s.session.Expires.IsZero() {
			sooner(s.session.Expires)
		}
		if s.t.Check != nil {
			sooner(s.nextCheck)
		}
	}
	s.timer.Reset(s.t.Registry.onBeat(max(0, time.Until(next))))
}
