package transport

import (
	"slices"
	"sync"
	"time"

	"github.com/gorilla/websocket"
)

// beat is how late a socket may do what it does at a time of its own. So sockets do it together: each alone would wake a
// processor, which costs many times what there is to do.
const beat = 100 * time.Millisecond

// never is when nothing is due.
const never = time.Duration(1<<63 - 1)

// clock looks after sockets at their times: it is one goroutine for all of them, and none while there is none.
type clock struct {
	now func() time.Duration

	mu      sync.Mutex // taken after a socket's
	due     []due      // one a socket, in no order: all are looked through, which is nothing as long as they lie together
	running bool
}

type due struct {
	at     time.Duration
	socket *socket
}

// add enters a socket, for which nothing is due yet.
func (c *clock) add(s *socket) {
	c.mu.Lock()
	defer c.mu.Unlock()
	s.place = len(c.due)
	c.due = append(c.due, due{never, s})
	if !c.running {
		c.running = true
		go c.run()
	}
}

func (c *clock) remove(s *socket) {
	c.mu.Lock()
	defer c.mu.Unlock()
	last := len(c.due) - 1
	c.due[s.place] = c.due[last]
	c.due[s.place].socket.place = s.place
	c.due[last] = due{}
	c.due = c.due[:last]
	s.place = -1
}

// set says when something is due for a socket next.
func (c *clock) set(s *socket, at time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if s.place >= 0 {
		c.due[s.place].at = at
	}
}

func (c *clock) run() {
	for ticks := time.NewTicker(beat); ; <-ticks.C {
		sockets, more := c.take()
		if !more {
			ticks.Stop()
			return
		}
		sockets = slices.DeleteFunc(sockets, func(s *socket) bool { return !s.tick() })
		for some := range slices.Chunk(sockets, checkedTogether) {
			go func() {
				for _, s := range some {
					s.check()
				}
			}()
		}
	}
}

// checkedTogether is how many sockets one goroutine checks. Where the store hangs they wait for one another; but nobody could
// tell then that a session has ended.
const checkedTogether = 64

// take takes the sockets for which something is due; more is false where there is no socket at all.
func (c *clock) take() (sockets []*socket, more bool) {
	now := c.now()
	c.mu.Lock()
	defer c.mu.Unlock()
	for i, d := range c.due {
		if d.at <= now {
			sockets = append(sockets, d.socket)
			c.due[i].at = never
		}
	}
	c.running = len(c.due) > 0
	return sockets, c.running
}

// tick does what is due, and reports whether the session is to be checked besides. It never waits.
func (s *socket) tick() (check bool) {
	if s.closing.Load() {
		return false
	}
	now := s.t.Registry.age()
	s.mu.Lock()
	late := !s.initiated && now >= s.initBy
	expired := s.acked && !s.session.Expires.IsZero() && !time.Now().Before(s.session.Expires)
	check = now >= s.nextCheck
	if check {
		s.nextCheck = never // until it is done
	}
	ping := now >= s.nextPing
	if ping {
		s.nextPing = now + s.t.PingEvery
	}
	s.mu.Unlock()

	switch {
	case late:
		go s.close(closeInitTimeout, "Connection initialisation timeout")
		return false
	case expired:
		go s.close(closeForbidden, "the token has expired")
		return false
	case now-time.Duration(s.lastRead.Load()) > 2*s.t.PingEvery+beat:
		s.abort()
		return false
	}
	if ping {
		s.probe()
	}
	s.schedule()
	return check
}

// probe sends a ping, unless something is being written: a client that takes that is there, and one that does not is cut.
func (s *socket) probe() {
	if !s.writing.TryLock() {
		return
	}
	frame := []byte{framePing, 0}
	if s.raw != nil && !s.dead && !s.closing.Load() {
		frame = frame[tryWrite(s.raw, frame):]
	}
	if len(frame) == 0 {
		s.writing.Unlock()
		return
	}
	go func() {
		defer s.writing.Unlock()
		_ = s.send(frame)
	}()
}

// check asks whether the session still stands, and closes the socket where it does not. A panic of the callback must
// not end the process.
func (s *socket) check() {
	defer func() {
		if p := recover(); p != nil {
			_ = recovered(s.context(), s.exec, p)
			s.close(websocket.CloseInternalServerErr, "internal error")
		}
	}()
	if err := s.t.Check(s.context()); err != nil {
		go s.close(closeForbidden, err.Error()) // the next one to be checked must not wait for this one's client
		return
	}
	s.mu.Lock()
	s.nextCheck = s.t.Registry.age() + s.t.CheckEvery
	s.mu.Unlock()
	s.schedule()
}

// schedule tells the clock what is due next.
func (s *socket) schedule() {
	s.mu.Lock()
	defer s.mu.Unlock()
	next := min(s.nextPing, s.nextCheck)
	if !s.initiated {
		next = min(next, s.initBy)
	}
	if s.acked && !s.session.Expires.IsZero() {
		next = min(next, s.t.Registry.age()+time.Until(s.session.Expires))
	}
	s.t.Registry.clock.set(s, next)
}
