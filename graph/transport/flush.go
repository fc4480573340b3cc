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
	feed, err := s.t.Share(graphql.WithOperationContext(ctx, gql), s.exec, gql, func() { s.wake(op) })
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

// wake queues an operation for flushing. It is what a feed's owner calls, and returns at once.
func (s *socket) wake(op *operation) {
	if s.again(op) {
		s.t.Registry.flusher.push(s)
	}
}

// again notes that an operation's feed may have something, and reports whether the socket is to be flushed for it: not
// where it is being flushed.
func (s *socket) again(op *operation) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.ended || op.ready || op.feed == nil || s.ops[op.id] != op {
		return false
	}
	op.ready = true
	s.ready = append(s.ready, op)
	if s.flushing {
		return false
	}
	s.flushing = true
	s.work.Add(1)
	return true
}

// flushBytes is how much of what feeds have is written at a time.
const flushBytes = 16 << 10

// flushNow writes what feeds have as far as the connection takes it without waiting. What takes longer gets a goroutine of
// its own. Only one of flushNow and flush runs at a time.
func (s *socket) flushNow() {
	if s.raw == nil || !s.writing.TryLock() {
		go s.flush()
		return
	}
	frame := getFrame()
	ended := s.gather(frame)
	written := 0
	if len(*frame) > 0 && !s.dead && !s.closing.Load() {
		written = tryWrite(s.raw, *frame)
	}
	if written < len(*frame) || ended != nil {
		go func() {
			err := s.send((*frame)[written:])
			s.writing.Unlock()
			putFrame(frame)
			finish(ended)
			if !s.rest(err) {
				s.flush()
			}
		}()
		return
	}
	s.writing.Unlock()
	putFrame(frame)
	if !s.rest(nil) {
		s.t.Registry.flusher.push(s)
	}
}

// flush writes what feeds have until none has more, however long the client takes to read it.
func (s *socket) flush() {
	frame := getFrame()
	defer putFrame(frame)
	for {
		s.writing.Lock()
		*frame = (*frame)[:0]
		ended := s.gather(frame)
		err := s.send(*frame)
		s.writing.Unlock()
		finish(ended)
		if s.rest(err) {
			return
		}
	}
}

// rest ends the flushing of a socket, and reports so, unless there is more to write.
func (s *socket) rest(err error) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.ready) > 0 && err == nil && !s.ended {
		return false
	}
	s.ready, s.flushing = nil, false
	s.work.Done()
	return true
}

func finish(ended []func()) {
	for _, end := range ended {
		end()
	}
}

// gather appends one event of each operation in turn; writing is held. The feeds are asked only now that the socket can be
// written: what they say is newest. It returns what is to be done when writing is free again, for feeds that ended.
func (s *socket) gather(frame *[]byte) (ended []func()) {
	for len(*frame) < flushBytes {
		op := s.pop()
		if op == nil {
			break
		}
		event, err := s.pull(op)
		switch {
		case event != nil:
			*frame = appendText(*frame, op.prefix, event.Payload, closing)
			s.again(op) // it may have more
		case errors.Is(err, io.EOF):
			ended = append(ended, func() { s.complete(op) })
		case err != nil:
			ended = append(ended, func() { s.fail(op, s.presented(s.context(), err)) })
		}
	}
	return ended
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
