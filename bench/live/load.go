package main

import (
	"bufio"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"time"
)

const subscription = `subscription { kpiUpdated { cause cursor chart { id key name version kpi { value changePercent status } } } }`

// runLoad holds subscribed sockets, says when all are, and then has changes made and times their arrival.
func runLoad(args []string) error {
	if len(args) != 4 {
		return errors.New("load HOST TOKEN SOCKETS ROUNDS")
	}
	host, token := args[0], args[1]
	n, err1 := strconv.Atoi(args[2])
	rounds, err2 := strconv.Atoi(args[3])
	if err := errors.Join(err1, err2); err != nil {
		return err
	}
	l := &load{arrived: make(chan time.Time, n)}
	sockets := make([]*socket, n)
	var connecting sync.WaitGroup
	turns := make(chan struct{}, 16)
	var failed atomic.Pointer[error]
	for i := range sockets {
		turns <- struct{}{}
		connecting.Go(func() {
			defer func() { <-turns }()
			s, err := connect(host, token)
			if err != nil {
				failed.Store(&err)
				return
			}
			sockets[i] = s
		})
	}
	connecting.Wait()
	if err := failed.Load(); err != nil {
		return *err
	}
	for _, s := range sockets {
		go l.follow(s)
	}
	out := json.NewEncoder(os.Stdout)
	if err := out.Encode(map[string]int{"Ready": n}); err != nil {
		return err
	}
	if _, err := bufio.NewReader(os.Stdin).ReadString('\n'); err != nil {
		return err
	}
	var rates, p99s []float64
	for range rounds {
		rate, p99, err := l.round(host, token, n)
		if err != nil {
			return err
		}
		rates, p99s = append(rates, rate), append(p99s, p99)
		time.Sleep(50 * time.Millisecond)
	}
	slices.Sort(rates)
	slices.Sort(p99s)
	return out.Encode(result{Rate: rates[rounds/2], P99: p99s[rounds/2], Frame: float64(l.frame.Load())})
}

type load struct {
	arrived chan time.Time
	frame   atomic.Int64 // bytes of the last
}

// round has one change made and waits until every socket has it. Times are from the change being asked for.
func (l *load) round(host, token string, n int) (rate, p99 float64, err error) {
	start := time.Now()
	triggered := make(chan error, 1)
	go func() { triggered <- trigger(host, token) }()
	took := make([]time.Duration, 0, n)
	timeout := time.After(time.Minute)
	for len(took) < n {
		select {
		case at := <-l.arrived:
			took = append(took, at.Sub(start))
		case <-timeout:
			return 0, 0, fmt.Errorf("%d of %d had the update after a minute", len(took), n)
		}
	}
	slices.Sort(took)
	return float64(n) / took[n-1].Seconds(), float64(took[n*99/100].Microseconds()) / 1000, <-triggered
}

// trigger makes one change: MyKPI records a point, the others are told.
func trigger(host, token string) error {
	url, body := "http://"+host+"/trigger", ""
	if token != "" {
		url = "http://" + host + "/graphql"
		body = `{"query":"mutation { recordDataPoints(input: {chart: {key: \"revenue-of-the-day\"}, points: [{value: 1}]}) { recorded } }"}`
	}
	request, err := http.NewRequest(http.MethodPost, url, strings.NewReader(body))
	if err != nil {
		return err
	}
	if token != "" {
		request.Header.Set("Content-Type", "application/json")
		request.Header.Set("Authorization", "Bearer "+token)
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return err
	}
	defer response.Body.Close()
	text, err := io.ReadAll(response.Body)
	if err != nil || response.StatusCode != http.StatusOK || strings.Contains(string(text), `"errors"`) {
		return fmt.Errorf("the change: %s %s, %w", response.Status, text, err)
	}
	return nil
}

// socket is a websocket client with next to no cost of its own.
type socket struct {
	conn net.Conn
	in   *bufio.Reader
}

// connect opens a subscribed socket that has had its first update.
func connect(host, token string) (*socket, error) {
	conn, err := net.Dial("tcp", host)
	if err != nil {
		return nil, err
	}
	s := &socket{conn, bufio.NewReaderSize(conn, 1024)}
	fmt.Fprintf(conn, "GET /graphql HTTP/1.1\r\nHost: %s\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"+
		"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Protocol: graphql-transport-ws\r\n\r\n", host)
	response, err := http.ReadResponse(s.in, nil)
	if err != nil {
		return nil, err
	}
	if response.StatusCode != http.StatusSwitchingProtocols {
		return nil, errors.New(response.Status)
	}
	init := `{"type":"connection_init"}`
	if token != "" {
		init = `{"type":"connection_init","payload":{"Authorization":"Bearer ` + token + `"}}`
	}
	if err := s.send(0x81, init); err != nil {
		return nil, err
	}
	if text, err := s.next(); err != nil || !strings.Contains(string(text), "connection_ack") {
		return nil, fmt.Errorf("no connection_ack but %s, %w", text, err)
	}
	if err := s.send(0x81, `{"id":"1","type":"subscribe","payload":{"query":"`+subscription+`"}}`); err != nil {
		return nil, err
	}
	text, err := s.next()
	if err != nil || !strings.Contains(string(text), `"next"`) {
		return nil, fmt.Errorf("no update but %s, %w", text, err)
	}
	return s, nil
}

// send writes one frame, masked by zeros.
func (s *socket) send(kind byte, text string) error {
	frame := []byte{kind}
	if len(text) < 126 {
		frame = append(frame, 0x80|byte(len(text)))
	} else {
		frame = binary.BigEndian.AppendUint16(append(frame, 0x80|126), uint16(len(text)))
	}
	_, err := s.conn.Write(append(append(frame, 0, 0, 0, 0), text...))
	return err
}

// next is the next text frame; pings are answered.
func (s *socket) next() ([]byte, error) {
	for {
		var head [2]byte
		if _, err := io.ReadFull(s.in, head[:]); err != nil {
			return nil, err
		}
		size := int(head[1])
		if size == 126 {
			var long [2]byte
			if _, err := io.ReadFull(s.in, long[:]); err != nil {
				return nil, err
			}
			size = int(binary.BigEndian.Uint16(long[:]))
		}
		text, err := s.in.Peek(size)
		if err != nil {
			return nil, err
		}
		_, _ = s.in.Discard(size) // was peeked
		switch head[0] {
		case 0x81:
			return text, nil
		case 0x89:
			if err := s.send(0x8a, string(text)); err != nil {
				return nil, err
			}
		default:
			return nil, fmt.Errorf("a frame %x", head[0])
		}
	}
}

// follow tells when updates arrive, until the socket ends.
func (l *load) follow(s *socket) {
	for {
		text, err := s.next()
		if err != nil {
			return
		}
		if strings.Contains(string(text[:min(len(text), 40)]), `"next"`) {
			l.frame.Store(int64(len(text)))
			l.arrived <- time.Now()
		}
	}
}
