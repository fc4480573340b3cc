package ingest

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"sync"

	"github.com/mykpi/mykpi/charts"
	"github.com/mykpi/mykpi/charts/command"
	"github.com/mykpi/mykpi/tenancy"
)

// batch is how many rows of a file are committed together.
const batch = 1000

// Import records the rows of a file into a chart, a batch at a time, and tells progress the last row that is durable.
// Rows before the first are passed over. Where it fails, what was told is recorded, and running it again counts nothing
// twice. A key makes a repetition within 48 hours answer what the first run answered.
func Import(ctx context.Context, ingestion *command.Ingestion, chart charts.Ref, file *CSV, first int, key string, progress func(row int)) (*Answer, error) {
	answer := &Answer{DryRun: ingestion.DryRun}
	next := readAhead(file, ingestion)
	defer func() { _, _ = next() }() // the file is the caller's again
	for place := 0; ; {
		rows, err := next()
		if err != nil {
			return answer.done(), bodyError(err)
		}
		if len(rows) == 0 {
			return answer.done(), nil
		}
		next = readAhead(file, ingestion)
		last := rows[len(rows)-1].Number
		rows = slices.DeleteFunc(rows, func(r Row) bool { return r.Number < first })
		if len(rows) > 0 {
			done, err := ingestion.Record(ctx, recordRows(chart, rows, key, place))
			if err != nil {
				return answer.done(), err
			}
			chart = charts.Ref{ID: done.Chart} // which need not be looked up again
			answer.add(done)
			answer.name(ingestion)
			for _, j := range done.Rejected {
				j.Message = fmt.Sprintf("row %d: %s", rows[j.Index].Number, j.Message)
				j.Index += place
				answer.reject(j)
			}
		}
		place += len(rows)
		progress(last)
	}
}

// readAhead begins to read a batch, while the one before is recorded. next waits for it.
func readAhead(file *CSV, ingestion *command.Ingestion) (next func() ([]Row, error)) {
	next = sync.OnceValues(func() ([]Row, error) { return nextBatch(file, ingestion) })
	go func() {
		defer func() { _ = recover() }() // whoever waits panics in its place
		_, _ = next()
	}()
	return next
}

// nextBatch reads the rows of a batch, a part at a time between which others go first.
func nextBatch(file *CSV, ingestion *command.Ingestion) (rows []Row, err error) {
	const parts = 4
	for part := 1; part <= parts && err == nil && len(rows) == (part-1)*batch/parts; part++ {
		var more []Row
		more, err = file.Next(batch / parts)
		rows = append(rows, more...)
		ingestion.Yield(len(more))
	}
	return rows, err
}

// recordRows is the command to record rows that are so many places behind the first.
func recordRows(chart charts.Ref, rows []Row, key string, place int) command.RecordDataPoints {
	c := command.RecordDataPoints{Chart: chart, Points: make([]command.PointInput, len(rows))}
	for i, r := range rows {
		c.Points[i] = r.Point
	}
	if key != "" {
		c.IdempotencyKey = fmt.Sprintf("%s#%d", key, place)
	}
	return c
}

// csv takes a file of points of one chart.
func (h *handler) csv(r *http.Request, as tenancy.Identity, key string, o options) (any, error) {
	if r.ContentLength > h.MaxCSV {
		return nil, &http.MaxBytesError{Limit: h.MaxCSV}
	}
	if len(o.idempotencyKey) > 240 {
		return nil, tenancy.Refuse(tenancy.BadUserInput, "idempotencyKey", "must be at most 240 bytes with a CSV file")
	}
	tenant, err := h.Directory.Tenant(r.Context(), as.Tenant())
	if err != nil {
		return nil, err
	}
	calendar, err := h.Calendars.Of(tenant)
	if err != nil {
		return nil, err
	}
	file, err := NewCSV(http.MaxBytesReader(nil, r.Body, h.MaxCSV), CSVOptions{DecimalComma: o.decimalComma, Calendar: calendar})
	if err != nil {
		return nil, fileError(err)
	}
	ingestion, err := h.Commands.Begin(as, command.Intake{Source: o.source, Backfill: o.backfill, DryRun: o.dryRun})
	if err != nil {
		return nil, err
	}
	last := 0
	answer, err := Import(r.Context(), ingestion, charts.Ref{Key: key}, file, 0, o.idempotencyKey, func(row int) {
		last = row
		moreTime(r)
	})
	if ended := ingestion.End(r.Context()); err == nil {
		err = ended
	}
	var tooLarge *http.MaxBytesError
	if errors.As(err, &tooLarge) && last > 0 {
		return nil, refuseRequest(http.StatusRequestEntityTooLarge, "the file must be at most %d bytes; its rows up to %d are recorded: send the others in another file", h.MaxCSV, last)
	}
	return answer, err
}

// fileError is what is wrong with the beginning of a file, or with the way it came.
func fileError(err error) error {
	if _, ok := errors.AsType[*tenancy.Refusal](err); ok {
		return err
	}
	return bodyError(err)
}
