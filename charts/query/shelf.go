package query

import (
	"context"
	"slices"
	"sync"

	"github.com/mykpi/mykpi/charts"
	"github.com/mykpi/mykpi/tenancy"
)

// shelf is the charts that several values of one answer name. All are read when the first is asked for.
type shelf struct {
	reader *Reader
	tenant tenancy.ID
	refs   []charts.Ref

	mu     sync.Mutex
	charts map[charts.ID]*Chart // nil until it is read
}

// add has the shelf read a chart too. It must not have been read yet.
func (s *shelf) add(id charts.ID) {
	if ref := (charts.Ref{ID: id}); !slices.Contains(s.refs, ref) {
		s.refs = append(s.refs, ref)
	}
}

// get answers the charts of these IDs that there are.
func (s *shelf) get(ctx context.Context, ids []charts.ID) ([]*Chart, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.charts == nil {
		read, err := s.reader.Named(ctx, s.tenant, s.refs)
		if err != nil {
			return nil, err
		}
		s.charts = map[charts.ID]*Chart{}
		for i, ref := range s.refs {
			s.charts[ref.ID] = read[i]
		}
	}
	found := make([]*Chart, 0, len(ids))
	for _, id := range ids {
		if c := s.charts[id]; c != nil {
			found = append(found, c)
		}
	}
	return found, nil
}
