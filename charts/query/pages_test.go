package query_test

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/mykpi/mykpi/charts"
	"github.com/mykpi/mykpi/charts/command"
	"github.com/mykpi/mykpi/charts/query"
	"github.com/mykpi/mykpi/tenancy"
	"github.com/mykpi/mykpi/tenancy/directory"
	"github.com/mykpi/mykpi/test/core"
	"github.com/mykpi/mykpi/test/oracle"
	"pgregory.net/rapid"
)

// Pages of any sizes cover all points once, in order, also where many are of one instant.
func TestPagesOfPointsCoverAllOnce(t *testing.T) {
	c := core.New(t, core.At(time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)))
	ctx := context.Background()
	rapid.Check(t, func(t *rapid.T) {
		s := newScene(t, c)
		s.record(t)
		if rapid.Bool().Draw(t, "many of one instant") {
			at := s.around(t, "same")
			var same []command.PointInput
			for i := range rapid.SampledFrom([]int{2, 40, 700}).Draw(t, "of it") {
				p := oracle.Point{Key: fmt.Sprintf("same_%d_with_a_key_that_takes_some_room_in_a_page", i), At: at, Value: "1"}
				s.sent = append(s.sent, p)
				same = append(same, input(p))
			}
			c.Record(t, s.as, s.chart, same...)
		}
		chart := c.Read(t, s.as, s.chart)
		var from, to *time.Time
		if rapid.Bool().Draw(t, "within a span") {
			a, b := s.around(t, "from"), s.around(t, "to")
			from, to = &a, &b
		}
		var want []string
		for _, p := range oracle.Standing(s.sent) {
			if from == nil || !p.At.Before(*from) && p.At.Before(*to) {
				want = append(want, p.At.UTC().Format(time.RFC3339Nano)+" "+p.Key+" "+charts.MustDecimal(p.Value).String())
			}
		}
		var got []string
		var after *string
		for {
			size := rapid.IntRange(1, 300).Draw(t, "size")
			page, err := chart.Points(ctx, &size, after, from, to)
			if err != nil {
				t.Fatalf("page behind %d points: %v", len(got), err)
			}
			for _, p := range page.Nodes() {
				key := p.Key
				if key == p.At.Format(time.RFC3339Nano) {
					key = ""
				}
				got = append(got, p.At.Format(time.RFC3339Nano)+" "+key+" "+p.Value.String())
			}
			if page.PageInfo.HasPreviousPage != (after != nil) || len(page.Edges) > size {
				t.Fatalf("page info %+v of a page of %d", page.PageInfo, size)
			}
			if !page.PageInfo.HasNextPage {
				break
			}
			if len(page.Edges) != size {
				t.Fatalf("a page of %d that has a next one holds %d", size, len(page.Edges))
			}
			after = page.PageInfo.EndCursor
		}
		for i := range max(len(got), len(want)) {
			if i >= len(got) || i >= len(want) || got[i] != want[i] {
				t.Fatalf("%d points, want %d; they differ from %d on: %q, want %q", len(got), len(want), i, got[min(i, len(got)):min(i+1, len(got))], want[min(i, len(want)):min(i+1, len(want))])
			}
		}
	})
}

func TestPagesOfHistoryCoverAllOnce(t *testing.T) {
	c := core.New(t, core.At(time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)))
	as := c.Tenant(t, "Europe/Paris", directory.Monday)
	id := c.Chart(t, as, charts.Sum)
	const events = 57
	for i := range events - 1 {
		c.Record(t, as, id, core.Point(c.Clock.Now().Add(-time.Duration(i)*time.Minute), "1"))
	}
	chart := c.Read(t, as, id)
	for _, size := range []int{1, 2, 7, 56, 57, 58, 500} {
		next, pages := events, 0
		var after *string
		for more := true; more; pages++ {
			page, err := chart.History(context.Background(), &size, after)
			if err != nil {
				t.Fatal(err)
			}
			for _, e := range page.Nodes() {
				if e.Version != next {
					t.Fatalf("by %d: version %d, want %d", size, e.Version, next)
				}
				next--
			}
			more, after = page.PageInfo.HasNextPage, page.PageInfo.EndCursor
		}
		if next != 0 || pages != (events+size-1)/size {
			t.Errorf("by %d: %d pages, %d events are missing", size, pages, next)
		}
	}
}

func TestPagesOfChartsCoverAllOnce(t *testing.T) {
	c := core.New(t, core.At(time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)))
	as := c.Tenant(t, "Europe/Paris", directory.Monday)
	var want []charts.ID
	for range 23 {
		want = append(want, c.Chart(t, as, charts.Sum))
		c.Clock.Advance(time.Millisecond)
	}
	for _, size := range []int{1, 5, 22, 23, 24} {
		var got []charts.ID
		var after *string
		for more := true; more; {
			page, err := c.Reader.Charts(context.Background(), as.Tenant(), query.Page{First: size, After: after})
			if err != nil || page.TotalCount != len(want) {
				t.Fatalf("%+v, %v", page, err)
			}
			for _, chart := range page.Nodes() {
				got = append(got, charts.ID(chart.ID))
			}
			more, after = page.PageInfo().HasNextPage, page.PageInfo().EndCursor
		}
		if fmt.Sprint(got) != fmt.Sprint(want) {
			t.Errorf("by %d: %v, want %v", size, got, want)
		}
	}
}

// A cursor of one list is none of another, and what is no cursor at all is refused.
func TestCursorsOfOtherListsAreRefused(t *testing.T) {
	ctx := context.Background()
	c := core.New(t, core.At(time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)))
	as := c.Tenant(t, "Europe/Paris", directory.Monday)
	id := c.Chart(t, as, charts.Sum)
	c.Record(t, as, id, core.Point(c.Clock.Now(), "1"))
	chart := c.Read(t, as, id)
	points, err := chart.Points(ctx, nil, nil, nil, nil)
	if err != nil {
		t.Fatal(err)
	}
	history, err := chart.History(ctx, nil, nil)
	if err != nil {
		t.Fatal(err)
	}
	page, err := c.Reader.Charts(ctx, as.Tenant(), query.Page{First: 1})
	if err != nil {
		t.Fatal(err)
	}
	cursors := map[string]string{
		"points": *points.PageInfo.EndCursor, "history": *history.PageInfo.EndCursor, "charts": *page.PageInfo().EndCursor,
		"": "", "garbage": "!!", "a number": "MTIz", "points of nowhere": "cDp4",
		"points before the first": "cDoxOi0x", "history before the first": "aDowCg", "much": string(make([]byte, 4000)),
	}
	lists := map[string]func(after *string) error{
		"points":  func(after *string) error { _, err := chart.Points(ctx, nil, after, nil, nil); return err },
		"history": func(after *string) error { _, err := chart.History(ctx, nil, after); return err },
		"charts": func(after *string) error {
			_, err := c.Reader.Charts(ctx, as.Tenant(), query.Page{First: 1, After: after})
			return err
		},
	}
	for list, read := range lists {
		for name, cursor := range cursors {
			err := read(&cursor)
			if name == list {
				if err != nil {
					t.Errorf("%s with its own cursor: %v", list, err)
				}
				continue
			}
			var refusal *tenancy.Refusal
			if !errors.As(err, &refusal) || refusal.Code != tenancy.BadUserInput || refusal.Field != "after" {
				t.Errorf("%s with the cursor %q: %v", list, name, err)
			}
		}
	}
}
