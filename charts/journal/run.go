package journal

import (
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/mykpi/mykpi/charts"
	"github.com/mykpi/mykpi/tenancy"
)

// Run is an ingestion: one call that brought points in. The run of a single point that was recorded is told by its event
// alone; every other that changed or refused something has a document (docs/adr/0007-ingestions-by-their-events.md).
type Run struct {
	ID     string        `json:"id"`
	Source string        `json:"source,omitempty"`
	Actor  tenancy.Actor `json:"actor"`
	At     time.Time     `json:"at"`
	Parts  []RunPart     `json:"parts,omitempty"`
	// Rejected counts points that were refused before they could belong to a chart.
	Rejected int `json:"rejected,omitempty"`
}

// RunPart is what a run did to one chart: its events are those from First to Last that carry its ID. First is 0 where it
// changed nothing.
type RunPart struct {
	Chart     charts.ID `json:"chart"`
	First     int64     `json:"first,omitempty"`
	Last      int64     `json:"last,omitempty"`
	Recorded  int       `json:"recorded,omitempty"`
	Corrected int       `json:"corrected,omitempty"`
	Unchanged int       `json:"unchanged,omitempty"`
	Rejected  int       `json:"rejected,omitempty"`
}

// The names of runs' documents: outside the range that a dashboard reads, in the order of time.
const (
	RunPrefix = "RUN#"
	AfterRuns = "RUN$"

	runID = "ing_"
)

// NewRunID makes the ID of a run that has a document. IDs sort as their times.
func NewRunID(at time.Time, random string) string {
	return runID + Stamp(at) + strings.ToLower(random[:min(12, len(random))])
}

// Stamp is an instant as 16 digits that sort by it.
func Stamp(at time.Time) string { return fmt.Sprintf("%016x", at.UnixNano()) }

// LoneRunID is the ID of the run that an event alone tells.
func LoneRunID(id charts.ID, version int64) string {
	return runID + string(id) + "_" + strconv.FormatInt(version, 10)
}

// ParseLoneRunID is the event that a run's ID names; ok is false for the ID of a run with a document.
func ParseLoneRunID(id string) (chart charts.ID, version int64, ok bool) {
	rest, found := strings.CutPrefix(id, runID)
	at := strings.LastIndexByte(rest, '_')
	if !found || at < 1 {
		return "", 0, false
	}
	version, err := strconv.ParseInt(rest[at+1:], 10, 64)
	chart = charts.ID(rest[:at])
	if err != nil || version < 1 || streamOf(chart).Validate() != nil || LoneRunID(chart, version) != id {
		return "", 0, false
	}
	return chart, version, true
}

// RunName is the name of a run's document, or "" where the ID can't have one.
func RunName(id string) string {
	rest, found := strings.CutPrefix(id, runID)
	if !found || len(rest) < 16 || len(rest) > 64 || strings.Trim(rest, "0123456789abcdefghijklmnopqrstuvwxyz") != "" {
		return ""
	}
	return RunPrefix + rest
}

// Part is the run's part of a chart, made where there is none.
func (r *Run) Part(id charts.ID) *RunPart {
	i := slices.IndexFunc(r.Parts, func(p RunPart) bool { return p.Chart == id })
	if i < 0 {
		i = len(r.Parts)
		r.Parts = append(r.Parts, RunPart{Chart: id})
	}
	return &r.Parts[i]
}

// Clone is the run, to be changed apart.
func (r Run) Clone() Run {
	r.Parts = slices.Clone(r.Parts)
	return r
}

// Total sums the parts; its Chart and versions mean nothing.
func (r Run) Total() RunPart {
	sum := RunPart{Rejected: r.Rejected}
	for _, p := range r.Parts {
		sum.Recorded += p.Recorded
		sum.Corrected += p.Corrected
		sum.Unchanged += p.Unchanged
		sum.Rejected += p.Rejected
	}
	return sum
}

// Body is the run's document.
func (r Run) Body() []byte {
	body, err := json.Marshal(r)
	if err != nil {
		panic("journal: a run of strings and numbers can't fail to encode: " + err.Error())
	}
	return body
}

// ReadRun reads what Body wrote.
func ReadRun(body []byte) (Run, error) {
	var r Run
	if err := json.Unmarshal(body, &r); err != nil {
		return Run{}, fmt.Errorf("journal: a run: %w", err)
	}
	return r, nil
}

// The IDs that say what an event is for: those of undoing or redoing a run name it as their cause.
const (
	undoID = "undo_"
	redoID = "redo_"
)

// UndoMeta is what the events say that take a run back (undone), or bring it back.
func UndoMeta(by tenancy.Actor, run, random string, undone bool) Meta {
	kind := redoID
	if undone {
		kind = undoID
	}
	return Meta{By: by, CorrelationID: kind + strings.ToLower(random), CausationID: run}
}

// Undoes reports whether an event takes a run back (undone) or brings it back, and which.
func Undoes(correlation, causation string) (run string, undone, ok bool) {
	if strings.HasPrefix(correlation, undoID) {
		return causation, true, true
	}
	if strings.HasPrefix(correlation, redoID) {
		return causation, false, true
	}
	return "", false, false
}

// UndoneName is the chart's own document that says, by a body of "1", that a run is undone.
func UndoneName(run string) string { return "UNDONE#" + run }
