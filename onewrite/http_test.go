package onewrite_test

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/mykpi/mykpi/onewrite"
)

// talk is one connection whose bytes a test writes itself.
type talk struct {
	net.Conn
	in *bufio.Reader
}

func dial(t *testing.T, url string) talk {
	t.Helper()
	c, err := net.Dial("tcp", strings.TrimPrefix(url, "http://"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { c.Close() })
	c.SetDeadline(time.Now().Add(time.Minute))
	return talk{c, bufio.NewReader(c)}
}

func (c talk) send(t *testing.T, request string) {
	t.Helper()
	if _, err := io.WriteString(c, strings.ReplaceAll(request, "\n", "\r\n")); err != nil {
		t.Fatal(err)
	}
}

// answer reads one, of a request by a method.
func (c talk) answer(t *testing.T, method string) (status int, body []byte) {
	t.Helper()
	response, err := http.ReadResponse(c.in, &http.Request{Method: method})
	if err != nil {
		t.Fatal(err)
	}
	body, err = io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	return response.StatusCode, body
}

const size = 20_000

func handle(w http.ResponseWriter, r *http.Request) {
	if r.URL.Path == "/unchanged" {
		w.WriteHeader(http.StatusNotModified)
	}
	_ = onewrite.Write(w, r, []byte("{"), body(size))
}

var answered = append([]byte("{"), body(size)...)

// Requests that follow one another without a wait are answered in their order, those without a body among them.
func TestPipelines(t *testing.T) {
	requests := []struct {
		text, method string
		status       int
		body         []byte
	}{
		{"GET / HTTP/1.1\nHost: x\n\n", "GET", 200, answered},
		{"HEAD / HTTP/1.1\nHost: x\n\n", "HEAD", 200, nil},
		{"GET /unchanged HTTP/1.1\nHost: x\n\n", "GET", 304, nil},
		{"POST / HTTP/1.1\nHost: x\nContent-Length: 5\n\nhello", "POST", 200, answered},
	}
	c := dial(t, serve(t, nil, handle))
	const times = 10
	for range times {
		for _, r := range requests {
			c.send(t, r.text)
		}
	}
	for range times {
		for _, r := range requests {
			if status, body := c.answer(t, r.method); status != r.status || !bytes.Equal(body, r.body) {
				t.Fatalf("%q: %d with %d bytes, want %d with %d", r.text, status, len(body), r.status, len(r.body))
			}
		}
	}
}

// A client that waits to be told to go on, and one that is never told.
func TestContinue(t *testing.T) {
	url := serve(t, nil, func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/read" {
			_, _ = io.Copy(io.Discard, r.Body)
		}
		handle(w, r)
	})
	c := dial(t, url)
	c.send(t, "POST /read HTTP/1.1\nHost: x\nContent-Length: 5\nExpect: 100-continue\n\n")
	if line, err := c.in.ReadString('\n'); err != nil || !strings.Contains(line, "100 Continue") {
		t.Fatalf("%q, %v", line, err)
	}
	_, _ = c.in.ReadString('\n')
	c.send(t, "hello")
	for range 2 {
		if status, body := c.answer(t, "POST"); status != 200 || !bytes.Equal(body, answered) {
			t.Fatalf("%d with %d bytes", status, len(body))
		}
		c.send(t, "POST / HTTP/1.1\nHost: x\nContent-Length: 5\nExpect: 100-continue\n\n")
	}
}

// A connection that is taken over is written as it is.
func TestHijack(t *testing.T) {
	url := serve(t, nil, func(w http.ResponseWriter, r *http.Request) {
		c, in, err := http.NewResponseController(w).Hijack()
		if err != nil {
			t.Error(err)
			return
		}
		defer c.Close()
		fmt.Fprint(in, "hello")
		in.Flush()
		c.Write(body(size))
	})
	c := dial(t, url)
	c.send(t, "GET / HTTP/1.1\nHost: x\n\n")
	if got, err := io.ReadAll(c.in); err != nil || !bytes.Equal(got, append([]byte("hello"), body(size)...)) {
		t.Errorf("%d bytes, %v", len(got), err)
	}
}

// A client that reads little at a time gets all of it: what one call of the system took a part of goes on where that ended.
func TestASlowReader(t *testing.T) {
	const large = 20_000
	url := serve(t, func(c net.Conn) {
		if err := c.(interface{ SetWriteBuffer(int) error }).SetWriteBuffer(4096); err != nil {
			t.Error(err)
		}
	}, func(w http.ResponseWriter, r *http.Request) {
		if err := onewrite.Write(w, r, body(large)); err != nil {
			t.Error(err)
		}
	})
	c := dial(t, url)
	if err := c.Conn.(*net.TCPConn).SetReadBuffer(2048); err != nil {
		t.Fatal(err)
	}
	c.in = bufio.NewReaderSize(slow{c.Conn}, 16)
	c.send(t, "GET / HTTP/1.1\nHost: x\n\n")
	if _, got := c.answer(t, "GET"); !bytes.Equal(got, body(large)) {
		t.Fatalf("%d bytes", len(got))
	}
}

type slow struct{ net.Conn }

func (s slow) Read(p []byte) (int, error) {
	time.Sleep(100 * time.Microsecond)
	return s.Conn.Read(p[:min(len(p), 3000)])
}
