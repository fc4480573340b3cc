package live

import (
	"context"
	"fmt"
	"math/rand/v2"
	"sync"
	"testing"
	"time"
)

// TestDashboardsHoldWhatTheStoreHolds writes at random to two tenants, cuts and slows their dashboards, and ends the server
// now gently, now not. When the dust has settled every dashboard shows exactly what the store holds; no version ever went
// down, and nothing crossed from one tenant to the other.
func TestDashboardsHoldWhatTheStoreHolds(t *testing.T) {
	seed := uint64(time.Now().UnixNano())
	t.Logf("seed %d", seed)
	s := serve(t, "--rate-mutations", "0", "--shutdown", "5s")
	storm, calm := context.WithTimeout(t.Context(), 6*time.Second)
	defer calm()
	open, end := context.WithCancel(t.Context())
	defer end()

	var writers, watchers sync.WaitGroup
	dashboards := map[string][]*dashboard{}
	tokens := map[string]string{}
	for n, tenant := range []string{"t1", "t10"} {
		token := s.token(tenant, "EDITOR")
		tokens[tenant] = token
		ids := s.create(token, "a", "b", "c", "d", "e")
		own := map[string]bool{}
		for _, id := range ids {
			own[id] = true
		}
		for w := range 2 {
			random := rand.New(rand.NewPCG(seed, uint64(10*n+w)))
			writers.Go(func() {
				for storm.Err() == nil {
					var answer any
					_ = s.ask(token, `mutation($input: RecordDataPointsInput!) { recordDataPoints(input: $input) { recorded } }`,
						map[string]any{"input": map[string]any{"chart": map[string]any{"id": ids[random.IntN(len(ids))]},
							"points": []any{map[string]any{"value": random.IntN(100)}}}}, &answer) // the server may be down
					time.Sleep(time.Duration(random.IntN(5)) * time.Millisecond)
				}
			})
		}
		for i := range 8 {
			d := &dashboard{name: fmt.Sprint(tenant, "/", i), server: s, token: token, own: own, sse: i%2 == 1, charts: map[string]shown{}}
			random := rand.New(rand.NewPCG(seed, uint64(100+10*n+i)))
			if i >= 6 {
				d.delay = func() time.Duration { return time.Duration(random.IntN(100)) * time.Millisecond }
			}
			dashboards[tenant] = append(dashboards[tenant], d)
			watchers.Go(func() { d.run(open) })
		}
	}
	t.Cleanup(watchers.Wait)
	t.Cleanup(end)

	random := rand.New(rand.NewPCG(seed, 7))
	restart := 0
	for storm.Err() == nil {
		time.Sleep(time.Duration(random.IntN(60)) * time.Millisecond)
		tenant := []string{"t1", "t10"}[random.IntN(2)]
		dashboards[tenant][random.IntN(8)].interrupt(random.IntN(4) == 0)
		if random.IntN(40) == 0 && restart < 4 {
			if restart%2 == 1 {
				s.process.Kill()
			} else if err := s.process.Stop(); err != nil {
				t.Error(err)
			}
			s.start()
			restart++
		}
	}
	writers.Wait()

	for tenant, all := range dashboards {
		var stored struct {
			Charts struct{ Nodes []shown }
		}
		if err := s.ask(tokens[tenant], `{ charts { nodes { id version kpi(period: TODAY) { value } } } }`, nil, &stored); err != nil {
			t.Fatal(err)
		}
		want := map[string]shown{}
		for _, c := range stored.Charts.Nodes {
			want[c.ID] = c
		}
		for _, d := range all {
			deadline := time.Now().Add(patience / 2)
			for d.differs(want) != "" && time.Now().Before(deadline) {
				time.Sleep(20 * time.Millisecond)
			}
			if difference := d.differs(want); difference != "" {
				t.Error(difference)
			}
		}
	}
	t.Logf("%d restarts", restart)
}
