package transfer

import (
	"context"
	"strings"

	"github.com/mykpi/mykpi/charts/projection"
	"github.com/mykpi/mykpi/eventstore"
	"github.com/mykpi/mykpi/tenancy"
)

// Kinds are those of all streams that a tenant may have; a test of the module looks for others.
func Kinds() []string { return []string{"TENANT", "MEMBERS", "APIKEY", "SOURCE", "CHART"} }

const (
	eventsPage    = 1000
	streamsPage   = 200
	documentsPage = 500
	firstName     = "\x01"
	behindNames   = "\U0010ffff"
)

// Read tells every record of a tenant: the documents of the common space, then of each stream its events, those after a
// version that after answers, and its documents.
func Read(ctx context.Context, store eventstore.Store, tenant tenancy.ID, after func(eventstore.Stream) (int64, error), each func(Record) error) error {
	if err := readDocuments(ctx, store, tenant, eventstore.Stream{}, each); err != nil {
		return err
	}
	return streams(ctx, store, tenant, func(s eventstore.Stream) error {
		version, err := after(s)
		if err != nil {
			return err
		}
		for {
			events, err := store.Events(ctx, tenant, s, version, eventsPage)
			if err != nil {
				return err
			}
			for _, e := range events {
				if err := each(Record{Stream: s, Event: &e}); err != nil {
					return err
				}
				version = e.Version
			}
			if len(events) == 0 {
				return readDocuments(ctx, store, tenant, s, each)
			}
		}
	})
}

// FromTheStart reads streams from their first event.
func FromTheStart(eventstore.Stream) (int64, error) { return 0, nil }

func streams(ctx context.Context, store eventstore.Store, tenant tenancy.ID, each func(eventstore.Stream) error) error {
	for _, kind := range Kinds() {
		for after := ""; ; {
			page, err := store.Streams(ctx, tenant, kind, after, streamsPage)
			if err != nil {
				return err
			}
			if len(page) == 0 {
				break
			}
			for _, s := range page {
				if err := each(s); err != nil {
					return err
				}
				after = s.ID
			}
		}
	}
	return nil
}

func readDocuments(ctx context.Context, store eventstore.Store, tenant tenancy.ID, s eventstore.Stream, each func(Record) error) error {
	for from := firstName; ; {
		span := eventstore.Span{Key: eventstore.Key{Stream: s, Name: from}, To: behindNames, Limit: documentsPage}
		answers, err := store.Documents(ctx, tenant, span)
		if err != nil || len(answers[0]) == 0 {
			return err
		}
		for _, d := range answers[0] {
			from = d.Key.Name + "\x00"
			if s == (eventstore.Stream{}) && projected(d.Key.Name) {
				continue
			}
			d.Revision = 0
			if err := each(Record{Stream: s, Document: &d}); err != nil {
				return err
			}
		}
	}
}

// projected reports whether a document is made from a chart's events by a rebuild.
func projected(name string) bool {
	for _, prefix := range []string{projection.ChartPrefix, projection.KeyPrefix, projection.NowPrefix, "TREND#", "POINTS#"} {
		if strings.HasPrefix(name, prefix) {
			return true
		}
	}
	return false
}

// Head is a stream's newest event; one of version 0 where there is none.
func Head(ctx context.Context, store eventstore.Store, tenant tenancy.ID, s eventstore.Stream) (eventstore.Event, error) {
	newest, err := store.EventsBefore(ctx, tenant, s, 0, 1)
	if err != nil || len(newest) == 0 {
		return eventstore.Event{}, err
	}
	return newest[0], nil
}

// Count is how many events a tenant has.
func Count(ctx context.Context, store eventstore.Store, tenant tenancy.ID) (total int64, err error) {
	err = streams(ctx, store, tenant, func(s eventstore.Stream) error {
		head, err := Head(ctx, store, tenant, s)
		total += head.Version
		return err
	})
	return total, err
}
