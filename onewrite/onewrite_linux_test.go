package onewrite_test

import (
	"io"
	"net"
	"net/http"
	"syscall"
	"testing"

	"golang.org/x/sys/unix"

	"github.com/mykpi/mykpi/onewrite"
)

// A large answer is one segment on the loopback interface, which takes 64 KiB at once, where net/http alone makes two.
func TestALargeAnswerIsOneWrite(t *testing.T) {
	conns := make(chan net.Conn, 1)
	url := serve(t, func(c net.Conn) { conns <- c }, func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Length", "20000")
		if r.URL.Path == "/alone" {
			w.Write(body(20_000))
			return
		}
		if err := onewrite.Write(w, r, body(20_000)); err != nil {
			t.Error(err)
		}
	})
	get := func(path string) {
		response, err := http.Get(url + path)
		if err != nil {
			t.Fatal(err)
		}
		io.Copy(io.Discard, response.Body)
		response.Body.Close()
	}
	get("/")
	c := <-conns
	before := segments(t, c)
	get("/")
	joined := segments(t, c)
	get("/alone")
	alone := segments(t, c)
	if joined-before != 1 || alone-joined != 2 {
		t.Errorf("%d segments joined and %d alone, want 1 and 2", joined-before, alone-joined)
	}
}

// segments is how many segments with data a connection has sent.
func segments(t *testing.T, c net.Conn) uint32 {
	t.Helper()
	raw, err := c.(syscall.Conn).SyscallConn()
	if err != nil {
		t.Fatal(err)
	}
	var info *unix.TCPInfo
	if controlErr := raw.Control(func(fd uintptr) { info, err = unix.GetsockoptTCPInfo(int(fd), unix.IPPROTO_TCP, unix.TCP_INFO) }); controlErr != nil || err != nil {
		t.Fatal(controlErr, err)
	}
	return info.Data_segs_out
}
