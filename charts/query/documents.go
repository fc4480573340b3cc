package query

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/mykpi/mykpi/charts"
	"github.com/mykpi/mykpi/charts/journal"
	"github.com/mykpi/mykpi/charts/projection"
	"github.com/mykpi/mykpi/eventstore"
	"github.com/mykpi/mykpi/tenancy"
	"github.com/mykpi/mykpi/tenancy/directory"
)

// documents are those of a dashboard, as they were read.
type documents struct {
	about  *directory.Tenant
	charts map[charts.ID]*chartDocuments
}

// chartDocuments are those of one chart; the revision of one that was not read is 0.
type chartDocuments struct {
	settings *charts.Chart // only read
	revision int64         // of the settings
	now      eventstore.Document
}

// manyCharts is more than most tenants have.
const manyCharts = 32

// newDocuments has room for those of so many charts.
func newDocuments(room int) *documents {
	return &documents{charts: make(map[charts.ID]*chartDocuments, room)}
}

// of are a chart's, to be added to.
func (d *documents) of(id charts.ID) *chartDocuments {
	c := d.charts[id]
	if c == nil {
		c = new(chartDocuments)
		d.charts[id] = c
	}
	return c
}

// figures are the chart's newest; projection.ErrCorrupt where there are none.
func (c *chartDocuments) figures() (*projection.Now, error) {
	if c.now.Revision == 0 {
		return nil, fmt.Errorf("%w: NOW is not there", projection.ErrCorrupt)
	}
	return projection.ReadNow(c.now.Body)
}

// read adds what the spans hold.
func (r *Reader) read(ctx context.Context, tenant tenancy.ID, spans []eventstore.Span, to *documents) error {
	answers, err := r.Journal.Store.Documents(ctx, tenant, spans...)
	if err != nil {
		return err
	}
	for _, docs := range answers {
		for _, d := range docs {
			if err := to.add(d); err != nil {
				return err
			}
		}
	}
	return nil
}

// add takes a document, unless it has a later one of the same name.
func (d *documents) add(doc eventstore.Document) (err error) {
	switch name := doc.Key.Name; {
	case name == directory.AboutName:
		d.about, err = directory.Read(doc)
	case strings.HasPrefix(name, projection.ChartPrefix):
		read, err := projection.ReadChart(doc.Body)
		if err != nil {
			return fmt.Errorf("query: %s: %w", name, err)
		}
		if c := d.of(read.ID); doc.Revision > c.revision {
			c.settings, c.revision = read, doc.Revision
		}
	case strings.HasPrefix(name, projection.NowPrefix):
		if c := d.of(charts.ID(name[len(projection.NowPrefix):])); doc.Revision > c.now.Revision {
			c.now = doc
		}
	}
	return err
}

// readAll reads the named charts of a tenant, or all where ids is nil; "" names none. Eventual reads cost half on DynamoDB, and
// may miss what was committed in the last moment; then those charts that are below their floors are read again as they
// are now. So what is read follows every commit that this process has made or heard of.
func (r *Reader) readAll(ctx context.Context, tenant tenancy.ID, ids []charts.ID, eventual bool, floors map[charts.ID]journal.Floor, to *documents) error {
	if err := r.read(ctx, tenant, spansOf(ids, eventual), to); err != nil || !eventual {
		return err
	}
	if to.about == nil { // perhaps the tenant is new
		return r.read(ctx, tenant, spansOf(ids, false), to)
	}
	behind := []charts.ID{}
	for id, f := range floors {
		if (ids == nil || slices.Contains(ids, id)) && to.below(id, f) {
			behind = append(behind, id)
		}
	}
	if len(behind) == 0 {
		return nil
	}
	return r.read(ctx, tenant, spansOf(behind, false), to)
}

// spansOf are where the charts and their tenant are: of all charts in one range.
func spansOf(ids []charts.ID, eventual bool) []eventstore.Span {
	spans := []eventstore.Span{directory.Span()}
	if ids == nil {
		spans[0] = eventstore.Between(directory.AboutName, projection.AfterNow)
		spans[0].Without = projection.KeyPrefix
	}
	for _, id := range ids {
		if id != "" {
			spans = append(spans, eventstore.One(eventstore.Key{Name: projection.ChartName(id)}), eventstore.One(eventstore.Key{Name: projection.NowName(id)}))
		}
	}
	for i := range spans {
		spans[i].Eventual = eventual
	}
	return spans
}

// below reports whether a chart was read as it was before its floor.
func (d *documents) below(id charts.ID, f journal.Floor) bool {
	c := d.of(id)
	now, err := c.figures()
	return c.revision == 0 || err != nil || now.Version < f.Version || c.settings.ChangedAt.Before(f.Changed)
}
