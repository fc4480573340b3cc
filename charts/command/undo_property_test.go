package command_test

import (
	"fmt"
	"maps"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/mykpi/mykpi/charts"
	"github.com/mykpi/mykpi/charts/command"
	"github.com/mykpi/mykpi/test/oracle"
)

// Any sequence of sends, repeats, removals, undos and redos ends in what the surviving ingestions say.
func TestUndoLeavesWhatTheOthersSaid(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		w := newWorld(t)
		id := w.chart(t, "c", charts.Sum)
		var o oracle.Ingestions
		var runs []string
		var sent []command.RecordDataPoints
		send := func(c command.RecordDataPoints) {
			done := w.record(t, c)
			changed := 0
			for _, p := range c.Points {
				name := charts.Point{At: charts.InstantOf(*p.At)}.Name()
				if p.Key != nil {
					name = *p.Key
				}
				if o.Record(done.IngestionID, name, p.Value.String()) {
					changed++
				}
			}
			if changed != done.Recorded+done.Corrected {
				rt.Fatalf("%d points changed, told %+v", changed, done)
			}
			if changed > 0 {
				runs = append(runs, done.IngestionID)
			}
		}
		point := rapid.Custom(func(rt *rapid.T) command.PointInput {
			n := rapid.IntRange(0, 3).Draw(rt, "point")
			value := fmt.Sprint(rapid.IntRange(1, 4).Draw(rt, "value"))
			at := start.Add(-time.Duration(n) * 30 * time.Hour)
			if rapid.Bool().Draw(rt, "keyed") {
				return keyed(fmt.Sprintf("k%d", n), value, at)
			}
			return plain(value, at)
		})
		for range rapid.IntRange(1, 25).Draw(rt, "steps") {
			switch rapid.IntRange(0, 6).Draw(rt, "step") {
			case 0, 1, 2:
				c := command.RecordDataPoints{Chart: charts.Ref{Key: "c"}, Points: rapid.SliceOfN(point, 1, 4).Draw(rt, "points")}
				sent = append(sent, c)
				send(c)
			case 3:
				if len(sent) > 0 {
					send(rapid.SampledFrom(sent).Draw(rt, "again"))
				}
			case 4:
				key := fmt.Sprintf("k%d", rapid.IntRange(0, 3).Draw(rt, "removed"))
				if _, err := w.commands.RemoveDataPoints(t.Context(), w.as, command.RemoveDataPoints{Chart: charts.Ref{ID: id}, Keys: []string{key}}); err != nil {
					rt.Fatal(err)
				}
				o.Remove(key)
			default:
				if len(runs) == 0 {
					continue
				}
				run := rapid.SampledFrom(runs).Draw(rt, "run")
				undo := rapid.Bool().Draw(rt, "undo")
				before := o.Points()
				if undo {
					would, err := w.commands.UndoIngestion(t.Context(), w.as, command.UndoIngestion{ID: run, DryRun: true})
					if err != nil {
						rt.Fatal(err)
					}
					if got := w.points(t, "c"); !maps.Equal(got, before) {
						rt.Fatalf("a dry run changed %v to %v", before, got)
					}
					did, err := w.commands.UndoIngestion(t.Context(), w.as, command.UndoIngestion{ID: run})
					if err != nil || did != would {
						rt.Fatalf("undo: %+v, %v; the dry run told %+v", did, err, would)
					}
					o.Undo(run)
				} else {
					if _, err := w.commands.RedoIngestion(t.Context(), w.as, command.RedoIngestion{ID: run}); err != nil {
						rt.Fatal(err)
					}
					o.Redo(run)
				}
			}
			if got, want := w.points(t, "c"), o.Points(); !maps.Equal(got, want) {
				rt.Fatalf("got %v, want %v", got, want)
			}
		}
	})
}
