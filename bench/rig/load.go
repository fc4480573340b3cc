package rig

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
	"net"
	"net/http"
	"sync"
	"sync/atomic"
	"time"
)

// Connections is how many requests are under way at once.
const Connections = 16

// Post is a POST request of JSON as it goes over the wire.
func Post(host, path, token string, body []byte) []byte {
	var b bytes.Buffer
	fmt.Fprintf(&b, "POST %s HTTP/1.1\r\nHost: %s\r\nAuthorization: Bearer %s\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n",
		path, host, token, len(body))
	b.Write(body)
	return b.Bytes()
}

// Glance is a request that costs the server next to nothing.
func Glance(host string) []byte {
	return fmt.Appendf(nil, "GET /healthz HTTP/1.1\r\nHost: %s\r\n\r\n", host)
}

// client is one kept-alive connection that spends as little as it can on a request.
type client struct {
	conn net.Conn
	in   *bufio.Reader
}

func dial(host string) (*client, error) {
	conn, err := net.Dial("tcp", host)
	if err != nil {
		return nil, err
	}
	return &client{conn, bufio.NewReaderSize(conn, 64<<10)}, nil
}

// do sends a request and has its answer, which must be 200, written to where it is wanted.
func (c *client) do(request []byte, to io.Writer) error {
	if _, err := c.conn.Write(request); err != nil {
		return err
	}
	response, err := http.ReadResponse(c.in, nil)
	if err != nil {
		return err
	}
	if _, err = io.Copy(to, response.Body); err == nil && response.StatusCode != http.StatusOK {
		err = fmt.Errorf("status %s", response.Status)
	}
	return err
}

// Load asks a host by all connections until the time is over, and answers how many rounds of requests were made. requests
// makes the requests of one round.
func Load(host string, d time.Duration, requests func(round int64) [][]byte) (int64, error) {
	var rounds, failed atomic.Int64
	var first error
	var once sync.Once
	end := time.Now().Add(d)
	var workers sync.WaitGroup
	for range Connections {
		workers.Go(func() {
			c, err := dial(host)
			if err == nil {
				defer c.conn.Close()
			}
			for err == nil && time.Now().Before(end) && failed.Load() == 0 {
				for _, r := range requests(rounds.Add(1)) {
					if err = c.do(r, io.Discard); err != nil {
						break
					}
				}
			}
			if err != nil {
				failed.Add(1)
				once.Do(func() { first = err })
			}
		})
	}
	workers.Wait()
	return rounds.Load(), first
}
