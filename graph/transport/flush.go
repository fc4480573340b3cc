package transport

import (
	"context"
	"errors"
	"io"

	"github.com/99designs/gqlgen/graphql"
)

// share hands a subscription to the owner of shared results, and reports whether it is answered so.
func (s *socket) share(ctx context.Context, op *operation, gql *graphql.OperationContext) bool {
	if s.t.Share == nil {
		return false
	}
	feed, err := s.t.Share(graphql.WithOperationContext(ctx, gql), gql, func() { s.wake(op) })
	if err != nil {
		s.fail(op, s.presented(ctx, err))
		return true
	}
	if feed == nil {
		return false
	}
	s.mu.Lock()
	here := s.ops[op.id] == op
	if here {
		op.feed = feed
	}
	s.mu.Unlock()
	if !here { // completed meanwhile
		feed.Close()
		return true
	}
	s.wake(op) // a wake before now was too early
	return true
}

// wake queues an operation for flush. It is what a feed's owner calls, and returns at once.
func (s *socket) wake(op *operation) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.ended || op.ready || op.feed == nil || s.ops[op.id] != op {
		return
	}
	op.ready = true
	s.ready = append(s.ready, op)
	if !s.flushing {
		s.flushing = true
		s.work.Go(s.flush)
	}
}

// flushBytes is how much of what feeds have is written at a time.
const flushBytes = 16 << 10

// flush writes what feeds have, one event of each in turn, until none has more. Only one runs at a time.
func (s *socket) flush() {
	frame := getFrame()
	defer putFrame(frame)
	for {
		err := s.flushOnce(frame)
		s.mu.Lock()
		if len(s.ready) == 0 || err != nil || s.ended {
			s.ready, s.flushing = nil, false
			s.mu.Unlock()
			return
		}
		s.mu.Unlock()
	}
}

// flushOnce writes one batch. The feeds are asked only when the socket can be written: what they then say is newest.
func (s *socket) flushOnce(frame *[]byte) error {
	var ended []func()
	defer func() {
		for _, end := range ended {
			end()
		}
	}()
	s.writing.Lock()
	defer s.writing.Unlock()
	*frame = (*frame)[:0]
	for len(*frame) < flushBytes {
		op := s.pop()
		if op == nil {
			break
		}
		event, err := s.pull(op)
		switch {
		case event != nil:
			*frame = appendText(*frame, op.prefix, event.Payload, closing)
			s.wake(op) // it may have more
		case errors.Is(err, io.EOF):
			ended = append(ended, func() { s.complete(op) })
		case err != nil:
			ended = append(ended, func() { s.fail(op, s.presented(s.context(), err)) })
		}
	}
	if len(*frame) == 0 {
		return nil
	}
	return s.send(*frame)
}

// pop is the next operation whose feed may have something.
func (s *socket) pop() *operation {
	s.mu.Lock()
	defer s.mu.Unlock()
	for len(s.ready) > 0 {
		op := s.ready[0]
		s.ready = s.ready[1:]
		op.ready = false
		if s.ops[op.id] == op {
			return op
		}
	}
	return nil
}

// pull asks a feed, whose panic is its failure.
func (s *socket) pull(op *operation) (event *Event, err error) {
	defer func() {
		if p := recover(); p != nil {
			event, err = nil, recovered(s.context(), s.exec, p).Errors
		}
	}()
	return op.feed.Next()
}
