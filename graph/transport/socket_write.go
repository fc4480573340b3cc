package transport

import (
	"encoding/binary"
	"errors"
	"time"

	"github.com/gorilla/websocket"
)

var errSocketClosed = errors.New("the socket is closed")

// closeTimeout is how long a client has to take a close frame, and then to answer it.
const closeTimeout = time.Second

// text writes one text message made of parts.
func (s *socket) text(parts ...[]byte) error {
	frame := getFrame()
	defer putFrame(frame)
	*frame = appendText(*frame, parts...)
	s.writing.Lock()
	defer s.writing.Unlock()
	return s.send(*frame)
}

// control writes a ping or pong.
func (s *socket) control(kind byte, data string) error {
	s.writing.Lock()
	defer s.writing.Unlock()
	return s.send(append(appendHeader(nil, kind, len(data)), data...))
}

// send writes whole frames; writing is held. After a close frame nothing is sent, above all no complete message for a
// subscription that ends because the socket does: clients would not resume it.
func (s *socket) send(frames []byte) error {
	if s.closing.Load() {
		return errSocketClosed
	}
	return s.put(frames, s.t.WriteTimeout)
}

// put writes; writing is held. A client that does not take it in time is cut: the connection is closed, at which the reader
// ends the socket.
func (s *socket) put(frames []byte, timeout time.Duration) error {
	if s.dead {
		return errSocketClosed
	}
	if s.raw != nil {
		frames = frames[tryWrite(s.raw, frames):] // most often all, without the cost of a deadline
	}
	if len(frames) == 0 {
		return nil
	}
	_ = s.net.SetWriteDeadline(time.Now().Add(timeout))
	_, err := s.net.Write(frames)
	if err != nil {
		s.dead = true
		_ = s.net.Close()
	}
	return err
}

// close sends a close frame, once, and gives the client a moment to answer it.
func (s *socket) close(code int, reason string) {
	if !s.closing.CompareAndSwap(false, true) {
		return
	}
	s.mu.Lock()
	for _, op := range s.ops {
		op.cancel()
	}
	s.mu.Unlock()
	reason = closeReason(reason)
	frame := appendHeader(nil, frameClose, 2+len(reason))
	frame = append(binary.BigEndian.AppendUint16(frame, uint16(code)), reason...)

	// Whoever is writing now to a client that does not read has no more time than this frame.
	_ = s.net.SetWriteDeadline(time.Now().Add(closeTimeout))
	s.writing.Lock()
	defer s.writing.Unlock()
	if s.put(frame, closeTimeout) == nil {
		s.dead = true
		_ = s.net.SetReadDeadline(time.Now().Add(closeTimeout))
	}
}

// drain implements stream.
func (s *socket) drain() { s.close(websocket.CloseServiceRestart, errDraining.Error()) }

// abort implements stream.
func (s *socket) abort() { _ = s.net.Close() }
