package transport

import (
	"bytes"
	"encoding/binary"
	"io"
	"time"
	"unicode/utf8"

	"github.com/gorilla/websocket"
)

// Bits of a frame's header, RFC 6455, section 5.2.
const (
	finalBit     = 0x80
	reservedBits = 0x70
	opcodeBits   = 0x0f
	controlBit   = 0x08
	maskBit      = 0x80
)

// fragments are what has come of a message whose last frame has not.
type fragments struct {
	opcode byte
	body   bytes.Buffer
}

// read takes frames until the connection ends. It waits for little more than the first bytes of each, so that its stack stays
// small: it is there for as long as the socket is.
func (s *socket) read() {
	for more := true; more; {
		n, err := io.ReadAtLeast(s.net, s.head[:], 2) // no frame of a client that keeps to the protocol is shorter
		if err != nil {
			return
		}
		s.touch()
		if s.head[0] == framePong && s.head[1] == maskBit && n == len(s.head) {
			continue
		}
		s.aside(func() { more = s.frame(n) })
	}
}

// aside runs f in a goroutine of its own, and waits for it. What f needs of the stack, above all to verify a credential, is
// free again at once.
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

// frame takes the frame that begins with n bytes of head, and reports whether another may follow.
func (s *socket) frame(n int) (more bool) {
	if wrong := s.wrong(); wrong != "" {
		s.refuse(websocket.CloseProtocolError, wrong)
		return false
	}
	size, err := s.size(n)
	if err != nil {
		return false
	}
	opcode, mask := s.head[0]&opcodeBits, [4]byte(s.head[2:])
	room := s.t.MaxMessage
	if opcode&controlBit == 0 && s.fragments != nil {
		room -= int64(s.fragments.body.Len())
	}
	if size > uint64(room) {
		s.refuse(websocket.CloseMessageTooBig, "the message is too large")
		return false
	}
	body := getBuffer()
	defer putBuffer(body)
	if got, err := body.ReadFrom(io.LimitReader(s.net, int64(size))); err != nil || uint64(got) < size {
		return false
	}
	unmask(body.Bytes(), mask)
	if opcode&controlBit != 0 {
		return s.controlled(opcode, body.Bytes())
	}
	s.data(opcode, s.head[0]&finalBit != 0, body.Bytes())
	return true
}

// wrong says what of a frame's header breaks the protocol, or "".
func (s *socket) wrong() string {
	first, second := s.head[0], s.head[1]
	opcode := first & opcodeBits
	switch {
	case first&reservedBits != 0:
		return "reserved bits are set"
	case second&maskBit == 0:
		return "the frame is not masked"
	case opcode&controlBit != 0 && (first&finalBit == 0 || second&^maskBit > 125):
		return "the control frame is too long, or in fragments"
	case opcode > websocket.BinaryMessage && opcode < websocket.CloseMessage || opcode > websocket.PongMessage:
		return "the opcode is unknown"
	case opcode == 0 && s.fragments == nil, opcode&controlBit == 0 && opcode != 0 && s.fragments != nil:
		return "the fragments are out of order"
	}
	return ""
}

// size reads the rest of the header, of which n bytes are there. The last four bytes of head are then the mask.
func (s *socket) size(n int) (uint64, error) {
	if _, err := io.ReadFull(s.net, s.head[n:]); err != nil {
		return 0, err
	}
	size := uint64(s.head[1] &^ maskBit)
	var extended int
	switch size {
	case 126:
		extended = 2
	case 127:
		extended = 8
	default:
		return size, nil
	}
	var rest [12]byte // the extended size, and the mask
	copy(rest[:], s.head[2:])
	if _, err := io.ReadFull(s.net, rest[4:4+extended]); err != nil {
		return 0, err
	}
	copy(s.head[2:], rest[extended:])
	if extended == 2 {
		return uint64(binary.BigEndian.Uint16(rest[:])), nil
	}
	return binary.BigEndian.Uint64(rest[:]), nil
}

func unmask(b []byte, mask [4]byte) {
	for i := range b {
		b[i] ^= mask[i%4]
	}
}

// data takes a frame of a message. What comes after a close frame of ours is thrown away.
func (s *socket) data(opcode byte, final bool, text []byte) {
	if f := s.fragments; f != nil {
		f.body.Write(text)
		opcode, text = f.opcode, f.body.Bytes()
	}
	if !final {
		if s.fragments == nil {
			s.fragments = &fragments{opcode: opcode}
			s.fragments.body.Write(text)
		}
		return
	}
	s.fragments = nil
	switch {
	case s.closing.Load():
	case opcode != websocket.TextMessage:
		s.close(closeBadMessage, "messages are text")
	default:
		s.take(text)
	}
}

// controlled takes a control frame, and reports whether another frame may follow.
func (s *socket) controlled(opcode byte, data []byte) (more bool) {
	switch opcode {
	case websocket.PingMessage:
		_ = s.control(framePong, string(data))
	case websocket.CloseMessage:
		code, ok := closeCode(data)
		if !ok {
			s.refuse(websocket.CloseProtocolError, "the close frame is malformed")
			return false
		}
		s.close(code, "")
		return false
	}
	return true
}

// closeCode is the code that answers a client's close frame: its own, where it sent one.
func closeCode(data []byte) (code int, ok bool) {
	if len(data) == 0 {
		return websocket.CloseNormalClosure, true
	}
	if len(data) == 1 || !utf8.Valid(data[2:]) {
		return 0, false
	}
	code = int(binary.BigEndian.Uint16(data))
	switch code {
	case 1004, websocket.CloseNoStatusReceived, websocket.CloseAbnormalClosure:
		return 0, false
	}
	return code, code >= 1000 && code < 1015 || code >= 3000 && code < 5000
}

// refuse ends a connection that breaks the protocol. The client has a moment to read why: closing over unread input would
// reset the connection and lose the close frame.
func (s *socket) refuse(code int, reason string) {
	s.close(code, reason)
	if c, ok := s.net.(interface{ CloseWrite() error }); ok && c.CloseWrite() == nil {
		_ = s.net.SetReadDeadline(time.Now().Add(closeTimeout))
		_, _ = io.CopyN(io.Discard, s.net, 1<<20)
	}
}
