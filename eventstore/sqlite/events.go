package sqlite

import (
	"context"
	"fmt"
	"slices"

	"github.com/mykpi/mykpi/eventstore"
	"github.com/mykpi/mykpi/tenancy"
)

// pageBytes is the size of records after which an answer of events ends.
const pageBytes = 1 << 20

// Events implements eventstore.Store.
func (s *Store) Events(ctx context.Context, tenant tenancy.ID, stream eventstore.Stream, after int64, limit int) ([]eventstore.Event, error) {
	return s.events(ctx, tenant, stream, limit, func(w *walk) error { return w.forward(max(after, 0)) })
}

// EventsBefore implements eventstore.Store.
func (s *Store) EventsBefore(ctx context.Context, tenant tenancy.ID, stream eventstore.Stream, before int64, limit int) ([]eventstore.Event, error) {
	return s.events(ctx, tenant, stream, limit, func(w *walk) error { return w.backward(before) })
}

func (s *Store) events(ctx context.Context, tenant tenancy.ID, stream eventstore.Stream, limit int, direction func(*walk) error) ([]eventstore.Event, error) {
	if err := checkTenant(tenant); err != nil {
		return nil, err
	}
	if err := checkLimit(limit); err != nil {
		return nil, err
	}
	if err := stream.Validate(); err != nil {
		return nil, err
	}
	var events []eventstore.Event
	err := s.readers.with(ctx, func(r *reader) error {
		return r.snapshot(func() error {
			r.findStream.BindText(1, streamName(tenant, stream))
			h, err := stepHead(r.findStream)
			if err != nil || h.no == 0 {
				return err
			}
			w := walk{ctx: ctx, reader: r, head: h, limit: limit}
			err = direction(&w)
			events = w.events
			return err
		})
	})
	if err != nil {
		return nil, fmt.Errorf("events of %v: %w", stream, err)
	}
	return events, nil
}

// walk follows a stream's events by their prev.
type walk struct {
	ctx    context.Context
	reader *reader
	head   head
	limit  int

	records arena
	events  []eventstore.Event
	bytes   int
	seqs    []int64
}

// forward goes from mark to mark, and in each stretch back and then, with the places it found, forward.
func (w *walk) forward(after int64) error {
	for next := after + 1; next <= w.head.version && !w.full(); {
		last := min((next+markEvery-1)/markEvery*markEvery, w.head.version)
		seq, err := w.find(last)
		if err != nil {
			return err
		}
		w.seqs = w.seqs[:0]
		for version := last; version >= next; version-- {
			w.seqs = append(w.seqs, seq)
			if seq, err = w.previous(seq, version); err != nil {
				return err
			}
		}
		slices.Reverse(w.seqs)
		for _, seq := range w.seqs {
			if w.full() {
				return nil
			}
			if _, err := w.read(seq, next); err != nil {
				return err
			}
			next++
		}
	}
	return nil
}

func (w *walk) backward(before int64) error {
	version := w.head.version
	if before > 0 {
		version = min(version, before-1)
	}
	if version == 0 {
		return nil
	}
	seq, err := w.find(version)
	for ; err == nil && version > 0 && !w.full(); version-- {
		seq, err = w.read(seq, version)
	}
	return err
}

func (w *walk) full() bool { return len(w.events) >= w.limit || w.bytes >= pageBytes }

// find answers the seq of a version that the stream has.
func (w *walk) find(version int64) (int64, error) {
	at, seq := w.head.version, w.head.seq
	if mark := (version + markEvery - 1) / markEvery * markEvery; mark < at {
		at = mark
		stmt := w.reader.mark
		stmt.BindInt64(1, w.head.no)
		stmt.BindInt64(2, mark)
		found, err := stmt.Step()
		if err != nil {
			return 0, err
		}
		seq = stmt.ColumnInt64(0)
		if err := stmt.Reset(); err != nil {
			return 0, err
		}
		if !found {
			return 0, fmt.Errorf("damaged log: stream %d has no mark at version %d", w.head.no, mark)
		}
	}
	for ; at > version; at-- {
		var err error
		if seq, err = w.previous(seq, at); err != nil {
			return 0, err
		}
	}
	return seq, nil
}

// previous answers the seq before the event at seq, which must be the stream's of that version.
func (w *walk) previous(seq, version int64) (int64, error) {
	stmt := w.reader.previousEvent
	stmt.BindInt64(1, seq)
	found, err := stmt.Step()
	if err != nil {
		return 0, err
	}
	ours := found && stmt.ColumnInt64(0) == w.head.no && stmt.ColumnInt64(1) == version
	prev := stmt.ColumnInt64(2)
	if err := stmt.Reset(); err != nil {
		return 0, err
	}
	if !ours {
		return 0, w.damaged(version)
	}
	return prev, nil
}

// read adds the event at seq to the answer, and answers the seq before it.
func (w *walk) read(seq, version int64) (int64, error) {
	if err := w.ctx.Err(); err != nil {
		return 0, err
	}
	stmt := w.reader.event
	stmt.BindInt64(1, seq)
	found, err := stmt.Step()
	if err != nil {
		return 0, err
	}
	ours := found && stmt.ColumnInt64(0) == w.head.no && stmt.ColumnInt64(1) == version
	prev, record := int64(0), []byte(nil)
	if ours {
		prev, record = stmt.ColumnInt64(2), w.records.column(stmt, 3)
	}
	if err := stmt.Reset(); err != nil {
		return 0, err
	}
	if !ours {
		return 0, w.damaged(version)
	}
	e, err := decodeRecord(version, record)
	if err != nil {
		return 0, fmt.Errorf("stream %d, version %d: %w", w.head.no, version, err)
	}
	w.events = append(w.events, e)
	w.bytes += len(record)
	return prev, nil
}

func (w *walk) damaged(version int64) error {
	return fmt.Errorf("damaged log: stream %d has no version %d where it should be", w.head.no, version)
}
