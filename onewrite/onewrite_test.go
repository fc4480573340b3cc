package onewrite_test

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/mykpi/mykpi/onewrite"
)

// serve is a server on joined connections; each that it accepts is told to accepted, where that is not nil.
func serve(t *testing.T, accepted func(net.Conn), handler http.HandlerFunc) string {
	t.Helper()
	server := httptest.NewUnstartedServer(handler)
	server.Listener = onewrite.Listener(server.Listener)
	server.Config.ConnContext = func(ctx context.Context, c net.Conn) context.Context {
		if accepted != nil {
			accepted(c)
		}
		return onewrite.ConnContext(ctx, c)
	}
	server.Start()
	t.Cleanup(server.Close)
	return server.URL
}

func body(size int) []byte {
	b := make([]byte, size)
	for i := range b {
		b[i] = byte(i * 7 >> 3)
	}
	return b
}

// What arrives is what was written, of whatever size and in whatever parts, with more before and behind it, on one connection.
func TestEveryByteArrives(t *testing.T) {
	url := serve(t, nil, func(w http.ResponseWriter, r *http.Request) {
		var size, parts int
		var length string
		if _, err := fmt.Sscanf(r.URL.RawQuery, "size=%d&parts=%d&length=%s", &size, &parts, &length); err != nil {
			t.Error(err)
		}
		all := body(size)
		if length == "told" {
			w.Header().Set("Content-Length", fmt.Sprint(size))
		}
		w.Header().Set("X-Padding", strings.Repeat("x", size%5000))
		switch parts {
		case 1:
			if err := onewrite.Write(w, r, all); err != nil {
				t.Error(err)
			}
		case 2:
			if err := onewrite.Write(w, r, all[:size/100], all[size/100:]); err != nil {
				t.Error(err)
			}
		case 3:
			w.Write(all[:size/3])
			if err := onewrite.Write(w, r, all[size/3:size-size/10]); err != nil {
				t.Error(err)
			}
			w.Write(all[size-size/10:])
		}
	})
	for _, size := range []int{0, 1, 2047, 2048, 4000, 4096, 8191, 8192, 8193, 9000, 12288, 13_153, 70_000, 1 << 20} {
		for _, parts := range []int{1, 2, 3} {
			for _, length := range []string{"told", "chunked"} {
				response, err := http.Get(fmt.Sprintf("%s?size=%d&parts=%d&length=%s", url, size, parts, length))
				if err != nil {
					t.Fatal(err)
				}
				got, err := io.ReadAll(response.Body)
				response.Body.Close()
				if err != nil || !bytes.Equal(got, body(size)) {
					t.Errorf("%d bytes in %d parts, %s: got %d, %v", size, parts, length, len(got), err)
				}
			}
		}
	}
}

// What is written by a recorder, or by a server that knows nothing of this, is written as ever.
func TestOtherConnections(t *testing.T) {
	recorder := httptest.NewRecorder()
	if err := onewrite.Write(recorder, httptest.NewRequest("GET", "/", nil), []byte("a "), body(20_000)); err != nil {
		t.Fatal(err)
	}
	if want := append([]byte("a "), body(20_000)...); !bytes.Equal(recorder.Body.Bytes(), want) {
		t.Error("the recorder has other bytes")
	}
}

// A client that leaves in the middle is an error of the write, and harms no other request.
func TestAClientThatLeaves(t *testing.T) {
	failed := make(chan error, 1)
	url := serve(t, nil, func(w http.ResponseWriter, r *http.Request) {
		failed <- onewrite.Write(w, r, body(64<<20)) // more than any buffers between the two hold
	})
	c, err := net.Dial("tcp", strings.TrimPrefix(url, "http://"))
	if err != nil {
		t.Fatal(err)
	}
	fmt.Fprint(c, "GET / HTTP/1.1\r\nHost: x\r\n\r\n")
	io.ReadFull(c, make([]byte, 10_000))
	c.Close()
	if err := <-failed; err == nil {
		t.Error("the write reported nothing")
	}
}
