package source

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"
	"time"

	"github.com/google/cel-go/cel"
	"github.com/google/cel-go/common/types"
	"github.com/google/cel-go/common/types/ref"
	"github.com/google/cel-go/interpreter"

	"github.com/mykpi/mykpi/charts"
	"github.com/mykpi/mykpi/charts/command"
	"github.com/mykpi/mykpi/tenancy"
)

// Mapping is how a payload becomes a point: CEL expressions over body and headers. "" is none.
type Mapping struct {
	Filter string `json:"filter,omitempty"` // false: the payload is passed over
	Value  string `json:"value"`
	At     string `json:"at,omitempty"`  // a timestamp, RFC 3339, or seconds since 1970
	Key    string `json:"key,omitempty"` // a string or a whole number
}

// DefaultMapping is the mapping of a source that was made without one.
func DefaultMapping(k Kind) Mapping {
	if k == Stripe {
		return Mapping{
			Filter: `body.type == "charge.succeeded"`,
			Value:  `money(body.data.object.amount, body.data.object.currency)`,
			At:     `timestamp(body.created)`,
			Key:    `body.id`,
		}
	}
	return Mapping{Value: `body.value`, At: `has(body.at) ? body.at : null`, Key: `has(body.key) ? body.key : null`}
}

// The bounds of a mapping, beside maxCost.
const (
	MaxPayload = 256 << 10 // bytes
	maxDepth   = 64        // of a payload
	maxText    = 32 << 10  // bytes of a text that is read
	maxReason  = 300       // bytes of what is told of an expression that failed
	// maxTime is far more than maxCost takes, so that a machine must be busy to reach it.
	maxTime = 100 * time.Millisecond
)

// Program is a mapping that is ready to run, by many goroutines at once.
type Program struct{ filter, value, at, key cel.Program }

// Compile makes a program of a mapping, or refuses it with what is wrong, by the name of the expression.
func (m Mapping) Compile() (*Program, error) {
	var p Program
	for _, e := range []struct {
		field, text string
		program     *cel.Program
	}{{"filter", m.Filter, &p.filter}, {"value", m.Value, &p.value}, {"at", m.At, &p.at}, {"key", m.Key, &p.key}} {
		if e.text == "" && e.field != "value" {
			continue
		}
		program, err := compile(e.text)
		if err != nil {
			return nil, tenancy.Refuse(tenancy.BadUserInput, "mapping."+e.field, "%v", err)
		}
		*e.program = program
	}
	return &p, nil
}

// firstLine is what there is to tell of an error, which may quote the payload.
func firstLine(err error) string {
	line, _, _ := strings.Cut(err.Error(), "\n")
	line = strings.TrimPrefix(line, "ERROR: ")
	if len(line) > maxReason {
		line = strings.ToValidUTF8(line[:maxReason], "") + "…"
	}
	return line
}

// errBusy says that an expression took too long, within its bounds: the machine is busy, and trying again makes sense.
var errBusy = errors.New("source: a mapping took longer than it may")

// Point maps a payload. ok is false where the filter passes it over. A payload that can't be mapped is told in Invalid.
// Headers have small letters.
func (p *Program) Point(ctx context.Context, payload json.RawMessage, headers map[string]string) (in command.PointInput, ok bool, err error) {
	in.Raw = payload
	body, err := decode(payload)
	if err != nil {
		in.Invalid = tenancy.Refuse(tenancy.BadUserInput, "body", "%v", err)
		return in, true, nil
	}
	ctx, cancel := context.WithTimeout(ctx, maxTime)
	defer cancel()
	e := evaluation{ctx: ctx, variables: map[string]any{"body": body, "headers": headers}}
	run := func(field string, program cel.Program, read func(ref.Val) error) error {
		if program == nil || in.Invalid != nil {
			return nil
		}
		result, failed := e.of(program)
		if errors.Is(failed, errBusy) {
			return errBusy
		}
		if failed == nil {
			failed = read(result)
		}
		if failed != nil {
			in.Invalid = tenancy.Refuse(tenancy.BadUserInput, "mapping."+field, "%s", firstLine(failed))
		}
		return nil
	}
	ok = true
	err = run("filter", p.filter, func(v ref.Val) error {
		passed, isBool := v.Value().(bool)
		if !isBool {
			return errors.New("must be true or false")
		}
		ok = passed
		return nil
	})
	if err != nil || !ok {
		return in, ok, err
	}
	if err = run("value", p.value, func(v ref.Val) (err error) { in.Value, err = valueOf(v); return err }); err == nil {
		err = run("at", p.at, func(v ref.Val) (err error) { in.At, err = instantOf(v); return err })
	}
	if err == nil {
		err = run("key", p.key, func(v ref.Val) (err error) { in.Key, err = keyOf(v); return err })
	}
	return in, true, err
}

// evaluation is of the expressions of one mapping over one payload.
type evaluation struct {
	ctx       context.Context
	variables map[string]any
	cost      uint64
}

var errCostly = errors.New("takes too many steps: the payload is too large for it, or it goes over lists within lists")

// of is what an expression answers. One that costs too much does so on every machine, and is refused; errBusy is told
// where the machine had no time for it.
func (e *evaluation) of(program cel.Program) (ref.Val, error) {
	result, details, err := program.ContextEval(e.ctx, e.variables)
	if cancelled, ok := errors.AsType[interpreter.EvalCancelledError](err); ok && cancelled.Cause == interpreter.CostLimitExceeded {
		return nil, errCostly
	}
	if e.ctx.Err() != nil {
		return nil, errBusy // whatever it answers: an interrupted loop may look as if it were done
	}
	if err != nil {
		return nil, err
	}
	if e.cost += *details.ActualCost(); e.cost > maxCost {
		return nil, errCostly
	}
	return result, nil
}

// decode reads a payload with whole numbers as such, for CEL tells them from others.
func decode(payload json.RawMessage) (any, error) {
	if len(payload) > MaxPayload {
		return nil, fmt.Errorf("must be at most %d bytes", MaxPayload)
	}
	d := json.NewDecoder(bytes.NewReader(payload))
	d.UseNumber()
	var body any
	if err := d.Decode(&body); err != nil {
		return nil, errors.New("must be JSON")
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return nil, errors.New("must be one JSON value")
	}
	return plain(body, 0)
}

// plain has whole numbers as such, and in the place of a text that is too long for an expression an error, which is told
// where the expression reads it.
func plain(v any, depth int) (any, error) {
	if depth > maxDepth {
		return nil, fmt.Errorf("must not be nested deeper than %d", maxDepth)
	}
	var err error
	switch v := v.(type) {
	case string:
		if len(v) > maxText {
			return types.NewErr("the text is longer than an expression may read: at most %d bytes", maxText), nil
		}
	case json.Number:
		if n, err := strconv.ParseInt(string(v), 10, 64); err == nil {
			return n, nil
		}
		n, err := v.Float64()
		if err != nil {
			return nil, errors.New("holds a number that is too large")
		}
		return n, nil
	case map[string]any:
		for name, value := range v {
			if v[name], err = plain(value, depth+1); err != nil {
				return nil, err
			}
		}
	case []any:
		for i, value := range v {
			if v[i], err = plain(value, depth+1); err != nil {
				return nil, err
			}
		}
	}
	return v, nil
}

// valueOf is the decimal that an expression answers. What was computed with doubles is rounded to six decimals, for
// 0.1 + 0.2 is not 0.3 there.
func valueOf(v ref.Val) (charts.Decimal, error) {
	switch n := v.Value().(type) {
	case int64:
		return command.ParseValue(strconv.FormatInt(n, 10))
	case uint64:
		return command.ParseValue(strconv.FormatUint(n, 10))
	case float64:
		return command.ParseValue(strconv.FormatFloat(n, 'f', 6, 64))
	case string:
		return command.ParseValue(n)
	}
	return charts.Decimal{}, fmt.Errorf("must be a number, is %s", v.Type().TypeName())
}

// instantOf is the instant that an expression answers; nil for null.
func instantOf(v ref.Val) (*time.Time, error) {
	switch at := v.Value().(type) {
	case time.Time:
		at = at.UTC()
		return &at, nil
	case string:
		t, err := command.ParseInstant(at)
		return &t, err
	case int64:
		if at < 0 || at > 1<<33 {
			return nil, errors.New("must be seconds since 1970: divide milliseconds by 1000")
		}
		t := time.Unix(at, 0).UTC()
		return &t, nil
	}
	if v == types.NullValue {
		return nil, nil
	}
	return nil, fmt.Errorf("must be a timestamp, a text such as 2026-03-29T01:30:00Z, or seconds since 1970, is %s", v.Type().TypeName())
}

// keyOf is the key that an expression answers; nil for null.
func keyOf(v ref.Val) (*string, error) {
	switch key := v.Value().(type) {
	case string:
		return &key, nil
	case int64:
		text := strconv.FormatInt(key, 10)
		return &text, nil
	}
	if v == types.NullValue {
		return nil, nil
	}
	return nil, fmt.Errorf("must be a text or a whole number, is %s", v.Type().TypeName())
}
