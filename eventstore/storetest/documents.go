package storetest

import (
	"bytes"
	"fmt"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/mykpi/mykpi/eventstore"
)

func testRevisions(t *testing.T, f *fixture) {
	for revision := range int64(3) {
		f.commit(acme, onlyPut(putting("d", fmt.Sprint(revision), eventstore.Always())))
		d := f.document(acme, common("d"))
		if d.Revision != revision+1 || string(d.Body) != fmt.Sprint(revision) {
			t.Fatalf("put %d: revision %d, body %q", revision+1, d.Revision, d.Body)
		}
	}
	f.commit(acme, onlyDelete(eventstore.Delete{Key: common("d")}))
	if d := f.document(acme, common("d")); d.Revision != 0 {
		t.Fatalf("a deleted document is still there: %+v", d)
	}
	f.commit(acme, onlyPut(putting("d", "again", eventstore.Always())))
	if d := f.document(acme, common("d")); d.Revision != 1 {
		t.Fatalf("after a delete the revision is %d, want 1", d.Revision)
	}
}

func testConditions(t *testing.T, f *fixture) {
	put := func(when eventstore.Condition) eventstore.Commit { return onlyPut(putting("d", "x", when)) }
	f.refused(acme, put(eventstore.IfRevision(1)), eventstore.ErrConflict)
	f.commit(acme, put(eventstore.IfAbsent())) // revision 1
	f.refused(acme, put(eventstore.IfAbsent()), eventstore.ErrConflict)
	f.refused(acme, put(eventstore.IfRevision(0)), eventstore.ErrConflict)
	f.refused(acme, put(eventstore.IfRevision(2)), eventstore.ErrConflict)
	f.commit(acme, put(eventstore.IfRevision(1))) // 2
	f.refused(acme, put(eventstore.IfRevision(1)), eventstore.ErrConflict)
	f.commit(acme, put(eventstore.Always())) // 3
	f.commit(acme, put(eventstore.IfRevision(3)))
	if d := f.document(acme, common("d")); d.Revision != 4 {
		t.Fatalf("revision %d, want 4", d.Revision)
	}
}

func testDeleteConditions(t *testing.T, f *fixture) {
	remove := func(when eventstore.Condition) eventstore.Commit {
		return onlyDelete(eventstore.Delete{Key: common("d"), If: when})
	}
	f.commit(acme, remove(eventstore.Always()))
	f.commit(acme, remove(eventstore.IfAbsent()))
	f.refused(acme, remove(eventstore.IfRevision(1)), eventstore.ErrConflict)
	f.commit(acme, onlyPut(putting("d", "x", eventstore.Always())))
	f.refused(acme, remove(eventstore.IfRevision(2)), eventstore.ErrConflict)
	f.refused(acme, remove(eventstore.IfAbsent()), eventstore.ErrConflict)
	if d := f.document(acme, common("d")); d.Revision != 1 {
		t.Fatal("a refused delete has deleted")
	}
	f.commit(acme, remove(eventstore.IfRevision(1)))
	if d := f.document(acme, common("d")); d.Revision != 0 {
		t.Fatal("the delete has not deleted")
	}
}

func testExpiry(t *testing.T, f *fixture) {
	start := f.clock.Now()
	expiring := func(name string, after time.Duration, when eventstore.Condition) eventstore.Put {
		return eventstore.Put{Key: common(name), Body: []byte("x"), Expires: start.Add(after), If: when}
	}
	f.commit(acme, onlyPut(expiring("a", 10*time.Second, eventstore.IfAbsent()), putting("b", "x", eventstore.Always())))
	f.commit(acme, onlyPut(expiring("a", 10*time.Second, eventstore.Always())))
	d := f.document(acme, common("a"))
	if !d.Expires.Equal(start.Add(10*time.Second)) || d.Revision != 2 {
		t.Fatalf("expires %v at revision %d, want %v at 2", d.Expires, d.Revision, start.Add(10*time.Second))
	}
	if d := f.document(acme, common("b")); !d.Expires.IsZero() {
		t.Fatalf("a document without an end expires at %v", d.Expires)
	}

	f.clock.advance(9 * time.Second)
	f.equal("a second before", f.names(acme, eventstore.Between("a", "z")), []string{"a", "b"})
	f.refused(acme, onlyPut(expiring("a", time.Minute, eventstore.IfAbsent())), eventstore.ErrConflict)

	f.clock.advance(time.Second)
	f.equal("at its end", f.names(acme, eventstore.Between("a", "z")), []string{"b"})
	f.equal("at its end, from the end", f.names(acme, eventstore.Span{Key: common("a"), To: "z", Desc: true}), []string{"b"})
	f.equal("at its end, one", f.names(acme, eventstore.One(common("a"))), []string{})
	f.equal("it takes no place under a limit", f.names(acme, eventstore.Span{Key: common("a"), To: "z", Limit: 1}), []string{"b"})
	f.refused(acme, onlyPut(expiring("a", time.Minute, eventstore.IfRevision(2))), eventstore.ErrConflict)
	f.refused(acme, onlyDelete(eventstore.Delete{Key: common("a"), If: eventstore.IfRevision(2)}), eventstore.ErrConflict)
	f.commit(acme, onlyDelete(eventstore.Delete{Key: common("c"), If: eventstore.IfAbsent()}))

	f.commit(acme, onlyPut(expiring("a", time.Minute, eventstore.IfAbsent())))
	if d := f.document(acme, common("a")); d.Revision != 1 || !d.Expires.Equal(start.Add(time.Minute)) {
		t.Fatalf("put over an expired document: revision %d, expires %v", d.Revision, d.Expires)
	}
	f.clock.advance(time.Hour)
	f.commit(acme, onlyPut(putting("a", "for ever", eventstore.Always())))
	f.clock.advance(1000 * time.Hour)
	if d := f.document(acme, common("a")); d.Revision != 1 || string(d.Body) != "for ever" {
		t.Fatalf("put over an expired document: %+v", d)
	}
	f.commit(acme, onlyPut(expiring("past", 0, eventstore.Always())))
	f.equal("born expired", f.names(acme, eventstore.One(common("past"))), []string{})
}

func testSpans(t *testing.T, f *fixture) {
	for _, name := range []string{"b3", "a", "b1", "c", "b2", "b", "b10"} {
		f.commit(acme, onlyPut(putting(name, "body of "+name, eventstore.Always())))
	}
	span := func(from, to string, limit int, desc bool) eventstore.Span {
		return eventstore.Span{Key: common(from), To: to, Limit: limit, Desc: desc}
	}
	for _, c := range []struct {
		span eventstore.Span
		want []string
	}{
		{span("a", "z", 0, false), []string{"a", "b", "b1", "b10", "b2", "b3", "c"}},
		{span("a", "z", 0, true), []string{"c", "b3", "b2", "b10", "b1", "b", "a"}},
		{span("b", "c", 0, false), []string{"b", "b1", "b10", "b2", "b3"}},
		{span("b1", "b3", 0, false), []string{"b1", "b10", "b2"}},
		{span("b1", "b3", 0, true), []string{"b2", "b10", "b1"}},
		{span("b1", "b3", 2, false), []string{"b1", "b10"}},
		{span("b1", "b3", 2, true), []string{"b2", "b10"}},
		{span("b1", "b3", 99, true), []string{"b2", "b10", "b1"}},
		{span("b1", "b1", 0, false), []string{}},
		{span("c", "b", 0, false), []string{}},
		{span("b11", "b2", 0, false), []string{}},
		{eventstore.One(common("b")), []string{"b"}},
		{eventstore.One(common("b4")), []string{}},
	} {
		f.equal(fmt.Sprintf("%+v", c.span), f.names(acme, c.span), c.want)
	}

	for _, desc := range []bool{false, true} {
		without := span("a", "z", 0, desc)
		without.Without = "b1"
		want := []string{"a", "b", "b2", "b3", "c"}
		if desc {
			slices.Reverse(want)
		}
		asked := slices.DeleteFunc(f.names(acme, without), func(name string) bool { return strings.HasPrefix(name, "b1") })
		f.equal(fmt.Sprintf("%+v, whatever of those", without), asked, want)
	}

	all, err := f.Documents(t.Context(), acme, span("b2", "b4", 0, false), eventstore.One(common("nothing")), eventstore.One(common("a")), span("a", "c", 1, true))
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, answer := range all {
		for _, d := range answer {
			if string(d.Body) != "body of "+d.Key.Name || d.Revision != 1 {
				t.Errorf("%s has body %q, revision %d", d.Key.Name, d.Body, d.Revision)
			}
			got = append(got, d.Key.Name)
		}
		got = append(got, "|")
	}
	f.equal("several spans", got, []string{"b2", "b3", "|", "|", "a", "|", "b3", "|"})

	if none, err := f.Documents(t.Context(), acme); err != nil || len(none) != 0 {
		t.Errorf("no spans: %v, %v", none, err)
	}
	_, negative := f.Documents(t.Context(), acme, span("a", "b", -1, false))
	_, unnamed := f.Documents(t.Context(), acme, eventstore.One(common("")))
	_, ofStream := f.Documents(t.Context(), acme, eventstore.Span{Key: eventstore.Key{Stream: eventstore.Stream{Kind: "CHART"}, Name: "a"}, To: "b"})
	expect(t, eventstore.ErrInvalid, map[string]error{"negative limit": negative, "no name": unnamed, "span of no stream's documents": ofStream})

	many := eventstore.Commit{}
	for i := range min(f.Limits().Records, 90) {
		many.Puts = append(many.Puts, putting(fmt.Sprintf("many%04d", i), strings.Repeat("x", 20_000), eventstore.Always()))
	}
	f.commit(acme, many)
	if found := f.read(acme, eventstore.Between("many", "many~")); len(found) != len(many.Puts) {
		t.Errorf("a span over more than a megabyte answers %d documents, want %d", len(found), len(many.Puts))
	}
}

// testEventual: an eventual read may be behind for a while, and is never anything that was not; one that is not
// eventual, of the same document in the same call, is never behind.
func testEventual(t *testing.T, f *fixture) {
	eventually := func(s eventstore.Span) eventstore.Span {
		s.Eventual = true
		return s
	}
	bodies := func(docs []eventstore.Document) string {
		var all []string
		for _, d := range docs {
			all = append(all, d.Key.Name+"="+string(d.Body))
		}
		return strings.Join(all, " ")
	}
	behind := []string{""}
	for i := range 10 {
		f.commit(acme, onlyPut(putting("a", fmt.Sprint(i), eventstore.Always())))
		want := fmt.Sprintf("a=%d", i)
		behind = append(behind, want)
		for first := true; ; first = false {
			answers, err := f.Documents(t.Context(), acme, eventually(eventstore.One(common("a"))), eventstore.One(common("a")), eventually(eventstore.Between("a", "b")), eventstore.Between("a", "b"))
			if err != nil {
				t.Fatal(err)
			}
			if bodies(answers[1]) != want || bodies(answers[3]) != want {
				t.Fatalf("a read misses what was committed before: %v, want %s", answers, want)
			}
			one, many := bodies(answers[0]), bodies(answers[2])
			if !slices.Contains(behind, one) || !slices.Contains(behind, many) {
				t.Fatalf("an eventual read answers %q and %q, which never was", one, many)
			}
			if one == want && many == want {
				break
			}
			if first {
				t.Logf("behind: %q and %q, not %q", one, many, want)
			}
			time.Sleep(10 * time.Millisecond)
		}
	}
}

// testActive: the index of active documents is for others; put or not, it changes nothing here.
func testActive(t *testing.T, f *fixture) {
	put := func(active bool, when eventstore.Condition) {
		f.commit(acme, onlyPut(eventstore.Put{Key: common("CHART#a"), Body: fmt.Append(nil, active), If: when, Active: active}))
	}
	for i, step := range []struct {
		active bool
		when   eventstore.Condition
	}{
		{true, eventstore.IfAbsent()}, {true, eventstore.IfRevision(1)}, {false, eventstore.IfRevision(2)}, {true, eventstore.Always()}, {false, eventstore.Always()},
	} {
		put(step.active, step.when)
		if d := f.document(acme, common("CHART#a")); d.Revision != int64(i+1) || string(d.Body) != fmt.Sprint(step.active) {
			t.Fatalf("put %d: revision %d, body %s", i+1, d.Revision, d.Body)
		}
	}
}

func testOddNames(t *testing.T, f *fixture) {
	names := []string{
		"#", "##", "a#b", "a##b", "a%", "a_", "a*", "a?", "a'b", `a"b`, `a\`, "a\nb", "a\x00b", "a ", " a", "a/b",
		"CHART#c1", "CHART#c1#now", "TENANT#acme", "é", "e\u0301", "日本語", "\U0001F4C8", "\uffff", "A", "a", "~", "\x7f", "\x01",
		strings.Repeat("n", 1000), strings.Repeat("n", 999),
	}
	f.commit(acme, onlyPut(eventstore.Put{Key: eventstore.Key{Stream: chart, Name: "now"}, Body: []byte("the stream's")}))
	for _, name := range names {
		f.commit(acme, onlyPut(putting(name, "body of "+name, eventstore.IfAbsent())))
	}
	slices.Sort(names)
	f.equal("all of them", f.names(acme, eventstore.Between("\x01", "\U0010ffff")), names)
	for i, name := range names {
		d := f.document(acme, common(name))
		if string(d.Body) != "body of "+name || d.Revision != 1 {
			t.Errorf("%q has body %q, revision %d", name, d.Body, d.Revision)
		}
		f.equal(fmt.Sprintf("from %q", name), f.names(acme, eventstore.Between(name, "\U0010ffff")), names[i:])
		f.equal(fmt.Sprintf("to %q", name), f.names(acme, eventstore.Between("\x01", name)), names[:i])
	}
}

func testStreamDocuments(t *testing.T, f *fixture) {
	other := eventstore.Stream{Kind: "CHART", ID: "c10"}
	keys := []eventstore.Key{
		common("now"), {Stream: chart, Name: "now"}, {Stream: other, Name: "now"}, {Stream: chart, Name: "no"},
		{Stream: eventstore.Stream{Kind: "TENANT", ID: "c1"}, Name: "now"},
		{Stream: chart, Name: "a#b"}, {Stream: chart, Name: "IDEM#1"},
	}
	for i, k := range keys {
		f.commit(acme, onlyPut(eventstore.Put{Key: k, Body: fmt.Append(nil, i), If: eventstore.IfAbsent()}))
	}
	for i, k := range keys {
		if d := f.document(acme, k); d.Key != k || string(d.Body) != fmt.Sprint(i) || d.Revision != 1 {
			t.Errorf("%v answers %v with body %q", k, d.Key, d.Body)
		}
	}
	f.equal("documents make no stream", f.streams(acme, "CHART", 10), []string{})
	f.equal("documents make no tenant", f.tenants(10), []string{})
	f.commit(acme, onlyAppend(chart, 0, 3))
	for _, name := range []string{"VERSION#0000000000000000001", "VERSION#x", "VERSION", "VERSION$", "DOC#", "DOC#VERSION#1", "DOC", "DOCTOR", "~"} {
		f.commit(acme, onlyPut(eventstore.Put{Key: eventstore.Key{Stream: chart, Name: name}, Body: []byte("like an event")}))
	}
	all := []string{"DOC", "DOC#", "DOC#VERSION#1", "DOCTOR", "IDEM#1", "VERSION", "VERSION#0000000000000000001", "VERSION#x", "VERSION$", "a#b", "no", "now", "~"}
	own := func(from, to string, limit int, desc bool) []string {
		return f.names(acme, eventstore.Span{Key: eventstore.Key{Stream: chart, Name: from}, To: to, Limit: limit, Desc: desc})
	}
	for i, from := range all {
		for k, to := range all {
			want := []string{}
			if i < k {
				want = all[i:k]
			}
			f.equal("the stream's documents from "+from+" to "+to, own(from, to, 0, false), want)
		}
		f.equal("the stream's documents to the end", own(from, "\U0010ffff", 0, false), all[i:])
		f.equal("the first of them", own(from, "\U0010ffff", 3, false), all[i:min(i+3, len(all))])
	}
	last := slices.Clone(all[len(all)-8:])
	slices.Reverse(last)
	f.equal("the last of them", own("\x01", "\U0010ffff", 8, true), last)
	f.equal("the common space", f.names(acme, eventstore.Between("\x01", "\U0010ffff")), []string{"now"})
	f.commit(acme, onlyDelete(eventstore.Delete{Key: keys[1], If: eventstore.IfRevision(1)}))
	for i, k := range keys {
		if d := f.document(acme, k); (d.Revision == 0) != (i == 1) {
			t.Errorf("after the delete of %v: %v has revision %d", keys[1], k, d.Revision)
		}
	}
}

func testBodies(t *testing.T, f *fixture) {
	every := make([]byte, 256)
	for i := range every {
		every[i] = byte(i)
	}
	for name, body := range map[string][]byte{
		"nil": nil, "empty": {}, "zero": {0}, "every byte": every, "300 KB": bytes.Repeat(every, 1200),
	} {
		for range 2 {
			f.commit(acme, onlyPut(eventstore.Put{Key: common(name), Body: body}))
			if d := f.document(acme, common(name)); !bytes.Equal(d.Body, body) {
				t.Errorf("%s: %d bytes come back as %d, or others", name, len(body), len(d.Body))
			}
		}
	}
}

// testKeptBodies keeps one of the documents that were read at once: the memory of the others is free again.
func testKeptBodies(t *testing.T, f *fixture) {
	body := bytes.Repeat([]byte("body"), 250)
	for _, name := range []string{"a", "b", "c"} {
		f.commit(acme, onlyPut(eventstore.Put{Key: common(name), Body: body}))
	}
	docs := f.read(acme, eventstore.Between("a", "z"))
	kept, gone := docs[1].Body, make(chan struct{}, 2)
	for _, d := range []eventstore.Document{docs[0], docs[2]} {
		runtime.AddCleanup(&d.Body[0], func(struct{}) { gone <- struct{}{} }, struct{}{})
	}
	runtime.GC()
	for range cap(gone) {
		select {
		case <-gone:
		case <-time.After(5 * time.Second):
			t.Fatal("a document that is kept keeps others")
		}
	}
	if !bytes.Equal(kept, body) {
		t.Error("what is kept has changed")
	}
}
