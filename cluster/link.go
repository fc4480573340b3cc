package cluster

import (
	"errors"
	"fmt"
	"log/slog"
	"net/url"
	"sync"
	"sync/atomic"
	"time"

	"github.com/nats-io/nats.go"

	"github.com/mykpi/mykpi/charts/journal"
	"github.com/mykpi/mykpi/tenancy"
)

// Config says where to meet the other instances and what to do with what they tell. The functions are called by one
// goroutine at a time and must not block for long.
type Config struct {
	URL     string // such as nats://10.0.0.5:4222, or several with commas between them
	Subject string // of this store alone: whoever publishes to it is believed
	Heard   func(journal.Change)
	Tenant  func(tenancy.ID) // its settings changed
	// Lost is told whenever messages may have been missed, and once again when they flow anew.
	Lost   func()
	Logger *slog.Logger
}

const (
	reconnectWait = 500 * time.Millisecond
	// waiting is how many messages wait to be written, at most; more are dropped, for commits must not wait for NATS.
	waiting = 4096
	// drainTimeout bounds how long Close waits for what is on its way.
	drainTimeout = 2 * time.Second
)

// Link is a connection to the other instances, which mends itself. Make one with Connect.
type Link struct {
	config   Config
	conn     *nats.Conn
	outbox   chan []byte
	closing  sync.Once
	sent     chan struct{} // closed when the outbox is worked off, after Close
	counters [3]atomic.Int64
}

// The counters of Stats.
const (
	published = iota
	heard
	dropped
)

// Connect makes a Link. It fails on a configuration that can't be right; where nobody answers it goes on trying.
func Connect(c Config) (*Link, error) {
	l := &Link{config: c, outbox: make(chan []byte, waiting), sent: make(chan struct{})}
	lost := func(why string, err error) {
		c.Logger.Warn("NATS: "+why+"; changes of other instances are polled", "error", err)
		c.Lost()
	}
	conn, err := nats.Connect(c.URL, nats.Name("mykpi"), nats.NoEcho(), nats.RetryOnFailedConnect(true),
		nats.MaxReconnects(-1), nats.ReconnectWait(reconnectWait), nats.DrainTimeout(drainTimeout),
		nats.ConnectHandler(func(*nats.Conn) { c.Logger.Info("NATS: connected") }),
		nats.DisconnectErrHandler(func(n *nats.Conn, err error) {
			if !n.IsClosed() {
				lost("the connection is lost", err)
			}
		}),
		nats.ReconnectHandler(func(*nats.Conn) {
			c.Logger.Info("NATS: connected again")
			c.Lost()
		}),
		nats.ErrorHandler(func(_ *nats.Conn, _ *nats.Subscription, err error) { lost("messages may be lost", err) }),
	)
	if err != nil {
		var wrong *url.Error
		if errors.As(err, &wrong) {
			err = wrong.Err // without the URL, which may hold a password
		}
		return nil, fmt.Errorf("cluster: NATS: %w", err)
	}
	l.conn = conn
	if !conn.IsConnected() {
		c.Logger.Warn("NATS: nobody answers; changes of other instances are polled")
	}
	if _, err := conn.Subscribe(c.Subject, l.receive); err != nil {
		conn.Close()
		return nil, fmt.Errorf("cluster: subscribing to %s: %w", c.Subject, err)
	}
	go l.send()
	return l, nil
}

func (l *Link) receive(m *nats.Msg) {
	change, err := decode(m.Data)
	if err != nil {
		l.config.Logger.Warn("NATS: a message of somebody else", "subject", m.Subject, "error", err)
		return
	}
	l.counters[heard].Add(1)
	if change.Chart == "" {
		l.config.Tenant(change.Tenant)
		return
	}
	l.config.Heard(change)
}

// Publish tells the other instances of commits. It never blocks; what can't be told now is dropped.
func (l *Link) Publish(changes []journal.Change) {
	for _, c := range changes {
		l.post(encode(c))
	}
}

// PublishTenant tells the other instances that a tenant's settings have changed.
func (l *Link) PublishTenant(id tenancy.ID) {
	l.post(encode(journal.Change{Tenant: id, OccurredAt: time.Now().UTC()}))
}

func (l *Link) post(data []byte) {
	select {
	case l.outbox <- data:
	default:
		l.counters[dropped].Add(1)
	}
}

// send writes messages to NATS, until an empty one says that it was the last.
func (l *Link) send() {
	defer close(l.sent)
	for data := range l.outbox {
		if len(data) == 0 {
			return
		}
		if err := l.conn.Publish(l.config.Subject, data); err != nil {
			l.counters[dropped].Add(1)
			continue
		}
		l.counters[published].Add(1)
	}
}

// Connected reports whether NATS is there.
func (l *Link) Connected() bool { return l.conn.IsConnected() }

// Stats are counts since the start: messages handed to NATS, heard, and dropped here.
func (l *Link) Stats() (sent, received, lost int64) {
	return l.counters[published].Load(), l.counters[heard].Load(), l.counters[dropped].Load()
}

// Close sends what waits, for a moment, and ends the connection. What is published after it is dropped.
func (l *Link) Close() {
	l.closing.Do(func() {
		select {
		case l.outbox <- nil:
			select {
			case <-l.sent:
				_ = l.conn.FlushTimeout(drainTimeout) // a hint that is lost is found by polling
			case <-time.After(drainTimeout):
			}
		default: // full: NATS has been away for long
		}
		l.conn.Close()
	})
}
