package storetest

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/mykpi/mykpi/eventstore"
)

// testOneStream: writers that load and commit until they get through lose no event and leave no gap.
func testOneStream(t *testing.T, f *fixture) {
	const writers, each = 6, 15
	var group sync.WaitGroup
	for writer := range writers {
		group.Go(func() {
			for i := range each {
				if err := appendNext(t.Context(), f, fmt.Sprintf("%d-%d", writer, i)); err != nil {
					t.Error(err)
					return
				}
			}
		})
	}
	group.Wait()
	seen := map[string]bool{}
	all := f.log(acme, chart, 1000)
	for i, e := range all {
		if e.Version != int64(i)+1 || seen[e.ID] {
			t.Fatalf("event %d has version %d, id %s", i, e.Version, e.ID)
		}
		seen[e.ID] = true
	}
	if len(all) != writers*each {
		t.Fatalf("%d events, want %d", len(all), writers*each)
	}
	if d := f.document(acme, common("now")); d.Revision != writers*each || string(d.Body) != fmt.Sprint(writers*each) {
		t.Fatalf("the document is of version %s at revision %d", d.Body, d.Revision)
	}
}

func appendNext(ctx context.Context, f *fixture, id string) error {
	for {
		newest, err := f.EventsBefore(ctx, acme, chart, 0, 1)
		if err != nil {
			return err
		}
		version := int64(0)
		if len(newest) > 0 {
			version = newest[0].Version
		}
		c := onlyAppend(chart, version, 1)
		c.Appends[0].Events[0].ID = id
		c.Puts = []eventstore.Put{putting("now", fmt.Sprint(version+1), eventstore.Always())}
		if err := f.Commit(ctx, acme, c); !errors.Is(err, eventstore.ErrConflict) {
			return err
		}
	}
}

// testOneWinner: of many that want the same version, or the same absent document, one gets it.
func testOneWinner(t *testing.T, f *fixture) {
	const writers, rounds = 8, 20
	for round := range int64(rounds) {
		var won atomic.Int32
		var group sync.WaitGroup
		for writer := range writers {
			group.Go(func() {
				var c eventstore.Commit
				if round%2 == 0 {
					c = onlyAppend(chart, round/2, 1)
				} else {
					c = onlyPut(putting(fmt.Sprint("round", round), fmt.Sprint(writer), eventstore.IfAbsent()))
				}
				switch err := f.Commit(t.Context(), acme, c); {
				case err == nil:
					won.Add(1)
				case !errors.Is(err, eventstore.ErrConflict):
					t.Error(err)
				}
			})
		}
		group.Wait()
		if won.Load() != 1 {
			t.Fatalf("round %d: %d winners", round, won.Load())
		}
	}
	f.isIntact(acme, chart, rounds/2)
}

// testReadYourWrites: what was acknowledged is read, by its writer and by one that it tells.
func testReadYourWrites(t *testing.T, f *fixture) {
	const writers, each = 4, 25
	var group sync.WaitGroup
	told := make(chan eventstore.Stream)
	for writer := range writers {
		s := eventstore.Stream{Kind: "CHART", ID: fmt.Sprint("w", writer)}
		group.Go(func() {
			for v := range int64(each) {
				c := onlyAppend(s, v, 1)
				c.Puts = []eventstore.Put{putting("now#"+s.ID, fmt.Sprint(v+1), eventstore.Always())}
				if err := f.Commit(t.Context(), acme, c); err != nil {
					t.Error(err)
					return
				}
				for _, span := range []eventstore.Span{eventstore.One(common("now#" + s.ID)), eventstore.Between("now#"+s.ID, "now#"+s.ID+"~")} {
					answers, err := f.Documents(t.Context(), acme, span)
					if err != nil || len(answers[0]) != 1 || answers[0][0].Revision != v+1 {
						t.Errorf("after version %d of %s: %v, %v", v+1, s.ID, answers, err)
					}
				}
				events, err := f.Events(t.Context(), acme, s, v, 10)
				if err != nil || len(events) != 1 {
					t.Errorf("after version %d of %s: %d events, %v", v+1, s.ID, len(events), err)
				}
				if v == 0 {
					told <- s
				}
			}
		})
	}
	for range writers {
		s := <-told
		if events, err := f.EventsBefore(t.Context(), acme, s, 0, 1); err != nil || len(events) != 1 {
			t.Errorf("told of %s: %d events, %v", s.ID, len(events), err)
		}
	}
	group.Wait()
	for writer := range writers {
		f.isIntact(acme, eventstore.Stream{Kind: "CHART", ID: fmt.Sprint("w", writer)}, each)
	}
}
