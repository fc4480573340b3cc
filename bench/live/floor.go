package main

import (
	"fmt"
	"net"
	"net/http"
	"strconv"
	"strings"
	"sync"

	"github.com/gorilla/websocket"
)

// serveFloor broadcasts one prepared message to whoever subscribes: what a server must at least do, and nothing else.
func serveFloor() error {
	var (
		mu       sync.Mutex
		sockets  []*websocket.Conn
		upgrader = websocket.Upgrader{Subprotocols: []string{"graphql-transport-ws"}, ReadBufferSize: 512, WriteBufferSize: 512, WriteBufferPool: &sync.Pool{}}
	)
	frame := func(version int) []byte {
		return []byte(`{"id":"1","type":"next","payload":{"data":{"kpiUpdated":{"cause":"POINTS_RECORDED","cursor":"UkhKTFFaM1c6MTI6MTc5NTQxOTMxMA","chart":{"id":"chart_v2xxjdvm3w6atgixpna7wom7jl",` +
			`"key":"revenue-of-the-day","name":"Revenue of the day","version":` + strconv.Itoa(version) +
			`,"kpi":{"value":1235,"changePercent":2.8,"status":"NO_TARGET"}}}}}}`)
	}
	mux := http.NewServeMux()
	mux.HandleFunc("/graphql", func(w http.ResponseWriter, r *http.Request) {
		conn, err := upgrader.Upgrade(w, r, nil)
		if err != nil {
			return
		}
		go func() {
			defer conn.Close()
			for {
				_, message, err := conn.ReadMessage()
				if err != nil {
					return
				}
				answer := []byte(`{"type":"connection_ack"}`)
				if strings.Contains(string(message), `"subscribe"`) {
					answer = frame(0)
				}
				mu.Lock()
				if answer[2] == 'i' {
					sockets = append(sockets, conn)
				}
				err = conn.WriteMessage(websocket.TextMessage, answer)
				mu.Unlock()
				if err != nil {
					return
				}
			}
		}()
	})
	version := 0
	mux.HandleFunc("/trigger", func(http.ResponseWriter, *http.Request) {
		mu.Lock()
		defer mu.Unlock()
		version++
		prepared, err := websocket.NewPreparedMessage(websocket.TextMessage, frame(version))
		if err != nil {
			return
		}
		for _, conn := range sockets {
			_ = conn.WritePreparedMessage(prepared) // one that has gone is no matter here
		}
	})
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return err
	}
	fmt.Printf("serving http://%s\n", listener.Addr())
	return http.Serve(listener, mux)
}
