package sqlite

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/mykpi/mykpi/eventstore"
	"github.com/mykpi/mykpi/tenancy"
	driver "zombiezen.com/go/sqlite"
)

// Documents implements eventstore.Store: all spans are of one instant.
func (s *Store) Documents(ctx context.Context, tenant tenancy.ID, spans ...eventstore.Span) ([][]eventstore.Document, error) {
	if err := checkTenant(tenant); err != nil {
		return nil, err
	}
	for _, span := range spans {
		if err := checkSpan(span); err != nil {
			return nil, err
		}
	}
	answers := make([][]eventstore.Document, len(spans))
	now := s.now().Unix()
	err := s.readers.with(ctx, func(r *reader) error {
		read := func() error {
			for i, span := range spans {
				var err error
				if answers[i], err = r.span(ctx, tenant, span, now); err != nil {
					return err
				}
			}
			return nil
		}
		if len(spans) <= 1 { // one statement is a transaction of its own
			return read()
		}
		return r.snapshot(read)
	})
	if err != nil {
		return nil, err
	}
	return answers, nil
}

func checkSpan(s eventstore.Span) error {
	if s.Limit < 0 {
		return fmt.Errorf("%w: a span's limit of %d", eventstore.ErrInvalid, s.Limit)
	}
	if s.To == "" {
		return s.Key.Validate()
	}
	if s.Key.Stream != (eventstore.Stream{}) {
		return s.Key.Stream.Validate()
	}
	return nil
}

// usualRange is how many documents there is room for at once where a range is read: few tenants' dashboards have more.
const usualRange = 48

func (r *reader) span(ctx context.Context, tenant tenancy.ID, s eventstore.Span, now int64) ([]eventstore.Document, error) {
	key := documentKey(tenant, s.Key)
	prefix := len(key) - len(s.Key.Name)
	stmt := r.document
	if s.To != "" {
		stmt = r.documents
		if s.Desc {
			stmt = r.documentsDesc
		}
		limit := int64(-1)
		if s.Limit > 0 {
			limit = int64(s.Limit)
		}
		stmt.BindText(2, key[:prefix]+s.To)
		stmt.BindInt64(4, limit)
		from, to := "", "" // every key is behind both
		if s.Without != "" {
			from = key[:prefix] + s.Without
			to = from + afterPrefix
		}
		stmt.BindText(5, from)
		stmt.BindText(6, to)
	}
	stmt.BindText(1, key)
	stmt.BindInt64(3, now)
	var found []byte // a key, in room that each row uses again
	var room []eventstore.Document
	if s.To != "" && s.Limit == 0 {
		room = make([]eventstore.Document, 0, usualRange)
	}
	documents, err := collect(ctx, stmt, room, func() eventstore.Document {
		d := eventstore.Document{Key: s.Key, Revision: stmt.ColumnInt64(1), Expires: expiryTime(stmt.ColumnInt64(2)), Body: make([]byte, stmt.ColumnLen(3))}
		stmt.ColumnBytes(3, d.Body)
		if s.To != "" {
			found = slices.Grow(found[:0], stmt.ColumnLen(0))
			found = found[:stmt.ColumnBytes(0, found[:cap(found)])]
			d.Key.Name = string(found[prefix:])
		}
		return d
	})
	return documents, err
}

// Streams implements eventstore.Store.
func (s *Store) Streams(ctx context.Context, tenant tenancy.ID, kind, after string, limit int) ([]eventstore.Stream, error) {
	if err := checkTenant(tenant); err != nil {
		return nil, err
	}
	if err := checkLimit(limit); err != nil {
		return nil, err
	}
	if err := (eventstore.Stream{Kind: kind, ID: "any"}).Validate(); err != nil {
		return nil, err
	}
	prefix := streamPrefix(tenant, kind)
	var streams []eventstore.Stream
	err := s.readers.with(ctx, func(r *reader) (err error) {
		r.streams.BindText(1, prefix+after)
		r.streams.BindText(2, strings.TrimSuffix(prefix, separator)+afterSeparator)
		r.streams.BindInt64(3, int64(limit))
		streams, err = collect(ctx, r.streams, nil, func() eventstore.Stream {
			return eventstore.Stream{Kind: kind, ID: r.streams.ColumnText(0)[len(prefix):]}
		})
		return err
	})
	return streams, err
}

// Tenants implements eventstore.Store. It takes one step in an index for each tenant, however many streams they have.
func (s *Store) Tenants(ctx context.Context, after tenancy.ID, limit int) ([]tenancy.ID, error) {
	if err := checkLimit(limit); err != nil {
		return nil, err
	}
	var tenants []tenancy.ID
	err := s.readers.with(ctx, func(r *reader) error {
		return r.snapshot(func() error {
			for len(tenants) < limit {
				past := ""
				if !after.IsZero() {
					_, past = tenantRange(after)
				}
				r.firstStream.BindText(1, past)
				names, err := collect(ctx, r.firstStream, nil, func() string { return r.firstStream.ColumnText(0) })
				if err != nil || len(names) == 0 {
					return err
				}
				name, _, _ := strings.Cut(names[0], separator)
				if after, err = tenancy.ParseID(name); err != nil {
					return fmt.Errorf("malformed stream name: %w", err)
				}
				tenants = append(tenants, after)
			}
			return nil
		})
	})
	return tenants, err
}

// collect gathers a statement's rows behind those there are until they or the context end.
func collect[T any](ctx context.Context, stmt *driver.Stmt, all []T, row func() T) (_ []T, err error) {
	defer func() {
		if resetErr := stmt.Reset(); err == nil {
			err = resetErr
		}
	}()
	for {
		more, err := stmt.Step()
		if err != nil {
			return nil, err
		}
		if !more {
			return all, nil
		}
		all = append(all, row())
		if len(all)%64 == 0 && ctx.Err() != nil {
			return nil, ctx.Err()
		}
	}
}
