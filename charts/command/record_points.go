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
	if err := c.check(); err != nil {
		return Recorded{}, err
	}
	id, err := h.Journal.Resolve(ctx, as.Tenant(), c.Chart)
	if err != nil {
		return Recorded{}, err
	}
	points, rejected := c.valid(charts.InstantOf(h.Now()))
	if c.FailOnInvalid && len(rejected) > 0 {
		first := rejected[0]
		return Recorded{}, tenancy.Refuse(first.Code, fmt.Sprintf("points[%d].%s", first.Index, field(first)), "%s", text(first))
	}
	answer := Recorded{Chart: id, Rejected: rejected, IngestionID: "ing_" + strings.ToLower(h.NewID())}
	r := recording{h: h, as: as, command: c, chart: id, fingerprint: c.fingerprint()}
	err = inPieces(h.Journal, points, func(piece []charts.Point) error {
		return r.record(ctx, piece, len(piece) == len(points), &answer)
	})
	if err == nil && c.IdempotencyKey != "" && !r.answered {
		// The points took several commits; the answer is kept in one more.
		err = r.keep(ctx, answer)
	}
	if answer.Recorded+answer.Corrected == 0 && !r.replayed {
		answer.IngestionID = ""
	}
	return answer, err
}

func (c RecordDataPoints) check() error {
	if n := len(c.Points); n == 0 || n > charts.MaxPointsPerCommand {
		return tenancy.Refuse(tenancy.BadUserInput, "points", "send 1 to %d points, got %d", charts.MaxPointsPerCommand, n)
	}
	if len(c.IdempotencyKey) > maxIdempotencyKey {
		return tenancy.Refuse(tenancy.BadUserInput, "idempotencyKey", "must be at most %d bytes", maxIdempotencyKey)
	}
	if err := tenancy.CheckLine("idempotencyKey", c.IdempotencyKey, maxIdempotencyKey); err != nil {
		return err
	}
	return tenancy.CheckLine("source", c.Source, maxSource)
}

// valid splits what was sent into points and refusals.
func (c RecordDataPoints) valid(now charts.Instant) ([]charts.Point, []Rejection) {
	points := make([]charts.Point, 0, len(c.Points))
	var rejected []Rejection
	for i, in := range c.Points {
		p, err := in.point(now)
		if err != nil {
			rejected = append(rejected, Rejection{Index: i, Code: err.Code, Message: err.Error()})
			continue
		}
		points = append(points, p)
	}
	return points, rejected
}

func (in PointInput) point(now charts.Instant) (charts.Point, *tenancy.Refusal) {
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
	h           *Handlers
	as          tenancy.Identity
	command     RecordDataPoints
	chart       charts.ID
	fingerprint string
	answered    bool // the answer is kept, or was found
	replayed    bool // it was found
}

// record commits a piece of the points and adds to the answer; whole says that the piece is all of them.
func (r *recording) record(ctx context.Context, points []charts.Point, whole bool, answer *Recorded) error {
	var next Recorded
	var answered, replayed bool
	err := r.h.Journal.Do(ctx, r.as.Tenant(), r.chart, func(ctx context.Context, s *journal.Session) error {
		next, answered, replayed = *answer, false, false
		if kept, err := r.kept(ctx, s); err != nil || kept != nil {
			if kept != nil {
				next, answered, replayed = *kept, true, true
			}
			return err
		}
		events, err := r.decide(ctx, s, points, &next)
		if err != nil || r.command.DryRun {
			return err
		}
		if whole && r.command.IdempotencyKey != "" {
			answered = true
			if err := r.keepIn(s, next); err != nil {
				return err
			}
		}
		return s.Stage(ctx, journal.Meta{By: r.as.Actor(), Source: r.command.Source, CorrelationID: answer.IngestionID}, events...)
	})
	if err == nil {
		*answer, r.answered, r.replayed = next, answered || r.command.DryRun, replayed
	}
	return err
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
func (r *recording) decide(ctx context.Context, s *journal.Session, points []charts.Point, answer *Recorded) ([]charts.Event, error) {
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
		return nil, err
	}
	events, err := charts.Decide(s.Chart, charts.Record{Points: points, Known: known, Now: now})
	if err != nil {
		return nil, err
	}
	changed := 0
	for _, e := range events {
		for _, p := range e.(charts.DataPointsRecorded).Points {
			changed++
			if p.Corrects {
				answer.Corrected++
			} else {
				answer.Recorded++
			}
		}
	}
	answer.Unchanged += len(points) - changed
	return events, nil
}

func (r *recording) keepIn(s *journal.Session, answer Recorded) error {
	if answer.Recorded+answer.Corrected == 0 {
		answer.IngestionID = ""
	}
	body, err := json.Marshal(receipt{r.fingerprint, answer})
	if err != nil {
		return err
	}
	s.KeepReceipt(r.command.IdempotencyKey, body)
	return nil
}

func (r *recording) keep(ctx context.Context, answer Recorded) error {
	return r.h.Journal.Do(ctx, r.as.Tenant(), r.chart, func(_ context.Context, s *journal.Session) error {
		return r.keepIn(s, answer)
	})
}
