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
	now := s.t.Registry.age()
	s.mu.Lock()
	session := s.session
	late := !s.initiated && now >= s.initBy
	expired := s.acked && !session.Expires.IsZero() && !time.Now().Before(session.Expires)
	check := s.acked && s.t.Check != nil && now >= s.nextCheck
	if check {
		s.nextCheck = now + s.t.CheckEvery
	}
	ping := now >= s.nextPing
	if ping {
		s.nextPing = now + s.t.PingEvery
	}
	s.mu.Unlock()

	switch {
	case late:
		s.close(closeInitTimeout, "Connection initialisation timeout")
		return
	case expired:
		s.close(closeForbidden, "the token has expired")
		return
	case now-time.Duration(s.lastRead.Load()) > 2*s.t.PingEvery+beat:
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
	now, next := s.t.Registry.age(), s.nextPing
	if !s.initiated {
		next = min(next, s.initBy)
	}
	if s.acked && !s.session.Expires.IsZero() {
		next = min(next, now+time.Until(s.session.Expires))
	}
	if s.acked && s.t.Check != nil {
		next = min(next, s.nextCheck)
	}
	s.timer.Reset(untilBeat(now, next))
}

// beat is how late a socket may do what it does at a time of its own. So sockets do it together: each alone would wake a
// processor, which costs many times what there is to do.
const beat = 100 * time.Millisecond

// untilBeat is how long it is from now to the first beat after next.
func untilBeat(now, next time.Duration) time.Duration {
	return (max(now, next)/beat+1)*beat - now
}
