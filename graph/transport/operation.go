package transport

import (
	"bytes"
	"context"
	"slices"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"
)

// operation is one subscribe message being answered.
type operation struct {
	id     string
	cancel context.CancelFunc // of its execution
	prefix []byte             // {"id":…,"type":"next","payload":

	// under the socket's mu
	active bool // on the socket's list
	feed   Feed // of a shared subscription
	ready  bool // the feed may have something
}

// stop ends the operation's context and feed. It is called once, by whoever took the operation off the socket's list.
func (op *operation) stop() {
	op.cancel()
	if op.feed != nil {
		op.feed.Close()
	}
}

// subscribe starts an operation.
func (s *socket) subscribe(m *message) {
	s.mu.Lock()
	acked, ctx, running, exists := s.acked, s.session.Context, len(s.ops), s.operation(m.ID) != nil
	s.mu.Unlock()
	switch {
	case !acked:
		s.close(closeUnauthorized, "Unauthorized")
		return
	case exists:
		s.close(closeDuplicate, "Subscriber for "+m.ID+" already exists")
		return
	case running >= s.t.MaxOperations:
		s.sendErrors(m.ID, s.presented(ctx, failure(CodeLimitExceeded, "too many operations are active on this socket: complete one first")))
		return
	}
	op := &operation{id: m.ID, prefix: append(head(m.ID, "next"), payloadKey...), active: true}
	ctx, op.cancel = context.WithCancel(ctx)
	s.mu.Lock()
	s.ops = append(s.ops, op)
	s.mu.Unlock()
	s.work.Go(func() { s.run(ctx, op, m.request) })
}

// run executes an operation. A shared one is left to its feed.
func (s *socket) run(ctx context.Context, op *operation, q *request) {
	defer func() {
		if p := recover(); p != nil {
			s.fail(op, recovered(ctx, s.exec, p).Errors)
		}
	}()
	params, _ := q.params(nil)             // was checked with the message
	ctx = graphql.StartOperationTrace(ctx) // the socket's began with the handshake
	gql, errs := s.exec.CreateOperationContext(ctx, params)
	if errs != nil {
		s.fail(op, s.exec.DispatchError(graphql.WithOperationContext(ctx, gql), errs).Errors)
		return
	}
	if gql.Operation.Operation == ast.Subscription {
		if !s.share(ctx, op, gql) {
			s.execute(ctx, op, gql)
		}
		return
	}
	ctx, cancel := context.WithTimeout(ctx, s.t.RequestTimeout)
	defer cancel()
	s.execute(ctx, op, gql)
}

// execute writes what an operation yields. The next response is computed when the one before is written: a slow client
// slows its own subscription alone.
func (s *socket) execute(ctx context.Context, op *operation, gql *graphql.OperationContext) {
	single := gql.Operation.Operation != ast.Subscription
	responses, ctx := s.exec.DispatchOperation(ctx, gql)
	body := getBuffer()
	defer putBuffer(body)
	for first := true; ; first = false {
		resp := responses(ctx)
		switch {
		case resp == nil && single && first: // the executor's word for a context that ended
			s.fail(op, s.presented(ctx, failure(CodeUnavailable, tookTooLong)))
			return
		case resp == nil:
			s.complete(op)
			return
		case first && resp.Data == nil && len(resp.Errors) > 0: // it did not come to execution
			s.fail(op, resp.Errors)
			return
		}
		body.Reset()
		encode(body, resp)
		if s.next(op, body.Bytes()) != nil {
			return
		}
		if single {
			s.complete(op)
			return
		}
	}
}

// next writes a result.
func (s *socket) next(op *operation, payload []byte) error {
	frame := getFrame()
	defer putFrame(frame)
	*frame = appendText(*frame, op.prefix, payload, closing)
	s.writing.Lock()
	defer s.writing.Unlock()
	if !s.active(op) {
		return errSocketClosed
	}
	return s.send(*frame)
}

func (s *socket) active(op *operation) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return op.active
}

// operation is the active operation of an id; mu is held.
func (s *socket) operation(id string) *operation {
	for _, op := range s.ops {
		if op.id == id {
			return op
		}
	}
	return nil
}

// remove takes an operation off the list, and reports whether it was on it.
func (s *socket) remove(op *operation) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if op == nil || !op.active {
		return false
	}
	op.active = false
	s.ops = slices.DeleteFunc(s.ops, func(o *operation) bool { return o == op })
	return true
}

// drop ends an operation that the client has completed. An unknown id is one that was completed already.
func (s *socket) drop(id string) {
	s.mu.Lock()
	op := s.operation(id)
	s.mu.Unlock()
	if s.remove(op) {
		op.stop()
	}
}

// complete tells the client that there is no more, unless it completed the operation itself.
func (s *socket) complete(op *operation) {
	if s.remove(op) {
		_ = s.text(head(op.id, typeComplete), closing)
		op.stop()
	}
}

// fail ends an operation by an error message, after which there is no complete.
func (s *socket) fail(op *operation, errs gqlerror.List) {
	if s.remove(op) {
		s.sendErrors(op.id, errs)
		op.stop()
	}
}

func (s *socket) sendErrors(id string, errs gqlerror.List) {
	var body bytes.Buffer
	encodeErrors(&body, errs)
	_ = s.text(head(id, "error"), payloadKey, body.Bytes(), closing)
}

// presented runs an error through the executor's presenter.
func (s *socket) presented(ctx context.Context, err error) gqlerror.List {
	return present(ctx, s.exec, err).Errors
}
