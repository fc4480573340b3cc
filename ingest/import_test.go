package ingest_test

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/mykpi/mykpi/charts"
	"github.com/mykpi/mykpi/charts/command"
	"github.com/mykpi/mykpi/ingest"
)

// An import that is cut off has recorded what it told, goes on from there, and from the start counts nothing twice.
func TestImportGoesOn(t *testing.T) {
	engines(t, func(t *testing.T, newStation opener) {
		s := newStation(t)
		calendar, err := charts.NewCalendar("UTC", time.Monday)
		if err != nil {
			t.Fatal(err)
		}
		var text strings.Builder
		text.WriteString("key,value\n")
		for i := range 3500 {
			fmt.Fprintf(&text, "k%d,1\n", i)
		}
		run := func(ctx context.Context, first int, progress func(int)) (*ingest.Answer, error) {
			file, err := ingest.NewCSV(strings.NewReader(text.String()), ingest.CSVOptions{Calendar: calendar})
			if err != nil {
				t.Fatal(err)
			}
			i, err := s.commands.Begin(s.acme, command.Intake{Source: "file.csv", Backfill: true})
			if err != nil {
				t.Fatal(err)
			}
			answer, err := ingest.Import(ctx, i, charts.Ref{Key: "revenue"}, file, first, "", progress)
			if ended := i.End(ctx); ended != nil {
				t.Error(ended)
			}
			return answer, err
		}
		ctx, cut := context.WithCancel(t.Context())
		last := 0
		first, err := run(ctx, 0, func(row int) {
			if last = row; row > 1500 {
				cut()
			}
		})
		if err == nil || first.Recorded != 2000 || last != 2001 {
			t.Fatalf("%+v up to row %d, %v", first, last, err)
		}
		rest, err := run(t.Context(), last+1, func(int) {})
		if err != nil || rest.Recorded != 1500 || rest.Unchanged != 0 {
			t.Errorf("going on: %+v, %v", rest, err)
		}
		again, err := run(t.Context(), 0, func(int) {})
		if err != nil || again.Recorded != 0 || again.Unchanged != 3500 {
			t.Errorf("from the start: %+v, %v", again, err)
		}
		if n := len(s.ingestions()); n != 2 {
			t.Errorf("%d ingestions, want the two that recorded something", n)
		}
	})
}
