package storetest

import (
	"bytes"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/mykpi/mykpi/eventstore"
	"github.com/mykpi/mykpi/tenancy"
	"pgregory.net/rapid"
)

// model is the contract in memory, written the obvious way.
type model struct {
	now       func() time.Time
	streams   map[eventstore.Stream][]eventstore.Event
	documents map[eventstore.Key]eventstore.Document
}

func newModel(now func() time.Time) *model {
	return &model{now: now, streams: map[eventstore.Stream][]eventstore.Event{}, documents: map[eventstore.Key]eventstore.Document{}}
}

// get answers a document, or one of revision 0.
func (m *model) get(k eventstore.Key) eventstore.Document {
	d := m.documents[k]
	if !d.Expires.IsZero() && !m.now().Before(d.Expires) {
		return eventstore.Document{}
	}
	return d
}

func (m *model) holds(k eventstore.Key, when eventstore.Condition) bool {
	return when == eventstore.Always() || m.get(k).Revision == when.Revision()
}

// commit reports whether the commit went through.
func (m *model) commit(c eventstore.Commit) bool {
	for _, a := range c.Appends {
		if int64(len(m.streams[a.Stream])) != a.Expected {
			return false
		}
	}
	for _, p := range c.Puts {
		if !m.holds(p.Key, p.If) {
			return false
		}
	}
	for _, d := range c.Deletes {
		if !m.holds(d.Key, d.If) {
			return false
		}
	}
	for _, a := range c.Appends {
		m.streams[a.Stream] = append(m.streams[a.Stream], a.Events...)
	}
	for _, p := range c.Puts {
		m.documents[p.Key] = eventstore.Document{Key: p.Key, Revision: m.get(p.Key).Revision + 1, Expires: p.Expires, Body: p.Body}
	}
	for _, d := range c.Deletes {
		delete(m.documents, d.Key)
	}
	return true
}

func (m *model) span(s eventstore.Span) []eventstore.Document {
	found := []eventstore.Document{}
	for k := range m.documents {
		d := m.get(k)
		within := k == s.Key
		if s.To != "" {
			within = k.Stream == (eventstore.Stream{}) && s.Key.Name <= k.Name && k.Name < s.To
		}
		if within && d.Revision > 0 {
			found = append(found, d)
		}
	}
	slices.SortFunc(found, func(a, b eventstore.Document) int { return strings.Compare(a.Key.Name, b.Key.Name) })
	if s.Desc {
		slices.Reverse(found)
	}
	if s.Limit > 0 && len(found) > s.Limit {
		found = found[:s.Limit]
	}
	return found
}

// Streams and names are few, so that commits meet each other, and like each other, so that keys that run together show.
var (
	modelStreams = []eventstore.Stream{{Kind: "A", ID: "1"}, {Kind: "A", ID: "10"}, {Kind: "A1", ID: "0"}, {Kind: "B", ID: "1"}}
	modelNames   = []string{"a", "b", "a#b", "a%", "A#1#a", "é", "日", "a\x00", "b0"}
	modelBounds  = append([]string{"\x01", "a#", "c", "\U0010ffff"}, modelNames...)
)

// testModel compares the engine with the model over random commits and reads of two tenants whose names run together.
func testModel(t *testing.T, f *fixture) {
	var checks atomic.Int64
	rapid.Check(t, func(rt *rapid.T) {
		check := checks.Add(1)
		tenants := []tenancy.ID{tenancy.MustParseID(fmt.Sprint("m", check)), tenancy.MustParseID(fmt.Sprint("m", check, ".0"))}
		models := map[tenancy.ID]*model{tenants[0]: newModel(f.clock.Now), tenants[1]: newModel(f.clock.Now)}
		pick := func(rt *rapid.T) (tenancy.ID, *model) {
			tenant := rapid.SampledFrom(tenants).Draw(rt, "tenant")
			return tenant, models[tenant]
		}
		rt.Repeat(map[string]func(*rapid.T){
			"commit": func(rt *rapid.T) {
				tenant, m := pick(rt)
				c := drawCommit(rt, m)
				want := m.commit(c)
				switch err := f.Commit(t.Context(), tenant, c); {
				case want && err != nil:
					rt.Fatalf("commit answers %v, want nil", err)
				case !want && !errors.Is(err, eventstore.ErrConflict):
					rt.Fatalf("commit answers %v, want a conflict", err)
				}
			},
			"documents": func(rt *rapid.T) {
				tenant, m := pick(rt)
				spans := rapid.SliceOfN(rapid.Custom(drawSpan), 1, 4).Draw(rt, "spans")
				answers, err := f.Documents(t.Context(), tenant, spans...)
				if err != nil {
					rt.Fatal(err)
				}
				for i, span := range spans {
					sameDocuments(rt, span, answers[i], m.span(span))
				}
			},
			"events": func(rt *rapid.T) {
				tenant, m := pick(rt)
				s := rapid.SampledFrom(modelStreams).Draw(rt, "stream")
				at := rapid.Int64Range(0, int64(len(m.streams[s]))+2).Draw(rt, "at")
				limit := rapid.IntRange(1, 200).Draw(rt, "limit")
				sameEvents(rt, t, f, tenant, s, m.streams[s], at, limit)
			},
			"time": func(rt *rapid.T) {
				f.clock.advance(time.Duration(rapid.IntRange(1, 40).Draw(rt, "seconds")) * time.Second)
			},
			"erase": func(rt *rapid.T) {
				if rapid.IntRange(0, 9).Draw(rt, "seldom") > 0 {
					return
				}
				tenant, m := pick(rt)
				if err := f.Erase(t.Context(), tenant); err != nil {
					rt.Fatal(err)
				}
				clear(m.streams)
				clear(m.documents)
			},
		})
		for tenant, m := range models {
			everything := eventstore.Between("\x01", "\U0010ffff")
			sameDocuments(rt, everything, f.read(tenant, everything), m.span(everything))
			for k := range m.documents {
				sameDocuments(rt, eventstore.One(k), f.read(tenant, eventstore.One(k)), m.span(eventstore.One(k)))
			}
			for s, events := range m.streams {
				sameEvents(rt, t, f, tenant, s, events, 0, len(events)+1)
			}
		}
	})
}

func drawCommit(rt *rapid.T, m *model) eventstore.Commit {
	var c eventstore.Commit
	streams := rapid.SliceOfNDistinct(rapid.SampledFrom(modelStreams), 0, 2, func(s eventstore.Stream) eventstore.Stream { return s }).Draw(rt, "streams")
	for _, s := range streams {
		expected := int64(len(m.streams[s]))
		if rapid.IntRange(0, 9).Draw(rt, "stale") == 0 {
			expected = max(0, expected+rapid.Int64Range(-2, 2).Draw(rt, "off"))
		}
		n := rapid.SampledFrom([]int{1, 1, 1, 2, 3, 20}).Draw(rt, "events")
		c.Appends = append(c.Appends, appending(s, expected, n))
	}
	keys := rapid.SliceOfNDistinct(rapid.Custom(drawKey), 0, 4, func(k eventstore.Key) eventstore.Key { return k }).Draw(rt, "keys")
	for _, k := range keys {
		when := eventstore.Always()
		switch rapid.IntRange(0, 9).Draw(rt, "condition") {
		case 0:
			when = eventstore.IfAbsent()
		case 1:
			when = eventstore.IfRevision(rapid.Int64Range(0, 3).Draw(rt, "revision"))
		case 2, 3, 4: // one that holds
			when = eventstore.IfRevision(m.get(k).Revision)
		}
		if rapid.IntRange(0, 3).Draw(rt, "delete") == 0 {
			c.Deletes = append(c.Deletes, eventstore.Delete{Key: k, If: when})
			continue
		}
		p := eventstore.Put{Key: k, Body: rapid.SliceOfN(rapid.Byte(), 0, 20).Draw(rt, "body"), If: when}
		if rapid.Bool().Draw(rt, "expires") {
			p.Expires = m.now().Add(time.Duration(rapid.IntRange(0, 60).Draw(rt, "life")) * time.Second)
		}
		c.Puts = append(c.Puts, p)
	}
	return c
}

func drawKey(rt *rapid.T) eventstore.Key {
	k := common(rapid.SampledFrom(modelNames).Draw(rt, "name"))
	if rapid.IntRange(0, 2).Draw(rt, "of a stream") == 0 {
		k.Stream = rapid.SampledFrom(modelStreams).Draw(rt, "stream")
	}
	return k
}

func drawSpan(rt *rapid.T) eventstore.Span {
	if rapid.Bool().Draw(rt, "one") {
		return eventstore.One(drawKey(rt))
	}
	return eventstore.Span{
		Key: common(rapid.SampledFrom(modelBounds).Draw(rt, "from")), To: rapid.SampledFrom(modelBounds).Draw(rt, "to"),
		Limit: rapid.IntRange(0, 4).Draw(rt, "limit"), Desc: rapid.Bool().Draw(rt, "desc"),
	}
}

func sameDocuments(rt *rapid.T, span eventstore.Span, got, want []eventstore.Document) {
	rt.Helper()
	same := func(a, b eventstore.Document) bool {
		return a.Key == b.Key && a.Revision == b.Revision && a.Expires.Equal(b.Expires) && bytes.Equal(a.Body, b.Body)
	}
	if !slices.EqualFunc(got, want, same) {
		rt.Fatalf("%+v:\n got %+v\nwant %+v", span, got, want)
	}
}

// sameEvents compares a page after a version and one before it, and demands a whole page: these are small.
func sameEvents(rt *rapid.T, t *testing.T, f *fixture, tenant tenancy.ID, s eventstore.Stream, log []eventstore.Event, at int64, limit int) {
	rt.Helper()
	n := int64(len(log))
	forward, err := f.Events(t.Context(), tenant, s, at, limit)
	if err != nil {
		rt.Fatal(err)
	}
	want := log[min(at, n):]
	comparePage(rt, forward, want[:min(limit, len(want))])
	backward, err := f.EventsBefore(t.Context(), tenant, s, at, limit)
	if err != nil {
		rt.Fatal(err)
	}
	before := n
	if at > 0 {
		before = min(n, at-1)
	}
	reversed := slices.Clone(log[:before])
	slices.Reverse(reversed)
	comparePage(rt, backward, reversed[:min(limit, len(reversed))])
}

func comparePage(rt *rapid.T, got, want []eventstore.Event) {
	rt.Helper()
	if len(got) != len(want) {
		rt.Fatalf("%d events, want %d", len(got), len(want))
	}
	for i := range got {
		if diff := same(got[i], want[i]); diff != "" {
			rt.Fatalf("event %d: %s", i, diff)
		}
	}
}
