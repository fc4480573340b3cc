package transport

import (
	"cmp"
	"context"
	"encoding/json"
	"net/http"
	"sync"
	"time"

	"github.com/99designs/gqlgen/graphql"
	"github.com/gorilla/websocket"
)

// Close codes of graphql-transport-ws's PROTOCOL.md. Others are RFC 6455's.
const (
	subprotocol = "graphql-transport-ws"

	closeBadMessage   = 4400
	closeUnauthorized = 4401
	closeForbidden    = 4403
	closeSubprotocol  = 4406
	closeInitTimeout  = 4408
	closeDuplicate    = 4409
	closeTooMany      = 4429
)

// Websocket answers graphql-transport-ws. Its goroutines: one a socket, which waits for the client with next to nothing on its
// stack, and one more for each operation that is executed in the ordinary way. What shared feeds have is written by whoever
// says so; a client that does not take it at once gets a goroutine for as long as that lasts.
type Websocket struct {
	// Registry holds the sockets; required.
	Registry *Registry
	// Authenticate makes the session of a new connection, from the handshake request and the payload of
	// connection_init (nil where there is none). r's context outlives the request. Its error closes the socket with
	// 4403, or with 1013 where it wraps [ErrTryAgain]; its text is the reason the client sees. Required.
	Authenticate func(r *http.Request, payload json.RawMessage) (Session, error)
	// Refresh reads a new credential from the payload of a ping message, by which a client stays beyond the expiry of
	// its first one. It returns nil where the payload has none. A session of another user or tenant, or an error, closes
	// the socket with 4403. Operations that run keep their context. nil is no refreshing.
	Refresh func(ctx context.Context, payload json.RawMessage) (*Session, error)
	// Check is called every CheckEvery with the session's context; its error (a revoked key, a member removed) closes
	// the socket with 4403. It should tell from memory. nil is no checks.
	Check func(ctx context.Context) error
	// Share may serve subscriptions by feeds; nil is none.
	Share Share
	// Origins are the pages that may connect.
	Origins Origins

	InitTimeout    time.Duration // for connection_init to come; 0 is 3 s
	WriteTimeout   time.Duration // for one write, after which the socket is cut; 0 is 5 s
	PingEvery      time.Duration // between websocket pings; a socket silent for twice as long is cut; 0 is 20 s
	CheckEvery     time.Duration // 0 is 4 s, so that a revocation tells within 5 s
	RequestTimeout time.Duration // of queries and mutations; 0 is 10 s
	MaxMessage     int64         // bytes; 0 is 64 KiB; a larger one closes with 1009
	MaxOperations  int           // of one socket at a time; 0 is 50; one more is answered with an error

	defaults sync.Once
}

var _ graphql.Transport = (*Websocket)(nil)

// writeBuffers are what the handshake needs; gorilla gives them back at once.
var writeBuffers sync.Pool

// Supports reports whether r asks for a websocket.
func (t *Websocket) Supports(r *http.Request) bool { return websocket.IsWebSocketUpgrade(r) }

// Do upgrades the connection and returns: the socket lives on in a goroutine with a small stack, and all that the HTTP
// server held for the request is free.
func (t *Websocket) Do(w http.ResponseWriter, r *http.Request, exec graphql.GraphExecutor) {
	refuse := func(status int, code, message string) {
		write(w, r, mediaJSON, status, present(r.Context(), exec, failure(code, message)))
	}
	if !t.Origins.Allow(r) {
		refuse(http.StatusForbidden, CodeForbidden, "this origin may not open a websocket")
		return
	}
	if t.Registry.Draining() {
		refuse(http.StatusServiceUnavailable, CodeUnavailable, errDraining.Error())
		return
	}
	upgrader := websocket.Upgrader{
		Subprotocols:    []string{subprotocol},
		ReadBufferSize:  512,
		WriteBufferPool: &writeBuffers,
		CheckOrigin:     func(*http.Request) bool { return true }, // above
		Error: func(_ http.ResponseWriter, _ *http.Request, status int, reason error) {
			refuse(status, CodeBadUserInput, reason.Error())
		},
	}
	conn, err := upgrader.Upgrade(w, r, nil)
	if err != nil {
		return // the client has its answer
	}
	t.defaults.Do(t.setDefaults)
	newSocket(t, exec, r, conn.NetConn()).start(conn.Subprotocol() == subprotocol)
}

func (t *Websocket) setDefaults() {
	t.InitTimeout = cmp.Or(t.InitTimeout, 3*time.Second)
	t.WriteTimeout = cmp.Or(t.WriteTimeout, 5*time.Second)
	t.PingEvery = cmp.Or(t.PingEvery, 20*time.Second)
	t.CheckEvery = cmp.Or(t.CheckEvery, 4*time.Second)
	t.RequestTimeout = cmp.Or(t.RequestTimeout, defaultTimeout)
	t.MaxMessage = cmp.Or(t.MaxMessage, 64<<10)
	t.MaxOperations = cmp.Or(t.MaxOperations, 50)
}
