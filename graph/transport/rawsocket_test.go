package transport_test

import (
	"bufio"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"
)

// rawSocket is a websocket client made of bytes, so that it can do what libraries would not.
type rawSocket struct {
	t    testing.TB
	conn net.Conn
	r    *bufio.Reader
}

// handshake opens a connection and returns the server's answer.
func (s *testServer) handshake(t testing.TB, header ...string) (*rawSocket, *http.Response) {
	t.Helper()
	conn, err := net.Dial("tcp", s.Listener.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { conn.Close() })
	_ = conn.SetDeadline(time.Now().Add(20 * time.Second))
	request := "GET / HTTP/1.1\r\nHost: mykpi.test\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n" +
		"Sec-WebSocket-Version: 13\r\n"
	if len(header) < 2 || header[0] != "Sec-WebSocket-Key" {
		request += "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
	}
	for i := 0; i < len(header); i += 2 {
		request += header[i] + ": " + header[i+1] + "\r\n"
	}
	if _, err := io.WriteString(conn, request+"\r\n"); err != nil {
		t.Fatal(err)
	}
	c := &rawSocket{t: t, conn: conn, r: bufio.NewReader(conn)}
	resp, err := http.ReadResponse(c.r, nil)
	if err != nil {
		t.Fatal(err)
	}
	return c, resp
}

// dial opens a socket for graphql-transport-ws.
func (s *testServer) dial(t testing.TB) *rawSocket {
	t.Helper()
	c, resp := s.handshake(t, "Sec-WebSocket-Protocol", "graphql-transport-ws")
	if resp.StatusCode != http.StatusSwitchingProtocols || resp.Header.Get("Sec-WebSocket-Protocol") != "graphql-transport-ws" {
		t.Fatalf("handshake: %s %v", resp.Status, resp.Header)
	}
	return c
}

// connect opens a socket and has it acknowledged.
func (s *testServer) connect(t testing.TB, payload ...credential) *rawSocket {
	t.Helper()
	c := s.dial(t)
	c.init(payload...)
	c.expect(`{"type":"connection_ack"}`)
	return c
}

func (c *rawSocket) init(payload ...credential) {
	c.t.Helper()
	if len(payload) == 0 {
		c.send(`{"type":"connection_init"}`)
		return
	}
	text, _ := json.Marshal(payload[0])
	c.send(`{"type":"connection_init","payload":` + string(text) + `}`)
}

// masked is a frame as clients make it.
func masked(kind byte, data string) []byte {
	b := []byte{kind}
	switch {
	case len(data) < 126:
		b = append(b, 0x80|byte(len(data)))
	case len(data) < 1<<16:
		b = binary.BigEndian.AppendUint16(append(b, 0x80|126), uint16(len(data)))
	default:
		b = binary.BigEndian.AppendUint64(append(b, 0x80|127), uint64(len(data)))
	}
	mask := [4]byte{1, 2, 3, 4}
	b = append(b, mask[:]...)
	for i := range len(data) {
		b = append(b, data[i]^mask[i%4])
	}
	return b
}

// frame writes one masked frame.
func (c *rawSocket) frame(kind byte, data []byte) {
	c.t.Helper()
	b := masked(kind, string(data))
	if _, err := c.conn.Write(b); err != nil {
		c.t.Logf("write: %v", err) // the server may have gone; what it said is still to be read
	}
}

func (c *rawSocket) send(text string) { c.t.Helper(); c.frame(0x81, []byte(text)) }

func (c *rawSocket) subscribe(id, query string) {
	c.t.Helper()
	c.send(fmt.Sprintf(`{"id":%q,"type":"subscribe","payload":{"query":%q}}`, id, query))
}

// receive reads one frame; its error is the connection's.
func (c *rawSocket) receive() (kind byte, data []byte, err error) {
	var h [2]byte
	if _, err := io.ReadFull(c.r, h[:]); err != nil {
		return 0, nil, err
	}
	size := uint64(h[1])
	if h[1]&0x80 != 0 || h[0]&0x70 != 0 {
		return 0, nil, fmt.Errorf("a masked frame or reserved bits: % x", h)
	}
	switch size {
	case 126:
		var n [2]byte
		if _, err := io.ReadFull(c.r, n[:]); err != nil {
			return 0, nil, err
		}
		size = uint64(binary.BigEndian.Uint16(n[:]))
	case 127:
		var n [8]byte
		if _, err := io.ReadFull(c.r, n[:]); err != nil {
			return 0, nil, err
		}
		size = binary.BigEndian.Uint64(n[:])
	}
	data = make([]byte, size)
	_, err = io.ReadFull(c.r, data)
	return h[0], data, err
}

// message reads the next text message.
func (c *rawSocket) message() string {
	c.t.Helper()
	for {
		kind, data, err := c.receive()
		switch {
		case err != nil:
			c.t.Fatalf("no message: %v", err)
		case kind == 0x88:
			c.t.Fatalf("closed: %d %s", binary.BigEndian.Uint16(data), data[2:])
		case kind == 0x81:
			return string(data)
		}
	}
}

// expect reads messages that are exactly these.
func (c *rawSocket) expect(messages ...string) {
	c.t.Helper()
	for _, want := range messages {
		if got := c.message(); got != want {
			c.t.Fatalf("message %s\nwant    %s", got, want)
		}
	}
}

// expectClose reads to the close frame, past other messages, and sees the connection end.
func (c *rawSocket) expectClose(code int, reason string) {
	c.t.Helper()
	for {
		kind, data, err := c.receive()
		if err != nil {
			c.t.Fatalf("no close frame: %v", err)
		}
		if kind != 0x88 {
			if strings.Contains(string(data), `"complete"`) {
				c.t.Errorf("before the close frame: %s", data)
			}
			continue
		}
		if got := int(binary.BigEndian.Uint16(data)); got != code || !strings.Contains(string(data[2:]), reason) {
			c.t.Errorf("closed with %d %s, want %d %s", got, data[2:], code, reason)
		}
		break
	}
	c.frame(0x88, binary.BigEndian.AppendUint16(nil, uint16(code)))
	if kind, data, err := c.receive(); err == nil {
		c.t.Errorf("after the close frame: %x %s", kind, data)
	}
}

// expectCut sees the connection end without a close frame.
func (c *rawSocket) expectCut() {
	c.t.Helper()
	for {
		kind, data, err := c.receive()
		if kind == 0x88 {
			c.t.Fatalf("closed: % x", data)
		}
		if err != nil {
			return
		}
	}
}
