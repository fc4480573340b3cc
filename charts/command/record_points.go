package command

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"github.com/mykpi/mykpi/charts"
	"github.com/mykpi/mykpi/charts/journal"
	"github.com/mykpi/mykpi/tenancy"
)

// RecordDataPoints asks to record points.
type RecordDataPoints struct {
	Chart          charts.Ref
	Points         []PointInput
	Source         string // such as an n8n execution id
	IdempotencyKey string // "" for none
	FailOnInvalid  bool   // refuse all where one is refused
	Backfill       bool
	DryRun         bool // tell what would be, write nothing
}

// PointInput is a point as it was sent.
type PointInput struct {
	Raw     json.RawMessage // as it was sent, where that says more than the other fields
	Chart   string          // the key of the chart that it names, for whoever sorts points by chart; "" for none
	Key     *string
	At      *time.Time // nil: now
	Value   charts.Decimal
	Invalid *tenancy.Refusal // why it could not be read at all
}

// Recorded tells what became of the points that were sent.
type Recorded struct {
	Chart       charts.ID   `json:"chart"`
	IngestionID string      `json:"ingestionId,omitempty"` // "" where nothing changed
	Recorded    int         `json:"recorded"`
	Corrected   int         `json:"corrected"`
	Unchanged   int         `json:"unchanged"`
	Rejected    []Rejection `json:"rejected,omitempty"`
}

// Rejection is one point that was refused.
type Rejection struct {
	Index   int          `json:"index"`
	Code    tenancy.Code `json:"code"`
	Message string       `json:"message"`
}

const (
	maxSource         = 255 // code points
	maxIdempotencyKey = 255 // bytes
)

// RecordDataPoints records the valid points and tells which were refused, and why.
func (h *Handlers) RecordDataPoints(ctx context.Context, as tenancy.Identity, c RecordDataPoints) (Recorded, error) {
	i, err := h.Begin(as, Intake{Source: c.Source, Backfill: c.Backfill, DryRun: c.DryRun, Lone: len(c.Points) == 1})
	if err != nil {
		return Recorded{}, err
	}
	answer, err := i.Record(ctx, c)
	if ended := i.End(ctx); err == nil {
		err = ended
	}
	return answer, err
}

func (c RecordDataPoints) check() error {
	if n := len(c.Points); n == 0 || n > charts.MaxPointsPerCommand {
		return tenancy.Refuse(tenancy.BadUserInput, "points", "send 1 to %d points, got %d", charts.MaxPointsPerCommand, n)
	}
	return checkIdempotencyKey(c.IdempotencyKey)
}

func checkIdempotencyKey(key string) error {
	if len(key) > maxIdempotencyKey {
		return tenancy.Refuse(tenancy.BadUserInput, "idempotencyKey", "must be at most %d bytes", maxIdempotencyKey)
	}
	return tenancy.CheckLine("idempotencyKey", key, maxIdempotencyKey)
}

// valid splits what was sent into points and refusals.
func (c RecordDataPoints) valid(now charts.Instant) ([]charts.Point, []Rejection) {
	points := make([]charts.Point, 0, len(c.Points))
	var rejected []Rejection
	for i, in := range c.Points {
		p, err := in.Point(now)
		if err != nil {
			rejected = append(rejected, Rejection{Index: i, Code: err.Code, Message: err.Error()})
			continue
		}
		points = append(points, p)
	}
	return points, rejected
}

// Point is the point, as it would be recorded at a time, or why it is refused. Its instant is 0 where that is the time
// of the command.
func (in PointInput) Point(now charts.Instant) (charts.Point, *tenancy.Refusal) {
	if in.Invalid != nil {
		return charts.Point{}, in.Invalid
	}
	p := charts.Point{Value: in.Value}
	if in.Key != nil {
		if err := charts.CheckPointKey("key", *in.Key); err != nil {
			return p, refusal(err)
		}
		p.Key = *in.Key
	}
	if in.At != nil {
		if err := charts.CheckInstant("at", *in.At, now); err != nil {
			return p, refusal(err)
		}
		p.At = charts.InstantOf(*in.At)
	} else if in.Key == nil {
		p.At = now // one instant for the whole command, in however many commits it is carried out
	}
	return p, nil
}

func refusal(err error) *tenancy.Refusal {
	r, ok := err.(*tenancy.Refusal)
	if !ok {
		return tenancy.Refuse(tenancy.Internal, "", "%v", err)
	}
	return r
}

// refuse makes the refusal of the whole command of that of one point.
func (c RecordDataPoints) refuse(r Rejection) error {
	return tenancy.Refuse(r.Code, fmt.Sprintf("points[%d].%s", r.Index, field(r)), "%s", text(r))
}

// field and text are the two halves of a rejection's message, "value: not a decimal".
func field(r Rejection) string {
	name, _, _ := strings.Cut(r.Message, ": ")
	return name
}

func text(r Rejection) string {
	_, message, found := strings.Cut(r.Message, ": ")
	if !found {
		return r.Message
	}
	return message
}

// fingerprint tells two inputs under one idempotency key apart.
func (c RecordDataPoints) fingerprint() string {
	if c.IdempotencyKey == "" {
		return ""
	}
	sum := sha256.New()
	for _, p := range c.Points {
		key, at, invalid := "", "", ""
		if p.Key != nil {
			key = *p.Key
		}
		if p.At != nil {
			at = p.At.UTC().Format(time.RFC3339Nano)
		}
		if p.Invalid != nil {
			invalid = p.Invalid.Error()
		}
		fmt.Fprintf(sum, "%q %s %s %q\n", key, at, p.Value, invalid)
	}
	fmt.Fprintf(sum, "%q %v", c.Source, c.FailOnInvalid)
	return hex.EncodeToString(sum.Sum(nil))
}

// receipt is what is kept under an idempotency key.
type receipt struct {
	Fingerprint string   `json:"fingerprint"`
	Answer      Recorded `json:"answer"`
}

// recording is one RecordDataPoints at work.
type recording struct {
	*Ingestion
	command     RecordDataPoints
	chart       charts.ID
	rejected    []Rejection
	fingerprint string
	answer      Recorded
	told        bool // of the rejected points: they are counted and kept
	answered    bool // the answer is kept, or was found
}

// record commits a piece of the points and adds to the answer; whole says that the piece is all of them.
func (r *recording) record(ctx context.Context, points []charts.Point, whole bool) error {
	var next Recorded
	var run journal.Run
	var events []charts.Event
	var answered, saved, changed bool
	err := r.h.Journal.Do(ctx, r.as.Tenant(), r.chart, func(ctx context.Context, s *journal.Session) error {
		next, run, events = r.answer, r.run.Clone(), nil
		answered, saved, changed = r.DryRun, r.saved, r.changed
		if kept, err := r.kept(ctx, s); err != nil || kept != nil {
			if kept != nil {
				next, answered = *kept, true
			}
			return err
		}
		if undone, err := s.BeingUndone(ctx, r.run); err != nil || undone {
			if undone {
				err = tenancy.Refuse(tenancy.VersionConflict, "", "the ingestion was undone while it was at work: the rest of it was not recorded")
			}
			return err
		}
		decided, counts, err := r.decide(ctx, s, points)
		events = decided
		next.Recorded += counts.Recorded
		next.Corrected += counts.Corrected
		next.Unchanged += counts.Unchanged
		if err != nil || r.DryRun {
			return err
		}
		id := run.ID
		lone := r.Lone && len(r.rejected) == 0
		if lone {
			id = journal.LoneRunID(r.chart, s.Chart.Version+1)
		}
		meta := journal.Meta{By: r.as.Actor(), Source: r.command.Source, CorrelationID: id, Quiet: r.Backfill}
		r.Yield(len(points))
		if err := s.Stage(ctx, meta, events...); err != nil {
			return err
		}
		r.Yield(len(points))
		r.count(&run, counts, s.Chart.Version, len(events) > 0)
		switch {
		case len(events) > 0 && lone:
			next.IngestionID = id
		case len(events) > 0 || !r.told && len(r.rejected) > 0:
			next.IngestionID = id
			s.Put(journal.RunName(id), run.Body(), time.Time{})
			saved, changed = true, false
			r.keepRejected(s, id)
		default:
			changed = true // unchanged points alone: not worth a write of their own
		}
		if whole && r.command.IdempotencyKey != "" {
			answered = true
			return r.keepIn(s, next)
		}
		return nil
	})
	if err == nil {
		r.answer, r.run, r.answered, r.told = next, run, answered, true
		r.saved, r.changed = saved, changed
		if r.DryRun {
			r.would.take(r.chart, events)
		}
	}
	return err
}

// count adds a piece to what the run did to the chart.
func (r *recording) count(run *journal.Run, counts journal.RunPart, version int64, changed bool) {
	part := run.Part(r.chart)
	part.Recorded += counts.Recorded
	part.Corrected += counts.Corrected
	part.Unchanged += counts.Unchanged
	if !r.told {
		part.Rejected += len(r.rejected)
	}
	if changed {
		part.Last = version
		if part.First == 0 {
			part.First = version
		}
	}
}

// keepRejected keeps the refused points along with the first piece.
func (r *recording) keepRejected(s *journal.Session, run string) {
	if r.told || r.Again || len(r.rejected) == 0 {
		return
	}
	points := make([]journal.RejectedPoint, len(r.rejected))
	for n, j := range r.rejected {
		points[n] = journal.RejectedPoint{Code: j.Code, Message: j.Message, Raw: r.command.Points[j.Index].raw(r.run.At)}
	}
	head := journal.RejectedChunk{Run: run, Source: r.command.Source, Chart: r.chart, ChartKey: s.Chart.Key, At: r.run.At}
	for _, chunk := range journal.Chunks(head, points, r.h.NewID()) {
		s.Put(chunk.Name(), chunk.Body(), chunk.Expires())
	}
}

// kept is the first answer under the idempotency key, or nil.
func (r *recording) kept(ctx context.Context, s *journal.Session) (*Recorded, error) {
	if r.command.IdempotencyKey == "" {
		return nil, nil
	}
	body, err := s.Receipt(ctx, r.command.IdempotencyKey)
	if err != nil || body == nil {
		return nil, err
	}
	var first receipt
	if err := json.Unmarshal(body, &first); err != nil {
		return nil, fmt.Errorf("command: a receipt: %w", err)
	}
	if first.Fingerprint != r.fingerprint {
		return nil, tenancy.Refuse(tenancy.IdempotencyKeyReused, "idempotencyKey",
			"this key was used for other points of this chart: use a new key for new input")
	}
	return &first.Answer, nil
}

// decide lets the chart decide on the points and counts what becomes of them.
func (r *recording) decide(ctx context.Context, s *journal.Session, points []charts.Point) (events []charts.Event, counts journal.RunPart, err error) {
	now := charts.InstantOf(s.Now)
	ids := make([]charts.PointID, len(points))
	for i, p := range points {
		if p.At == 0 {
			p.At = now
		}
		ids[i] = p.ID()
	}
	known, err := s.Known(ctx, ids)
	if err != nil {
		return nil, counts, err
	}
	r.would.over(known, r.chart, ids)
	r.Yield(len(points))
	events, err = charts.Decide(s.Chart, charts.Record{Points: points, Known: known, Now: now})
	if err != nil {
		return nil, counts, err
	}
	changed := 0
	for _, e := range events {
		for _, p := range e.(charts.DataPointsRecorded).Points {
			changed++
			if p.Corrects {
				counts.Corrected++
			} else {
				counts.Recorded++
			}
		}
	}
	counts.Unchanged = len(points) - changed
	return events, counts, nil
}

func (r *recording) keepIn(s *journal.Session, answer Recorded) error {
	body, err := json.Marshal(receipt{r.fingerprint, answer})
	if err != nil {
		return err
	}
	s.KeepReceipt(r.command.IdempotencyKey, body)
	return nil
}

// keep keeps the answer to points that took several commits; where the same command was carried out meanwhile, its
// answer is the one.
func (r *recording) keep(ctx context.Context) error {
	var first *Recorded
	err := r.h.Journal.Do(ctx, r.as.Tenant(), r.chart, func(ctx context.Context, s *journal.Session) (err error) {
		if first, err = r.kept(ctx, s); err != nil || first != nil {
			return err
		}
		return r.keepIn(s, r.answer)
	})
	if err == nil && first != nil {
		r.answer = *first
	}
	return err
}
