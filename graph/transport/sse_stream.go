package transport

import (
	"bytes"
	"context"
	"errors"
	"io"
	"math/rand/v2"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"
)

// eventStream is one client's stream. Only the handler's goroutine writes.
type eventStream struct {
	t       *SSE
	w       http.ResponseWriter
	control *http.ResponseController
	exec    graphql.GraphExecutor
	session Session
	cancel  context.CancelCauseFunc
	wakes   chan struct{}
	buf     bytes.Buffer
}

var _ stream = (*eventStream)(nil)

func newEventStream(t *SSE, w http.ResponseWriter, exec graphql.GraphExecutor, session Session, cancel context.CancelCauseFunc) *eventStream {
	return &eventStream{
		t: t, w: w, control: http.NewResponseController(w), exec: exec,
		session: session, cancel: cancel, wakes: make(chan struct{}, 1),
	}
}

// drain implements stream: the client sees the end of a stream that was not completed, and comes back.
func (s *eventStream) drain() { s.cancel(errDraining) }

// abort implements stream.
func (s *eventStream) abort() {
	s.cancel(errDraining)
	_ = s.control.SetWriteDeadline(time.Now())
}

func (s *eventStream) wake() {
	select {
	case s.wakes <- struct{}{}:
	default:
	}
}

// answer writes the whole stream. errs are those for which the operation is not executed: within a stream that is open,
// as the protocol wants it.
func (s *eventStream) answer(ctx context.Context, op *graphql.OperationContext, errs gqlerror.List) {
	if s.open() != nil {
		return
	}
	if errs != nil {
		s.last(s.exec.DispatchError(ctx, errs))
		return
	}
	if op.Operation.Operation != ast.Subscription {
		ctx, cancel := context.WithTimeout(ctx, s.t.RequestTimeout)
		defer cancel()
		s.execute(ctx, op)
		return
	}
	if s.t.Share != nil {
		feed, err := s.t.Share(ctx, s.exec, op, s.wake)
		if err != nil {
			s.last(present(ctx, s.exec, err))
			return
		}
		if feed != nil {
			defer feed.Close()
			s.follow(ctx, feed)
			return
		}
	}
	s.execute(ctx, op)
}

// follow writes what a shared subscription has, and asks it for the newest only when the last was written.
func (s *eventStream) follow(ctx context.Context, feed Feed) {
	for {
		event, err := feed.Next()
		switch {
		case errors.Is(err, io.EOF):
			_ = s.send("", typeComplete, nil)
			return
		case err != nil:
			s.last(present(ctx, s.exec, err))
			return
		case event != nil:
			if s.send(event.ID, "next", event.Payload) != nil {
				return
			}
		default:
			if _, ok := waitFor(ctx, s, s.wakes); !ok {
				return
			}
		}
	}
}

// execute runs an operation in the ordinary way, in a goroutine of its own, since its next response may be long in coming
// and the stream must be kept alive meanwhile. A response is computed when the one before was taken.
func (s *eventStream) execute(ctx context.Context, op *graphql.OperationContext) {
	ctx, cancel := context.WithCancel(ctx)
	responses := make(chan *graphql.Response)
	defer func() {
		cancel()
		for range responses { // until the goroutine has ended
		}
	}()
	go s.produce(ctx, op, responses)
	for {
		resp, ok := waitFor(ctx, s, responses)
		switch {
		case errors.Is(context.Cause(ctx), context.DeadlineExceeded):
			s.last(present(context.WithoutCancel(ctx), s.exec, failure(CodeUnavailable, tookTooLong)))
			return
		case !ok || ctx.Err() != nil:
			return
		case resp == nil:
			_ = s.send("", typeComplete, nil)
			return
		}
		if s.response(resp) != nil {
			return
		}
	}
}

// produce gives an operation's responses, and closes the channel after the last.
func (s *eventStream) produce(ctx context.Context, op *graphql.OperationContext, responses chan<- *graphql.Response) {
	defer close(responses)
	give := func(resp *graphql.Response) bool {
		select {
		case responses <- resp:
			return true
		case <-ctx.Done():
			return false
		}
	}
	defer func() {
		if p := recover(); p != nil {
			give(recovered(ctx, s.exec, p))
		}
	}()
	next, ctx := s.exec.DispatchOperation(ctx, op)
	for resp := next(ctx); resp != nil && give(resp); resp = next(ctx) {
		if op.Operation.Operation != ast.Subscription {
			return
		}
	}
}

// waitFor waits for a value, the zero value being the end of a channel, and keeps the stream alive and checked meanwhile.
// It reports false where the stream is to end.
func waitFor[T any](ctx context.Context, s *eventStream, from <-chan T) (v T, ok bool) {
	keepAlive := time.NewTicker(s.t.KeepAlive)
	defer keepAlive.Stop()
	var checks, expiry <-chan time.Time
	if s.t.Check != nil {
		ticker := time.NewTicker(s.t.CheckEvery)
		defer ticker.Stop()
		checks = ticker.C
	}
	if !s.session.Expires.IsZero() {
		timer := time.NewTimer(time.Until(s.session.Expires))
		defer timer.Stop()
		expiry = timer.C
	}
	for {
		select {
		case v = <-from:
			return v, true
		case <-keepAlive.C:
			if s.flush(":\n\n") != nil {
				return v, false
			}
		case <-checks:
			if s.t.Check(ctx) != nil {
				return v, false
			}
		case <-expiry:
			return v, false
		case <-ctx.Done():
			return v, false
		}
	}
}

// open sends the header, and how long to wait before coming back, which differs by client.
func (s *eventStream) open() error {
	_ = s.control.SetReadDeadline(time.Time{}) // the server's is for requests
	header := s.w.Header()
	header.Set("Content-Type", mediaEventStream+"; charset=utf-8")
	header.Set("Cache-Control", "no-store")
	header.Set("X-Accel-Buffering", "no") // nginx would hold events back
	header.Add("Vary", "Accept, Accept-Encoding")
	s.w.WriteHeader(http.StatusOK)
	return s.flush("retry: " + strconv.Itoa(1000+rand.IntN(4000)) + "\n:\n\n")
}

// last sends a response that ends the stream.
func (s *eventStream) last(resp *graphql.Response) {
	if s.response(resp) == nil {
		_ = s.send("", typeComplete, nil)
	}
}

func (s *eventStream) response(resp *graphql.Response) error {
	body := getBuffer()
	defer putBuffer(body)
	encode(body, resp)
	id := ""
	if s.t.EventID != nil {
		id = s.t.EventID(resp)
	}
	return s.send(id, "next", body.Bytes())
}

// send writes one event.
func (s *eventStream) send(id, event string, data []byte) error {
	s.buf.Reset()
	if id != "" && !strings.ContainsAny(id, "\r\n\x00") {
		s.buf.WriteString("id: " + id + "\n")
	}
	s.buf.WriteString("event: " + event + "\n")
	for line := range bytes.SplitSeq(data, []byte("\n")) {
		s.buf.WriteString("data: ")
		s.buf.Write(bytes.TrimSuffix(line, []byte("\r")))
		s.buf.WriteByte('\n')
	}
	s.buf.WriteByte('\n')
	return s.flush(s.buf.String())
}

// flush writes within the time for it. A client that does not read is cut.
func (s *eventStream) flush(text string) error {
	_ = s.control.SetWriteDeadline(time.Now().Add(s.t.WriteTimeout))
	if _, err := io.WriteString(s.w, text); err != nil {
		return err
	}
	return s.control.Flush()
}
