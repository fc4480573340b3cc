package command_test

import (
	"fmt"
	"maps"
	"strings"
	"testing"
	"time"

	"github.com/mykpi/mykpi/charts"
	"github.com/mykpi/mykpi/charts/command"
	"github.com/mykpi/mykpi/charts/journal"
	"github.com/mykpi/mykpi/charts/query"
	"github.com/mykpi/mykpi/tenancy"
)

func (w *world) ingestions(t testing.TB, p query.IngestionPage) *query.IngestionConnection {
	t.Helper()
	page, err := w.reader.Ingestions(t.Context(), w.as.Tenant(), p)
	if err != nil {
		t.Fatal(err)
	}
	return page
}

func (w *world) rejected(t testing.TB, p query.RejectedPage) *query.RejectedPointConnection {
	t.Helper()
	page, err := w.reader.RejectedPoints(t.Context(), w.as.Tenant(), p)
	if err != nil {
		t.Fatal(err)
	}
	return page
}

// One recorded point costs no document beside its event: what a single append costs stays as it is.
func TestALonePointHasNoDocument(t *testing.T) {
	w := newWorld(t)
	w.chart(t, "c", charts.Sum)
	done := w.record(t, command.RecordDataPoints{Chart: charts.Ref{Key: "c"}, Points: []command.PointInput{plain("1", start)}, Source: "n8n-7", IdempotencyKey: "k"})
	if n := len(w.documents(t, "RUN#")) + len(w.documents(t, "REJECTED#")); n != 0 {
		t.Errorf("%d documents", n)
	}
	found := w.ingestions(t, query.IngestionPage{}).Nodes()
	if len(found) != 1 || found[0].ID != done.IngestionID || found[0].Recorded != 1 || *found[0].Source != "n8n-7" || found[0].Actor != w.as.Actor() {
		t.Fatalf("%+v, want %s", found, done.IngestionID)
	}
	if again, err := w.reader.Ingestion(t.Context(), w.as.Tenant(), done.IngestionID); err != nil || again == nil || again.Recorded != 1 {
		t.Errorf("%+v, %v", again, err)
	}
	if w.record(t, command.RecordDataPoints{Chart: charts.Ref{Key: "c"}, Points: []command.PointInput{plain("1", start)}}).IngestionID != "" {
		t.Error("a call that changed nothing is an ingestion")
	}
}

// Pages hold every ingestion once, the newest first, whatever their kind, chart and source.
func TestPagesOfIngestions(t *testing.T) {
	w := newWorld(t)
	var want []string
	keys := []string{"a", "b", "c"}
	for _, key := range keys {
		w.chart(t, key, charts.Sum)
	}
	for i := range 60 {
		at := start.Add(-time.Duration(i) * time.Minute)
		points := []command.PointInput{plain(fmt.Sprint(i), at)}
		if i%3 == 0 {
			points = append(points, keyed(fmt.Sprint("k", i), "1", at))
		}
		done := w.record(t, command.RecordDataPoints{Chart: charts.Ref{Key: keys[i%7%3]}, Points: points, Source: fmt.Sprint("s", i%2)})
		want = append([]string{done.IngestionID}, want...)
	}
	for _, size := range []int{1, 7, 500} {
		for source := range 3 {
			p := query.IngestionPage{First: &size}
			wanted := want
			if source < 2 {
				name := fmt.Sprint("s", source)
				p.Source = &name
				wanted = nil
				for i, id := range want {
					if (59-i)%2 == source {
						wanted = append(wanted, id)
					}
				}
			}
			var got []string
			for {
				page := w.ingestions(t, p)
				for _, i := range page.Nodes() {
					got = append(got, i.ID)
				}
				if !page.PageInfo.HasNextPage {
					break
				}
				p.After = page.PageInfo.EndCursor
			}
			if fmt.Sprint(got) != fmt.Sprint(wanted) {
				t.Errorf("pages of %d of source %d: %v, want %v", size, source, got, wanted)
			}
		}
	}
	bad := "x"
	if _, err := w.reader.Ingestions(t.Context(), w.as.Tenant(), query.IngestionPage{After: &bad}); err == nil {
		t.Error("a cursor of nothing was taken")
	}
}

func TestUndoOfManyCharts(t *testing.T) {
	w := newWorld(t)
	w.chart(t, "a", charts.Sum)
	w.chart(t, "b", charts.Last)
	w.record(t, command.RecordDataPoints{Chart: charts.Ref{Key: "a"}, Points: []command.PointInput{keyed("k", "1", start)}})
	i, err := w.commands.Begin(w.as, command.Intake{Source: "run"})
	if err != nil {
		t.Fatal(err)
	}
	for _, key := range []string{"a", "b"} {
		if _, err := i.Record(t.Context(), command.RecordDataPoints{Chart: charts.Ref{Key: key}, Points: []command.PointInput{keyed("k", "5", start), keyed("new", "7", start)}}); err != nil {
			t.Fatal(err)
		}
	}
	if err := i.End(t.Context()); err != nil {
		t.Fatal(err)
	}
	w.record(t, command.RecordDataPoints{Chart: charts.Ref{Key: "b"}, Points: []command.PointInput{keyed("k", "9", start)}})
	undone, err := w.commands.UndoIngestion(t.Context(), w.as, command.UndoIngestion{ID: i.ID(), Reason: "the wrong sheet"})
	if err != nil || undone != (command.Undone{Removed: 2, Restored: 1, Kept: 1}) {
		t.Errorf("%+v, %v", undone, err)
	}
	if a, b := w.points(t, "a"), w.points(t, "b"); !maps.Equal(a, map[string]string{"k": "1"}) || !maps.Equal(b, map[string]string{"k": "9"}) {
		t.Errorf("undone: %v and %v", a, b)
	}
	found, err := w.reader.Ingestion(t.Context(), w.as.Tenant(), i.ID())
	if err != nil || found.Status != query.IngestionUndone || found.Recorded != 3 || found.Corrected != 1 {
		t.Errorf("%+v, %v", found, err)
	}
	if about, err := found.Charts(t.Context()); err != nil || len(about) != 2 {
		t.Errorf("%d charts, %v", len(about), err)
	}
	twice, err := w.commands.UndoIngestion(t.Context(), w.as, command.UndoIngestion{ID: i.ID()})
	if err != nil || twice.Removed+twice.Restored != 0 {
		t.Errorf("undone twice: %+v, %v", twice, err)
	}
	redone, err := w.commands.RedoIngestion(t.Context(), w.as, command.RedoIngestion{ID: i.ID()})
	if err != nil || redone != (command.Redone{Recorded: 2, Corrected: 1, Kept: 1}) {
		t.Errorf("%+v, %v", redone, err)
	}
	if a := w.points(t, "a"); !maps.Equal(a, map[string]string{"k": "5", "new": "7"}) {
		t.Errorf("redone: %v", a)
	}
	for _, id := range []string{"", "ing_", "ing_x", "ing_chart_1", "ing_0123456789abcdef0123", i.ID() + "x", "ing_chart_nope_1"} {
		if _, err := w.commands.UndoIngestion(t.Context(), w.as, command.UndoIngestion{ID: id}); err == nil || !strings.Contains(err.Error(), "no such ingestion") {
			t.Errorf("%q: %v", id, err)
		}
	}
}

func TestReplayOfRefusedPoints(t *testing.T) {
	w := newWorld(t)
	w.chart(t, "c", charts.Sum)
	ahead := start.Add(10 * time.Minute)
	points := []command.PointInput{keyed("good", "1", start), keyed("ahead", "2", ahead), command.ReadPoint([]byte(`{"value": "1,5", "key": "bad"}`))}
	done := w.record(t, command.RecordDataPoints{Chart: charts.Ref{Key: "c"}, Points: points, Source: "run"})
	if done.Recorded != 1 || len(done.Rejected) != 2 {
		t.Fatalf("%+v", done)
	}
	kept := w.rejected(t, query.RejectedPage{Chart: &charts.Ref{Key: "c"}}).Nodes()
	if len(kept) != 2 || *kept[0].Source != "run" || *kept[0].Ingestion != done.IngestionID || !strings.Contains(string(kept[1].Raw), `"1,5"`) {
		t.Fatalf("%+v", kept)
	}
	if n := len(w.rejected(t, query.RejectedPage{Chart: &charts.Ref{Key: "other"}}).Nodes()); n != 0 {
		t.Errorf("another chart has %d", n)
	}
	ids := []string{kept[0].ID, "rej_nothing_0", kept[1].ID, "x"}
	w.now.Add(int64(time.Hour)) // the instant ahead has come
	again, err := w.commands.ReplayRejectedPoints(t.Context(), w.as, ids)
	if err != nil || again.Recorded != 1 || len(again.Rejected) != 3 || again.Rejected[1].Index != 2 || again.Rejected[0].Code != tenancy.NotFound {
		t.Errorf("%+v, %v", again, err)
	}
	if got := w.points(t, "c"); !maps.Equal(got, map[string]string{"good": "1", "ahead": "2"}) {
		t.Errorf("%v", got)
	}
	if left := w.rejected(t, query.RejectedPage{}).Nodes(); len(left) != 1 || left[0].ID != kept[1].ID {
		t.Errorf("left are %+v", left)
	}
	w.now.Add(int64(journal.RejectedLife))
	if left := w.rejected(t, query.RejectedPage{}).Nodes(); len(left) != 0 {
		t.Errorf("after 30 days there are %+v", left)
	}
}

// Ten thousand refused points are kept all, and told page by page.
func TestManyRefusedPoints(t *testing.T) {
	w := newWorld(t)
	w.chart(t, "c", charts.Sum)
	points := make([]command.PointInput, charts.MaxPointsPerCommand)
	for i := range points {
		points[i] = command.ReadPoint(fmt.Appendf(nil, `{"value": "x%d", "at": "2026-06-01T10:00:00Z"}`, i))
	}
	w.record(t, command.RecordDataPoints{Chart: charts.Ref{Key: "c"}, Points: points})
	most, n := 500, 0
	for p := (query.RejectedPage{First: &most}); ; {
		page := w.rejected(t, p)
		n += len(page.Nodes())
		if p.After = page.PageInfo.EndCursor; !page.PageInfo.HasNextPage {
			break
		}
	}
	if n != len(points) {
		t.Errorf("%d are told", n)
	}
}

// Whatever is taken as an instant is written as RFC 3339 has it.
func FuzzParseInstant(f *testing.F) {
	for _, seed := range []string{"2026-03-29T01:30:00Z", "2026-03-29T1:30:00,5Z", "2026-03-29T01:30:00.123+23:59", "2026-03-29T01:30:00+24:00"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		at, err := command.ParseInstant(text)
		if err != nil {
			return
		}
		if len(text) < 20 || text[4] != '-' || text[10] != 'T' || text[13] != ':' || text[16] != ':' || strings.ContainsRune(text, ',') || at.Location() != time.UTC {
			t.Fatalf("%q was read as %s", text, at)
		}
	})
}

// An undo that an archived chart refuses is refused by its dry run too.
func TestADryUndoIsRefusedAsTheRealOne(t *testing.T) {
	w := newWorld(t)
	w.chart(t, "c", charts.Sum)
	ref := charts.Ref{Key: "c"}
	w.record(t, command.RecordDataPoints{Chart: ref, Points: []command.PointInput{keyed("k", "1", start)}})
	corrected := w.record(t, command.RecordDataPoints{Chart: ref, Points: []command.PointInput{keyed("k", "2", start)}}).IngestionID
	if _, err := w.commands.ArchiveChart(t.Context(), w.as, command.ArchiveChart{Chart: ref}); err != nil {
		t.Fatal(err)
	}
	for _, dry := range []bool{true, false} {
		_, err := w.commands.UndoIngestion(t.Context(), w.as, command.UndoIngestion{ID: corrected, DryRun: dry})
		if err == nil || !strings.Contains(err.Error(), "the chart is archived") {
			t.Errorf("dry run %v: %v", dry, err)
		}
	}
}
