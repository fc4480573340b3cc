package graph

import (
	"context"
	"errors"
	"sync"
	"testing"

	"github.com/mykpi/mykpi/tenancy"
)

// turnsTaken gives a turn to whoever asks, or its error, and counts.
type turnsTaken struct {
	err error

	mu              sync.Mutex
	taken, underWay int
	tenant          tenancy.ID
}

func (s *turnsTaken) Take(_ context.Context, tenant tenancy.ID) (func(), error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.err != nil {
		return nil, s.err
	}
	s.taken++
	s.underWay++
	s.tenant = tenant
	return func() {
		s.mu.Lock()
		defer s.mu.Unlock()
		s.underWay--
	}, nil
}

func (s *turnsTaken) counts() (taken, underWay int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.taken, s.underWay
}

// A query is at work in its turn and ends it; what is no query of a tenant takes none.
func TestQueriesTakeTurns(t *testing.T) {
	const list = `{ charts { totalCount } }`
	for name, c := range map[string]struct {
		role  tenancy.Role
		query string
		turns int
	}{
		"a query":            {tenancy.Viewer, list, 1},
		"a mutation":         {tenancy.Editor, `mutation { archiveChart(input: {chart: {key: "revenue"}}) { chart { key } } }`, 0},
		"of nobody":          {"", `{ version }`, 0},
		"what can't be read": {tenancy.Viewer, `{ charts {`, 0},
	} {
		s := &turnsTaken{}
		a := serve(t, func(c *Config) { c.Turns = s })
		a.domain.fail = func() error {
			if _, underWay := s.counts(); underWay != c.turns {
				t.Errorf("%s: %d turns were under way at its work, want %d", name, underWay, c.turns)
			}
			return nil
		}
		a.as(c.role, c.query, "")
		if taken, underWay := s.counts(); taken != c.turns || underWay != 0 {
			t.Errorf("%s: took %d turns, want %d, and left %d under way", name, taken, c.turns, underWay)
		}
		if c.turns > 0 && s.tenant.String() != "acme" {
			t.Errorf("%s: a turn of %v, want of its tenant", name, s.tenant)
		}
	}
}

func TestAQueryThatGetsNoTurnDoesNothing(t *testing.T) {
	a := serve(t, func(c *Config) { c.Turns = &turnsTaken{err: errors.New("the time is over")} })
	if got := a.as(tenancy.Viewer, `{ charts { totalCount } }`, ""); len(got.Errors) != 1 || got.Data != nil {
		t.Errorf("want one error and no data, got %s", got.body)
	}
	if len(a.domain.tenants) != 0 {
		t.Error("it reached the domain")
	}
}
