package ingest_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/mykpi/mykpi/charts"
	"github.com/mykpi/mykpi/charts/command"
	"github.com/mykpi/mykpi/charts/query"
	"github.com/mykpi/mykpi/eventstore"
	"github.com/mykpi/mykpi/ingest"
	"github.com/mykpi/mykpi/tenancy"
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

// slowLog lets something happen before the log is read, once.
type slowLog struct {
	eventstore.Store
	before atomic.Pointer[func()]
}

func (s *slowLog) Events(ctx context.Context, tenant tenancy.ID, of eventstore.Stream, after int64, limit int) ([]eventstore.Event, error) {
	if before := s.before.Swap(nil); before != nil {
		(*before)()
	}
	return s.Store.Events(ctx, tenant, of, after, limit)
}

// A file that is undone while it is recorded is undone whole: with what came in while the undo looked for its points, and
// what comes after is refused.
func TestAFileUndoneWhileItComesIn(t *testing.T) {
	log := &slowLog{}
	s := stationOn(t, func(store eventstore.Store) eventstore.Store { log.Store = store; return log })
	var text strings.Builder
	text.WriteString("date,value\n")
	for minute := range 5000 {
		fmt.Fprintf(&text, "%s,1\n", time.Date(2024, 1, 1, 0, minute, 0, 0, time.UTC).Format(time.RFC3339))
	}
	file, err := ingest.NewCSV(strings.NewReader(text.String()), ingest.CSVOptions{})
	if err != nil {
		t.Fatal(err)
	}
	i, err := s.commands.Begin(s.acme, command.Intake{})
	if err != nil {
		t.Fatal(err)
	}
	recorded, goOn, ended := make(chan int), make(chan bool), make(chan error)
	go func() {
		_, err := ingest.Import(t.Context(), i, charts.Ref{Key: "revenue"}, file, 0, "", func(row int) {
			recorded <- row
			<-goOn
		})
		ended <- errors.Join(err, i.End(t.Context()))
	}()
	<-recorded
	another := func() { goOn <- true; <-recorded }
	log.before.Store(&another)
	undone, err := s.commands.UndoIngestion(t.Context(), s.acme, command.UndoIngestion{ID: i.ID()})
	if err != nil || undone.Removed != 2000 {
		t.Errorf("%+v, %v, want 2,000 points gone", undone, err)
	}
	close(goOn)
	select {
	case err = <-ended:
	case n := <-recorded:
		t.Fatalf("row %d is recorded of an ingestion that is undone", n)
	}
	if refused, ok := errors.AsType[*tenancy.Refusal](err); !ok || refused.Code != tenancy.VersionConflict {
		t.Error(err)
	}
	if n, status := len(s.points("revenue")), s.ingestions()[0].Status; n != 0 || status != query.IngestionUndone {
		t.Errorf("%d points stand of an ingestion that is %s", n, status)
	}
}
