package transport

import (
	"encoding/binary"
	"encoding/json"
	"sync"
)

// Opcodes of RFC 6455, section 5.2, with the FIN bit set: no message of ours is fragmented.
const (
	frameText  = 0x81
	frameClose = 0x88
	framePing  = 0x89
	framePong  = 0x8a
)

// appendHeader appends the header of an unmasked frame, RFC 6455, section 5.2.
func appendHeader(dst []byte, kind byte, size int) []byte {
	dst = append(dst, kind)
	switch {
	case size < 126:
		return append(dst, byte(size))
	case size < 1<<16:
		return binary.BigEndian.AppendUint16(append(dst, 126), uint16(size))
	}
	return binary.BigEndian.AppendUint64(append(dst, 127), uint64(size))
}

// appendText appends a text frame made of parts.
func appendText(dst []byte, parts ...[]byte) []byte {
	size := 0
	for _, p := range parts {
		size += len(p)
	}
	dst = appendHeader(dst, frameText, size)
	for _, p := range parts {
		dst = append(dst, p...)
	}
	return dst
}

// head is the start of every message about an operation, {"id":…,"type":…: it differs by client, and what follows is
// shared.
func head(id, kind string) []byte {
	quoted, _ := json.Marshal(id) // a string always marshals
	b := make([]byte, 0, len(quoted)+len(kind)+32)
	b = append(append(b, `{"id":`...), quoted...)
	return append(append(append(b, `,"type":"`...), kind...), '"')
}

var (
	payloadKey = []byte(`,"payload":`)
	closing    = []byte("}")
)

// frames are buffers in which frames are put together; a socket holds one only while it writes.
var frames = sync.Pool{New: func() any {
	b := make([]byte, 0, 1<<10)
	return &b
}}

func getFrame() *[]byte { return frames.Get().(*[]byte) }

func putFrame(b *[]byte) {
	if cap(*b) > 64<<10 {
		return
	}
	*b = (*b)[:0]
	frames.Put(b)
}
