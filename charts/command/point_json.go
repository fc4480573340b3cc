package command

import (
	"bytes"
	"encoding/json"
	"errors"
	"strings"
	"time"

	"github.com/mykpi/mykpi/charts"
	"github.com/mykpi/mykpi/rawjson"
	"github.com/mykpi/mykpi/tenancy"
)

// ReadPoint reads a point as webhooks send it: {"value": 12.5, "at": "2026-03-29T01:30:00+01:00", "key": "order-17"}, of
// which value alone is needed. raw must be valid JSON, of which the point keeps what it needs. What can't be read is told in Invalid; fields with other names are passed over.
func ReadPoint(raw json.RawMessage) PointInput {
	in := PointInput{Raw: raw}
	if raw = bytes.TrimSpace(raw); len(raw) == 0 || raw[0] != '{' {
		in.refuse("", errors.New(`must be a point such as {"value": 12.5, "at": "2026-03-29T01:30:00+01:00"}`))
		return in
	}
	var fields struct{ value, at, key json.RawMessage }
	for name, value := range rawjson.Members(raw) {
		switch {
		case name.Is("value"):
			fields.value = value
		case name.Is("at"):
			fields.at = value
		case name.Is("key"):
			fields.key = value
		case name.Is("chart"):
			in.Chart, _ = rawjson.Text(value)
		}
	}
	if given(fields.key) {
		if key, ok := rawjson.Text(fields.key); ok {
			in.Key = &key
		} else {
			in.refuse("key", errors.New("must be a string"))
		}
	}
	if given(fields.at) {
		text, ok := rawjson.Said(fields.at)
		if !ok {
			text = fields.at
		}
		at, err := ParseInstant(text)
		in.refuse("at", err)
		in.At = &at
	}
	value, err := readValue(fields.value)
	in.refuse("value", err)
	in.Value = value
	return in
}

func given(raw json.RawMessage) bool { return len(raw) > 0 && string(raw) != "null" }

func readValue(raw json.RawMessage) (charts.Decimal, error) {
	if !given(raw) {
		return charts.Decimal{}, errors.New(`is missing: send a number, such as {"value": 12.5}`)
	}
	text, ok := rawjson.Said(raw)
	if !ok {
		if text = raw; text[0] != '-' && (text[0] < '0' || text[0] > '9') {
			return charts.Decimal{}, errors.New("must be a number, or a string that holds one")
		}
	}
	return ParseValue(string(text))
}

// ParseValue reads a decimal and says how to mend one that can't be read.
func ParseValue(text string) (charts.Decimal, error) {
	d, err := charts.ParseDecimal(text)
	switch {
	case err == nil:
		return d, nil
	case text == "":
		return d, errors.New("is empty: send a number such as 12.5")
	case strings.ContainsRune(text, ','):
		return d, errors.New("holds a comma: write 1234.5, with a point for the decimals and nothing between thousands")
	}
	return d, err
}

// ParseInstant reads RFC 3339 with an offset, strictly, and says how to mend what is not.
func ParseInstant[Text string | []byte](text Text) (time.Time, error) {
	t, ok := charts.ParseRFC3339(text)
	if !ok {
		if _, naked := time.Parse("2006-01-02T15:04:05", string(text)); naked == nil {
			return time.Time{}, errors.New("has no offset: write Z or +01:00 behind it")
		}
		return time.Time{}, errors.New("must be a date and time with an offset, such as 2026-03-29T01:30:00+01:00")
	}
	if y := t.Year(); y < 1678 || y > 2261 {
		return time.Time{}, errors.New("must be from 1990 to five minutes ahead")
	}
	return t, nil
}

// refuse keeps the first error.
func (in *PointInput) refuse(field string, err error) {
	if err != nil && in.Invalid == nil {
		in.Invalid = tenancy.Refuse(tenancy.BadUserInput, field, "%v", err)
	}
}

// raw is the point as it was sent, with the instant it came at where it had none: so that it can be sent again.
func (in PointInput) raw(received time.Time) json.RawMessage {
	fields := map[string]json.RawMessage{}
	if in.Raw != nil {
		if json.Unmarshal(in.Raw, &fields) != nil || fields == nil {
			return in.Raw
		}
	} else {
		fields["value"] = mustJSON(in.Value)
		if in.Key != nil {
			fields["key"] = mustJSON(*in.Key)
		}
		if in.At != nil {
			fields["at"] = mustJSON(in.At.UTC().Format(time.RFC3339Nano))
		}
	}
	if !given(fields["at"]) {
		fields["at"] = mustJSON(received.UTC().Format(time.RFC3339Nano))
	}
	return mustJSON(fields)
}

func mustJSON(v any) json.RawMessage {
	raw, err := json.Marshal(v)
	if err != nil {
		panic("command: plain values can't fail to encode: " + err.Error())
	}
	return raw
}
