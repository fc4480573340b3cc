package command_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/mykpi/mykpi/charts/command"
	"github.com/mykpi/mykpi/tenancy"
	"github.com/mykpi/mykpi/test/core"
)

// badPoints are points that no chart may have, by the field that is at fault.
func badPoints() map[string][]command.PointInput {
	at := start.Add(-time.Hour)
	return map[string][]command.PointInput{
		"at": {
			core.Point(start.Add(6*time.Minute), "1"), core.Point(time.Date(1, 1, 1, 0, 0, 0, 0, time.UTC), "1"),
			core.Point(time.Date(1989, 12, 31, 23, 59, 59, 0, time.UTC), "1"), core.Point(time.Time{}, "1"),
		},
		"key": {
			core.Keyed("", at, "1"), core.Keyed(strings.Repeat("k", 256), at, "1"), core.Keyed("a\x00", at, "1"), core.Keyed("\xed\xa0\x80", at, "1"),
		},
		"value": {{At: &at, Invalid: tenancy.Refuse(tenancy.BadUserInput, "value", "is no number")}},
	}
}

// The valid half of a batch is recorded, once; the rest is told, each with its place and field. Or nothing is, where that
// was asked for.
func TestHalfOfABatchIsInvalid(t *testing.T) {
	for field, bad := range badPoints() {
		for i, point := range bad {
			t.Run(fmt.Sprint(field, " ", i), func(t *testing.T) {
				s := newShop(t)
				batch := []command.PointInput{core.Point(start.Add(-time.Minute), "1"), point, core.Point(start.AddDate(-10, 0, 0), "2")}
				all := s.with("", batch...)
				all.FailOnInvalid = true
				_, err := s.Commands.RecordDataPoints(context.Background(), s.as, all)
				var refusal *tenancy.Refusal
				if !errors.As(err, &refusal) || refusal.Code != tenancy.BadUserInput || refusal.Field != "points[1]."+field {
					t.Errorf("all or nothing: %v, want a refusal of points[1].%s", err, field)
				}
				if v := s.value(t); v != "none" {
					t.Errorf("all or nothing recorded %s", v)
				}
				for _, want := range []struct{ recorded, unchanged int }{{2, 0}, {0, 2}} {
					answer := s.record(t, s.with("", batch...))
					if answer.Recorded != want.recorded || answer.Unchanged != want.unchanged || len(answer.Rejected) != 1 ||
						answer.Rejected[0].Index != 1 || answer.Rejected[0].Code != tenancy.BadUserInput || !strings.HasPrefix(answer.Rejected[0].Message, field+": ") {
						t.Errorf("answered %+v", answer)
					}
				}
				if v := s.value(t); v != "1" {
					t.Errorf("the value of the last week is %s, want 1", v)
				}
			})
		}
	}
}

func TestCommandsThatAreRefusedAsAWhole(t *testing.T) {
	s := newShop(t)
	point := core.Point(start, "1")
	long := s.with(strings.Repeat("k", 256), point)
	source := s.with("", point)
	source.Source = strings.Repeat("é", 256)
	nowhere := s.with("", point)
	nowhere.Chart.ID = "chart_of_nobody"
	for name, c := range map[string]struct {
		command command.RecordDataPoints
		code    tenancy.Code
		field   string
	}{
		"no points":      {s.with(""), tenancy.BadUserInput, "points"},
		"10,001 points":  {s.with("", sales(10_001)...), tenancy.BadUserInput, "points"},
		"a long key":     {long, tenancy.BadUserInput, "idempotencyKey"},
		"a key of lines": {s.with("a\nb", point), tenancy.BadUserInput, "idempotencyKey"},
		"a long source":  {source, tenancy.BadUserInput, "source"},
		"nobody's chart": {nowhere, tenancy.NotFound, "chart"},
	} {
		_, err := s.Commands.RecordDataPoints(context.Background(), s.as, c.command)
		var refusal *tenancy.Refusal
		if !errors.As(err, &refusal) || refusal.Code != c.code || refusal.Field != c.field {
			t.Errorf("%s: %v, want %s of %s", name, err, c.code, c.field)
		}
	}
	if v := s.value(t); v != "none" {
		t.Errorf("the value is %s", v)
	}
}
