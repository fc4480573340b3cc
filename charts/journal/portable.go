package journal

import (
	"bytes"
	"encoding/json"
	"fmt"
	"time"

	"github.com/mykpi/mykpi/charts"
	"github.com/mykpi/mykpi/eventstore"
)

// portablePoints is the payload of an event about points as people read it: exact, and packed again to the same bytes.
type portablePoints struct {
	Points []portablePoint `json:"points"`
	Reason string          `json:"reason,omitempty"`
}

type portablePoint struct {
	Key   string         `json:"key,omitempty"`
	At    time.Time      `json:"at"`
	Value charts.Decimal `json:"value"`
	Was   *portablePoint `json:"was,omitempty"` // what a corrected point said before
}

func portable(p charts.Point) portablePoint {
	return portablePoint{Key: p.Key, At: p.At.Time(), Value: p.Value}
}

func (p portablePoint) point() charts.Point {
	return charts.Point{Key: p.Key, At: charts.InstantOf(p.At), Value: p.Value}
}

// Portable is an event's payload as JSON; ok is false where it can't be told exactly, such as that of a later schema.
func Portable(e eventstore.Event) (data json.RawMessage, ok bool) {
	if e.Type != dataPointsRecorded && e.Type != dataPointsRemoved {
		return nil, false
	}
	event, err := Decode(e)
	if err != nil {
		return nil, false
	}
	var p portablePoints
	switch event := event.(type) {
	case charts.DataPointsRecorded:
		for _, r := range event.Points {
			told := portable(r.Point)
			if r.Corrects {
				was := portable(charts.Point{At: r.Was.At, Value: r.Was.Value})
				told.Was = &was
			}
			p.Points = append(p.Points, told)
		}
	case charts.DataPointsRemoved:
		p.Reason = event.Reason
		for _, r := range event.Points {
			p.Points = append(p.Points, portable(r))
		}
	}
	var text bytes.Buffer
	encoder := json.NewEncoder(&text)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(p); err != nil {
		return nil, false
	}
	data = bytes.TrimSuffix(text.Bytes(), []byte("\n"))
	again, err := FromPortable(e.Type, data)
	return data, err == nil && bytes.Equal(again, e.Data)
}

// FromPortable packs what Portable told.
func FromPortable(kind string, data json.RawMessage) ([]byte, error) {
	var p portablePoints
	decoder := json.NewDecoder(bytes.NewReader(data))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(&p); err != nil {
		return nil, fmt.Errorf("journal: the points of %s: %w", kind, err)
	}
	var event charts.Event
	switch kind {
	case dataPointsRecorded:
		recorded := charts.DataPointsRecorded{Points: make([]charts.RecordedPoint, len(p.Points))}
		for i, told := range p.Points {
			recorded.Points[i].Point = told.point()
			if told.Was != nil {
				was := told.Was.point()
				recorded.Points[i].Corrects, recorded.Points[i].Was = true, charts.Was{At: was.At, Value: was.Value}
			}
		}
		event = recorded
	case dataPointsRemoved:
		removed := charts.DataPointsRemoved{Points: make([]charts.Point, len(p.Points)), Reason: p.Reason}
		for i, told := range p.Points {
			removed.Points[i] = told.point()
		}
		event = removed
	default:
		return nil, fmt.Errorf("journal: %s has no points", kind)
	}
	_, packed, err := encode(event)
	return packed, err
}
