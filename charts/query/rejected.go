package query

import (
	"context"
	"encoding/json"
	"strconv"
	"strings"
	"time"

	"github.com/mykpi/mykpi/charts"
	"github.com/mykpi/mykpi/charts/journal"
	"github.com/mykpi/mykpi/eventstore"
	"github.com/mykpi/mykpi/tenancy"
)

// RejectedPoint is a point that was refused, and is kept 30 days.
type RejectedPoint struct {
	ID         string
	ChartKey   *string
	Code       tenancy.Code
	Message    string
	Raw        json.RawMessage
	Source     *string
	Ingestion  *string // its ID
	ReceivedAt time.Time
}

// RejectedPointConnection is a page of refused points: the newest request's first, and of one request in its order.
type RejectedPointConnection struct {
	Edges    []RejectedPointEdge
	PageInfo PageInfo
}

// RejectedPointEdge is a refused point and where it stands.
type RejectedPointEdge struct {
	Cursor string
	Node   *RejectedPoint
}

// Nodes are the refused points of the page.
func (c *RejectedPointConnection) Nodes() []*RejectedPoint {
	nodes := make([]*RejectedPoint, len(c.Edges))
	for i, e := range c.Edges {
		nodes[i] = e.Node
	}
	return nodes
}

// RejectedPage asks for a page of refused points.
type RejectedPage struct {
	First *int
	After *string
	Chart *charts.Ref // only those sent to this chart

	Source, Ingestion *string // only those of this source, and of the ingestion with this ID
}

// chunkPage is how many documents of refused points are read at once.
const chunkPage = 16

// RejectedPoints answers a page of a tenant's refused points.
func (r *Reader) RejectedPoints(ctx context.Context, tenant tenancy.ID, p RejectedPage) (*RejectedPointConnection, error) {
	limit, err := pageSize(p.First, 50)
	if err != nil {
		return nil, err
	}
	position, err := parseCursor(p.After, rejectedCursor)
	if err != nil {
		return nil, err
	}
	connection := &RejectedPointConnection{Edges: []RejectedPointEdge{}, PageInfo: PageInfo{HasPreviousPage: p.After != nil}}
	sentTo, err := r.sentTo(ctx, tenant, p.Chart)
	if err != nil {
		return nil, err
	}
	to, chunk, place := journal.AfterRejected, "", -1
	if position != "" {
		var text string
		chunk, text, _ = strings.Cut(position, ":")
		if place, err = strconv.Atoi(text); err != nil {
			return nil, refuseCursor()
		}
		to = journal.RejectedPrefix + chunk + "~" // that chunk once more, for what is left of it
	}
	for {
		answers, err := r.Journal.Store.Documents(ctx, tenant,
			eventstore.Span{Key: eventstore.Key{Name: journal.RejectedPrefix}, To: to, Desc: true, Limit: chunkPage})
		if err != nil {
			return nil, err
		}
		for _, d := range answers[0] {
			to = d.Key.Name
			c, err := journal.ReadRejected(d.Body)
			if err != nil {
				return nil, err
			}
			if !sentTo(c) || p.Source != nil && c.Source != *p.Source || p.Ingestion != nil && c.Run != *p.Ingestion {
				continue
			}
			for _, point := range c.Points {
				if c.ID == chunk && point.N <= place {
					continue
				}
				if len(connection.Edges) == limit {
					connection.PageInfo.HasNextPage = true
					return connection.ended(), nil
				}
				connection.Edges = append(connection.Edges, edgeOf(c, point))
			}
		}
		if len(answers[0]) < chunkPage {
			return connection.ended(), nil
		}
	}
}

func (c *RejectedPointConnection) ended() *RejectedPointConnection {
	if n := len(c.Edges); n > 0 {
		c.PageInfo.StartCursor, c.PageInfo.EndCursor = &c.Edges[0].Cursor, &c.Edges[n-1].Cursor
	}
	return c
}

func edgeOf(c journal.RejectedChunk, p journal.RejectedPoint) RejectedPointEdge {
	return RejectedPointEdge{
		Cursor: formatCursor(rejectedCursor, c.ID+":"+strconv.Itoa(p.N)),
		Node: &RejectedPoint{
			ID: c.PointID(p.N), ChartKey: optional(c.ChartKey), Code: p.Code, Message: p.Message, Raw: p.Raw,
			Source: optional(c.Source), Ingestion: optional(c.Run), ReceivedAt: c.At.UTC(),
		},
	}
}

// sentTo tells the documents of points that were sent to a chart, by its ID or by the key that it has or might have had.
func (r *Reader) sentTo(ctx context.Context, tenant tenancy.ID, ref *charts.Ref) (func(journal.RejectedChunk) bool, error) {
	if ref == nil {
		return func(journal.RejectedChunk) bool { return true }, nil
	}
	id, err := r.Journal.Resolve(ctx, tenant, *ref)
	if err != nil && !refused(err) {
		return nil, err
	}
	return func(c journal.RejectedChunk) bool {
		return id != "" && c.Chart == id || ref.Key != "" && c.ChartKey == ref.Key
	}, nil
}
