package apikey

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"github.com/mykpi/mykpi/eventstore"
	"github.com/mykpi/mykpi/tenancy"
)

// The documents of keys. Their names sort after all that a dashboard reads in one range (ABOUT to NOW$).
const (
	recordPrefix = "SECRET#"
	usedPrefix   = "SECRETUSED#"
)

// The events of a key's stream.
const (
	keyCreated = "ApiKeyCreated"
	keyRevoked = "ApiKeyRevoked"
)

func streamOf(id string) eventstore.Stream { return eventstore.Stream{Kind: "APIKEY", ID: id} }

// found is a key as the store has it.
type found struct {
	record
	revision int64
}

// read is the key of a place, or nil.
func read(ctx context.Context, store eventstore.Store, at place) (*found, error) {
	answers, err := store.Documents(ctx, at.tenant,
		eventstore.One(eventstore.Key{Name: recordPrefix + at.id}), eventstore.One(eventstore.Key{Name: usedPrefix + at.id}))
	if err != nil {
		return nil, err
	}
	if len(answers[0]) == 0 {
		return nil, nil
	}
	f, err := decode(answers[0][0])
	if err == nil && len(answers[1]) > 0 {
		err = f.used(answers[1][0])
	}
	return f, err
}

// readAll are a tenant's keys.
func readAll(ctx context.Context, store eventstore.Store, tenant tenancy.ID) ([]*found, error) {
	answers, err := store.Documents(ctx, tenant, below(recordPrefix), below(usedPrefix))
	if err != nil {
		return nil, err
	}
	used := map[string]eventstore.Document{}
	for _, d := range answers[1] {
		used[strings.TrimPrefix(d.Key.Name, usedPrefix)] = d
	}
	all := make([]*found, len(answers[0]))
	for i, d := range answers[0] {
		if all[i], err = decode(d); err != nil {
			return nil, err
		}
		if d, ok := used[all[i].ID]; ok {
			if err := all[i].used(d); err != nil {
				return nil, err
			}
		}
	}
	return all, nil
}

// below is the range of names with a prefix that ends in '#'.
func below(prefix string) eventstore.Span {
	return eventstore.Between(prefix, strings.TrimSuffix(prefix, "#")+"$")
}

func decode(d eventstore.Document) (*found, error) {
	f := &found{revision: d.Revision}
	if err := json.Unmarshal(d.Body, &f.record); err != nil {
		return nil, fmt.Errorf("apikey: %s: %w", d.Key.Name, err)
	}
	return f, nil
}

func (f *found) used(d eventstore.Document) error {
	at, err := time.Parse(time.RFC3339, string(d.Body))
	if err != nil {
		return fmt.Errorf("apikey: %s: %w", d.Key.Name, err)
	}
	f.LastUsedAt = &at
	return nil
}

// commit appends one event to the key's stream and puts its document, which expires where it says so.
func (k *Keys) commit(ctx context.Context, tenant tenancy.ID, by tenancy.Actor, event string, payload any, f *found, expires time.Time) error {
	data, err := json.Marshal(payload)
	if err != nil {
		return err
	}
	r, now := f.record, k.Now().UTC()
	r.Version++
	body, err := json.Marshal(r)
	if err != nil {
		return err
	}
	return k.Store.Commit(ctx, tenant, eventstore.Commit{
		Appends: []eventstore.Append{{Stream: streamOf(r.ID), Expected: r.Version - 1, Events: []eventstore.Event{{
			Version: r.Version, ID: k.NewID(), Type: event, Schema: 1, OccurredAt: now, RecordedAt: now, Actor: by, Data: data,
		}}}},
		Puts: []eventstore.Put{{Key: eventstore.Key{Name: recordPrefix + r.ID}, Body: body, Expires: expires, If: eventstore.IfRevision(f.revision)}},
	})
}

// touch keeps when a key was used.
func touch(ctx context.Context, store eventstore.Store, at place, when time.Time) error {
	return store.Commit(ctx, at.tenant, eventstore.Commit{Puts: []eventstore.Put{{
		Key: eventstore.Key{Name: usedPrefix + at.id}, Body: []byte(when.UTC().Format(time.RFC3339)), Expires: when.Add(usedKept).Truncate(time.Second),
	}}})
}
