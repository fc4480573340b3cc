package query

import (
	"container/heap"
	"context"
	"slices"
	"strings"
	"time"

	"github.com/mykpi/mykpi/charts"
	"github.com/mykpi/mykpi/charts/journal"
	"github.com/mykpi/mykpi/eventstore"
	"github.com/mykpi/mykpi/tenancy"
)

// IngestionStatus says whether an ingestion's points stand.
type IngestionStatus string

// The statuses of ingestions.
const (
	IngestionRecorded IngestionStatus = "RECORDED"
	IngestionUndone   IngestionStatus = "UNDONE"
)

// Ingestion is one call that brought points in.
type Ingestion struct {
	ID        string
	Source    *string
	Actor     tenancy.Actor
	At        time.Time
	Status    IngestionStatus
	Recorded  int
	Corrected int
	Unchanged int
	Rejected  int

	charts []charts.ID
	shelf  *shelf // of all ingestions of the answer
}

// IsNode marks Ingestion as a Node of the GraphQL schema.
func (*Ingestion) IsNode() {}

// GetID is the ingestion's ID, as the Node interface asks.
func (i *Ingestion) GetID() string { return i.ID }

// Charts are those that the ingestion brought points for.
func (i *Ingestion) Charts(ctx context.Context) ([]*Chart, error) {
	return i.shelf.get(ctx, i.charts)
}

// IngestionConnection is a page of ingestions, the newest first.
type IngestionConnection struct {
	Edges    []IngestionEdge
	PageInfo PageInfo
}

// IngestionEdge is an ingestion and where it stands.
type IngestionEdge struct {
	Cursor string
	Node   *Ingestion
}

// Nodes are the ingestions of the page.
func (c *IngestionConnection) Nodes() []*Ingestion {
	nodes := make([]*Ingestion, len(c.Edges))
	for i, e := range c.Edges {
		nodes[i] = e.Node
	}
	return nodes
}

// Ingestion is an ingestion by its ID, or nil.
func (r *Reader) Ingestion(ctx context.Context, tenant tenancy.ID, id string) (*Ingestion, error) {
	run, err := r.Journal.FindRun(ctx, tenant, id)
	if refused(err) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	found, err := r.describeRuns(ctx, tenant, []journal.Run{run})
	if err != nil {
		return nil, err
	}
	return found[0], nil
}

// describeRuns makes ingestions of runs, with one read for what became of them all.
func (r *Reader) describeRuns(ctx context.Context, tenant tenancy.ID, runs []journal.Run) ([]*Ingestion, error) {
	var spans []eventstore.Span
	for _, run := range runs {
		spans = append(spans, run.UndoneSpans()...)
	}
	var answers [][]eventstore.Document
	if len(spans) > 0 {
		var err error
		if answers, err = r.Journal.Store.Documents(ctx, tenant, spans...); err != nil {
			return nil, err
		}
	}
	found, all := make([]*Ingestion, len(runs)), &shelf{reader: r, tenant: tenant}
	for n, run := range runs {
		total := run.Total()
		i := &Ingestion{
			ID: run.ID, Source: optional(run.Source), Actor: run.Actor, At: run.At.UTC(), Status: IngestionRecorded,
			Recorded: total.Recorded, Corrected: total.Corrected, Unchanged: total.Unchanged, Rejected: total.Rejected,
			shelf: all,
		}
		for _, p := range run.Parts {
			i.charts = append(i.charts, p.Chart)
			all.add(p.Chart)
		}
		own := len(run.UndoneSpans())
		if journal.Undone(answers[:own]) {
			i.Status = IngestionUndone
		}
		answers = answers[own:]
		found[n] = i
	}
	return found, nil
}

// IngestionPage asks for a page of ingestions.
type IngestionPage struct {
	First  *int
	After  *string
	Source *string // only those of this source
}

// mostScanned bounds how many ingestions a page looks at for those of its source. A page that has looked at so many ends
// there, however few it found.
const mostScanned = 5000

// Ingestions answers a page of a tenant's ingestions, the newest first: those with a document, and those that the events
// of the charts tell alone, merged by their times.
func (r *Reader) Ingestions(ctx context.Context, tenant tenancy.ID, p IngestionPage) (*IngestionConnection, error) {
	limit, err := pageSize(p.First, 50)
	if err != nil {
		return nil, err
	}
	position, err := parseCursor(p.After, ingestionCursor)
	if err != nil || position != "" && len(position) < 17 {
		return nil, refuseCursor()
	}
	m, err := r.merge(ctx, tenant, position)
	if err != nil {
		return nil, err
	}
	connection := &IngestionConnection{Edges: []IngestionEdge{}, PageInfo: PageInfo{HasPreviousPage: p.After != nil}}
	var runs []journal.Run
	for scanned := 0; ; scanned++ {
		run, err := m.next(ctx)
		if err != nil {
			return nil, err
		}
		if run == nil {
			break
		}
		if len(runs) == limit || scanned == mostScanned {
			connection.PageInfo.HasNextPage = true
			break
		}
		position = sortKeyOf(*run)
		if p.Source == nil || run.Source == *p.Source {
			runs = append(runs, *run)
		}
	}
	found, err := r.describeRuns(ctx, tenant, runs)
	if err != nil {
		return nil, err
	}
	for i, node := range found {
		connection.Edges = append(connection.Edges, IngestionEdge{formatCursor(ingestionCursor, sortKeyOf(runs[i])), node})
	}
	if position != "" {
		end := formatCursor(ingestionCursor, position)
		connection.PageInfo.EndCursor = &end // what was looked at, though it may not have been of the source
	}
	if len(found) > 0 {
		connection.PageInfo.StartCursor = &connection.Edges[0].Cursor
	}
	return connection, nil
}

// sortKeyOf orders runs by their times, and those of one instant by their IDs.
func sortKeyOf(run journal.Run) string { return journal.Stamp(run.At) + "#" + run.ID }

// merge answers runs newest first, out of the documents and of each chart's events. A chart's log is not opened before
// its newest event could be next.
type merge struct {
	reader   *Reader
	tenant   tenancy.ID
	before   string   // only runs whose sort keys are less; "" for all
	unopened []*Chart // the one with the newest event first
	open     runHeap
}

// runSource is a source of runs: its next ones are less than all before.
type runSource interface {
	// next is the next run, or nil at the end.
	next(context.Context) (*journal.Run, error)
}

type opened struct {
	runSource
	head journal.Run
	key  string
}

// runHeap has the source with the greatest head on top.
type runHeap []*opened

func (h runHeap) Len() int           { return len(h) }
func (h runHeap) Less(i, j int) bool { return h[i].key > h[j].key }
func (h runHeap) Swap(i, j int)      { h[i], h[j] = h[j], h[i] }
func (h *runHeap) Push(x any)        { *h = append(*h, x.(*opened)) }
func (h *runHeap) Pop() any {
	last := (*h)[len(*h)-1]
	*h = (*h)[:len(*h)-1]
	return last
}

func (r *Reader) merge(ctx context.Context, tenant tenancy.ID, before string) (*merge, error) {
	all, err := r.All(ctx, tenant)
	if err != nil {
		return nil, err
	}
	m := &merge{reader: r, tenant: tenant, before: before, unopened: slices.Clone(all)}
	slices.SortStableFunc(m.unopened, func(a, b *Chart) int { return b.UpdatedAt.Compare(a.UpdatedAt) })
	to := journal.AfterRuns
	if before != "" {
		to = journal.RunPrefix + before[:16] + "~"
	}
	return m, m.push(ctx, &documentedRuns{reader: r, tenant: tenant, to: to})
}

// push opens a source, or goes on with it, at its next run that is asked for.
func (m *merge) push(ctx context.Context, s runSource) error {
	for {
		run, err := s.next(ctx)
		if err != nil || run == nil {
			return err
		}
		if key := sortKeyOf(*run); m.before == "" || key < m.before {
			heap.Push(&m.open, &opened{s, *run, key})
			return nil
		}
	}
}

func (m *merge) next(ctx context.Context) (*journal.Run, error) {
	for len(m.unopened) > 0 && (len(m.open) == 0 || journal.Stamp(m.unopened[0].UpdatedAt)+"~" > m.open[0].key) {
		c := m.unopened[0]
		m.unopened = m.unopened[1:]
		s := &loneRuns{reader: m.reader, tenant: m.tenant, chart: charts.ID(c.ID)}
		if err := s.seek(ctx, int64(c.Version), m.before); err != nil {
			return nil, err
		}
		if err := m.push(ctx, s); err != nil {
			return nil, err
		}
	}
	if len(m.open) == 0 {
		return nil, nil
	}
	top := heap.Pop(&m.open).(*opened)
	return &top.head, m.push(ctx, top.runSource)
}

// runPage is how many records a source reads at once.
const runPage = 100

// documentedRuns are the runs that have documents.
type documentedRuns struct {
	reader *Reader
	tenant tenancy.ID
	to     string // names less than this are left
	docs   []eventstore.Document
	ended  bool
}

func (s *documentedRuns) next(ctx context.Context) (*journal.Run, error) {
	if len(s.docs) == 0 && !s.ended {
		answers, err := s.reader.Journal.Store.Documents(ctx, s.tenant,
			eventstore.Span{Key: eventstore.Key{Name: journal.RunPrefix}, To: s.to, Desc: true, Limit: runPage})
		if err != nil {
			return nil, err
		}
		s.docs = answers[0]
		s.ended = len(s.docs) < runPage
	}
	if len(s.docs) == 0 {
		return nil, nil
	}
	d := s.docs[0]
	s.docs, s.to = s.docs[1:], d.Key.Name
	run, err := journal.ReadRun(d.Body)
	return &run, err
}

// loneRuns are the runs that a chart's events tell alone.
type loneRuns struct {
	reader *Reader
	tenant tenancy.ID
	chart  charts.ID
	before int64 // versions less than this are left
	events []eventstore.Event
}

// seek passes over the events that are newer than a position, without reading them all.
func (s *loneRuns) seek(ctx context.Context, newest int64, position string) error {
	s.before = newest + 1
	if position == "" {
		s.before = 0 // from the newest, whatever came since
		return nil
	}
	stamp, _, _ := strings.Cut(position, "#")
	low, high := int64(1), s.before // the first event after the position is in [low, high]
	for low < high {
		middle := low + (high-low)/2
		events, err := s.reader.Journal.Events(ctx, s.tenant, s.chart, middle-1, 1)
		if err != nil {
			return err
		}
		if len(events) == 1 && journal.Stamp(events[0].RecordedAt) <= stamp {
			low = middle + 1
		} else {
			high = middle
		}
	}
	s.before = low
	return nil
}

func (s *loneRuns) next(ctx context.Context) (*journal.Run, error) {
	for s.before != 1 || len(s.events) > 0 {
		if len(s.events) == 0 {
			var err error
			if s.events, err = s.reader.Journal.History(ctx, s.tenant, s.chart, s.before, runPage); err != nil {
				return nil, err
			}
			if len(s.events) == 0 {
				return nil, nil
			}
		}
		e := s.events[0]
		s.events, s.before = s.events[1:], e.Version
		run, ok, err := journal.LoneRun(s.chart, e)
		if err != nil {
			return nil, err
		}
		if ok {
			return &run, nil
		}
	}
	return nil, nil
}
