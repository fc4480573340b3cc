package transport

import (
	"context"
	"errors"
	"io"
	"slices"

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
	here := op.active
	if here {
		op.feed = feed
		op.cancel() // whatever it was executed with is free
		op.cancel = func() {}
	}
	s.mu.Unlock()
	if !here { // completed meanwhile
		feed.Close()
		return true
	}
	s.wake(op) // a wake before now was too early
	return true
}

// wake writes what an operation's feed has, as far as the connection takes it without waiting. It is what a feed's owner
// calls for one subscriber after the other: the write in its own goroutine costs less than to hand it to another.
func (s *socket) wake(op *operation) {
	if s.again(op) {
		s.flushNow()
	}
}

// again notes that an operation's feed may have something, and reports whether the socket is to be flushed for it: not
// where it is being flushed.
func (s *socket) again(op *operation) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if !op.active || op.feed == nil {
		return false
	}
	op.ready = true
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
	if written == len(*frame) && ended == nil {
		s.writing.Unlock()
		putFrame(frame)
		if !s.rest(nil) {
			go s.flush()
		}
		return
	}
	go func() {
		err := s.send((*frame)[written:])
		s.writing.Unlock()
		putFrame(frame)
		finish(ended)
		if !s.rest(err) {
			s.flush()
		}
	}()
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
	if err == nil && slices.ContainsFunc(s.ops, func(op *operation) bool { return op.ready }) {
		return false
	}
	s.flushing = false
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

// pop is the next operation in turn whose feed may have something.
func (s *socket) pop() *operation {
	s.mu.Lock()
	defer s.mu.Unlock()
	for range s.ops {
		s.turn++
		if s.turn >= len(s.ops) {
			s.turn = 0
		}
		if op := s.ops[s.turn]; op.ready {
			op.ready = false
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
