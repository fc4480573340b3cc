package journal

import (
	"encoding/binary"
	"encoding/json"
	"fmt"

	"github.com/mykpi/mykpi/charts"
	"github.com/mykpi/mykpi/charts/projection"
	"github.com/mykpi/mykpi/eventstore"
)

// The types of events as they stand in the log. A name, once written, is read for ever.
const (
	chartCreated       = "ChartCreated"
	chartUpdated       = "ChartUpdated"
	chartArchived      = "ChartArchived"
	chartRestored      = "ChartRestored"
	dataPointsRecorded = "DataPointsRecorded"
	dataPointsRemoved  = "DataPointsRemoved"
)

// schema is the version of every payload that this binary writes. Decode reads it and all before it; an older one is
// lifted there (an upcaster), and testdata/events holds a frozen sample of each that ever was.
const schema = 1

// encode makes an event's type and payload: JSON for settings, packed binary for points, which are many.
func encode(e charts.Event) (kind string, data []byte, err error) {
	switch e := e.(type) {
	case charts.ChartCreated:
		data, err = json.Marshal(e)
		return chartCreated, data, err
	case charts.ChartUpdated:
		data, err = json.Marshal(e)
		return chartUpdated, data, err
	case charts.ChartArchived:
		return chartArchived, nil, nil
	case charts.ChartRestored:
		return chartRestored, nil, nil
	case charts.DataPointsRecorded:
		return dataPointsRecorded, encodeRecorded(e), nil
	case charts.DataPointsRemoved:
		return dataPointsRemoved, append(projection.AppendPoints(nil, e.Points), e.Reason...), nil
	}
	return "", nil, fmt.Errorf("journal: no encoding of %T", e)
}

// pointBytes is about what a point without a key takes, packed.
const pointBytes = 9

// encodeRecorded packs the points, then for each correction its place among them and what it said before.
func encodeRecorded(e charts.DataPointsRecorded) []byte {
	points := make([]charts.Point, len(e.Points))
	var places []int
	var before []charts.Point
	for i, p := range e.Points {
		points[i] = p.Point
		if p.Corrects {
			places = append(places, i)
			before = append(before, charts.Point{At: p.Was.At, Value: p.Was.Value})
		}
	}
	b := make([]byte, 0, pointBytes*len(points)+16)
	b = projection.AppendPoints(b, points)
	b = projection.AppendPoints(b, before)
	for _, i := range places {
		b = binary.AppendUvarint(b, uint64(i))
	}
	return b
}

// Decode makes the chart's event of a stored one.
func Decode(stored eventstore.Event) (charts.Event, error) {
	if stored.Schema > schema {
		return nil, fmt.Errorf("journal: event %s of schema %d was written by a newer version of this program", stored.Type, stored.Schema)
	}
	e, err := decode(stored.Type, stored.Data)
	if err != nil {
		return nil, fmt.Errorf("journal: event %s (%s, version %d): %w", stored.ID, stored.Type, stored.Version, err)
	}
	return e, nil
}

func decode(kind string, data []byte) (charts.Event, error) {
	switch kind {
	case chartCreated:
		var e charts.ChartCreated
		err := json.Unmarshal(data, &e)
		return e, err
	case chartUpdated:
		var e charts.ChartUpdated
		err := json.Unmarshal(data, &e)
		return e, err
	case chartArchived:
		return charts.ChartArchived{}, nil
	case chartRestored:
		return charts.ChartRestored{}, nil
	case dataPointsRecorded:
		return decodeRecorded(data)
	case dataPointsRemoved:
		points, reason, err := projection.ReadPoints(data)
		return charts.DataPointsRemoved{Points: points, Reason: string(reason)}, err
	}
	return nil, fmt.Errorf("unknown type")
}

func decodeRecorded(data []byte) (charts.Event, error) {
	points, rest, err := projection.ReadPoints(data)
	if err != nil {
		return nil, err
	}
	before, rest, err := projection.ReadPoints(rest)
	if err != nil {
		return nil, err
	}
	e := charts.DataPointsRecorded{Points: make([]charts.RecordedPoint, len(points))}
	for i, p := range points {
		e.Points[i].Point = p
	}
	for _, was := range before {
		place, n := binary.Uvarint(rest)
		if n <= 0 || place >= uint64(len(points)) {
			return nil, fmt.Errorf("%w: corrections", projection.ErrCorrupt)
		}
		rest = rest[n:]
		e.Points[place].Corrects = true
		e.Points[place].Was = charts.Was{At: was.At, Value: was.Value}
	}
	if len(rest) > 0 {
		return nil, fmt.Errorf("%w: corrections", projection.ErrCorrupt)
	}
	return e, nil
}
