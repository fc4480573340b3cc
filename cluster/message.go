package cluster

import (
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/mykpi/mykpi/charts"
	"github.com/mykpi/mykpi/charts/journal"
	"github.com/mykpi/mykpi/tenancy"
)

// message is what instances tell: a change of a chart, or, without one, of the tenant.
type message struct {
	Tenant  string    `json:"tenant"`
	Chart   charts.ID `json:"chart,omitempty"`
	Version int64     `json:"version,omitempty"`
	Kind    string    `json:"kind,omitempty"`
	Time    time.Time `json:"time"`
}

// longest bounds what is read: names are short.
const longest = 1024

var errMessage = errors.New("cluster: no message of this program")

func encode(c journal.Change) []byte {
	data, err := json.Marshal(message{c.Tenant.String(), c.Chart, c.Version, c.Kind, c.OccurredAt})
	if err != nil {
		// Strings, a number and a time of this century: there is nothing that could not be written.
		panic("cluster: " + err.Error())
	}
	return data
}

// decode reads a message. A zero Chart says that the tenant has changed.
func decode(data []byte) (journal.Change, error) {
	if len(data) > longest {
		return journal.Change{}, fmt.Errorf("%w: %d bytes", errMessage, len(data))
	}
	var m message
	if err := json.Unmarshal(data, &m); err != nil {
		return journal.Change{}, fmt.Errorf("%w: %w", errMessage, err)
	}
	tenant, err := tenancy.ParseID(m.Tenant)
	if err != nil {
		return journal.Change{}, fmt.Errorf("%w: %w", errMessage, err)
	}
	m.Time = m.Time.UTC()
	if (m.Chart == "") != (m.Version == 0) || m.Version < 0 || m.Time.Year() < 1 || m.Time.Year() > 9999 {
		return journal.Change{}, errMessage
	}
	return journal.Change{Tenant: tenant, Chart: m.Chart, Version: m.Version, Kind: m.Kind, OccurredAt: m.Time}, nil
}
