package e2e

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/mykpi/mykpi/test/oracle"
)

// way is how points are sent.
type way int

const (
	byGraphQL way = iota
	byWebhook
	byWebhookOfMany // charts
	byCSV
	ways
)

// csvBatch is how many rows of a file are committed together.
const csvBatch = 1000

// sending is one call that brings points in. Its name is the source by which its ingestion is found.
type sending struct {
	name   string
	way    way
	keyed  bool               // it has an idempotency key, its name
	points map[string][]point // by chart
	bad    bool               // one more point comes along that can't be taken
}

// isOneCommit reports whether the sending is there whole or not at all: one of a few points, of one chart.
func (s sending) isOneCommit() bool {
	for _, points := range s.points {
		return len(s.points) == 1 && len(points) <= 4
	}
	return false
}

// shop is one tenant under a server that is killed, and what its charts must hold.
type shop struct {
	t       *testing.T
	server  *server
	client  *client
	random  *rand.Rand
	charts  []string
	oracles map[string]*oracle.Ingestions // by chart
	sent    []sending                     // those that count, whether undone or not
	undone  map[string]bool               // by name
	kept    map[string]bool               // names of sendings of which a point was refused
	number  int
	did     map[string]int // steps by kind
}

// TestKillIngestions sends, repeats, reorders, undoes and redoes, and kills the server in the midst of it. Whatever was
// in flight is sent again until it is acknowledged, as n8n does it, or given up: then it must be there whole, or not at
// all. After each step the points are those that the ingestions which are not undone say.
func TestKillIngestions(t *testing.T) {
	engines(t, func(t *testing.T, start starter) {
		kills := torture(t)
		if kills == 0 {
			kills = 4
		}
		seed := uint64(time.Now().UnixNano())
		t.Logf("seed %d, %d kills", seed, kills)
		random := rand.New(rand.NewPCG(seed, 0))
		s := start(t)
		const most = 8 // kills of one shop, so that its lists stay short
		for ; kills > 0; kills -= most {
			p := openShop(t, s, random)
			for range min(kills, most) {
				for range 4 {
					p.step(false)
				}
				p.step(true)
			}
			t.Log(p.did)
			p.checkLists()
			until := time.Now().Format(time.RFC3339Nano)
			before := everything(t, p.client, until)
			s.run(t, "rebuild")
			if after := everything(t, p.client, until); after != before {
				t.Errorf("the rebuilt projection says something else:\n%s\n%s", before, after)
			}
			p.check("rebuild")
		}
	})
}

func openShop(t *testing.T, s *server, random *rand.Rand) *shop {
	t.Helper()
	p := &shop{
		t: t, server: s, client: s.admin(t), random: random,
		oracles: map[string]*oracle.Ingestions{}, undone: map[string]bool{}, kept: map[string]bool{}, did: map[string]int{},
	}
	for i := range killCharts {
		key := fmt.Sprint("chart-", i)
		p.client.create(t, vars{"key": key, "aggregation": "SUM"})
		p.charts, p.oracles[key] = append(p.charts, key), &oracle.Ingestions{}
	}
	return p
}

// step does one thing, with a kill while it is under way or without, and compares.
func (p *shop) step(kill bool) {
	kind := "send"
	switch n := p.random.IntN(10); {
	case n < 5 || len(p.sent) == 0:
		p.send(p.flight(), kill)
	case n < 7:
		kind = "repeat"
		p.repeat(p.sent[p.random.IntN(len(p.sent))], kill)
	case n < 9:
		s := p.sent[p.random.IntN(len(p.sent))]
		undo := p.random.IntN(3) > 0
		kind = map[bool]string{true: "undo", false: "redo"}[undo]
		p.undo(s, undo, kill)
	default:
		kind = "remove"
		p.remove(kill)
	}
	if kill {
		kind += ", killed"
	}
	p.did[kind]++
	p.check(kind)
}

// during runs what callers do, killing and starting the server meanwhile.
func (p *shop) during(kill bool, callers ...func(ctx context.Context)) {
	p.t.Helper()
	var running sync.WaitGroup
	for _, call := range callers {
		running.Go(func() { call(p.t.Context()) })
	}
	if kill {
		time.Sleep(time.Duration(p.random.IntN(12_000)) * time.Microsecond)
		p.server.running().Kill()
		p.server.start(p.t)
	}
	running.Wait()
}

// flight are some sendings at once. No two of them speak of the same point, so that their order does not matter.
func (p *shop) flight() []sending {
	names := p.random.Perm(16)
	flight := make([]sending, 1+p.random.IntN(4))
	for i := range flight {
		p.number++
		s := sending{name: fmt.Sprint("send-", p.number), way: way(p.random.IntN(int(ways))), keyed: p.random.IntN(2) == 0, bad: p.random.IntN(4) == 0, points: map[string][]point{}}
		charts := []string{p.charts[p.random.IntN(len(p.charts))]}
		if s.way == byWebhookOfMany {
			charts = p.charts
		}
		share := names[i*4 : i*4+1+p.random.IntN(4)]
		for _, chart := range charts {
			for _, n := range share {
				s.points[chart] = append(s.points[chart], p.point(n))
			}
		}
		if s.way == byCSV && p.random.IntN(3) == 0 { // a file of several batches, of points of its own
			for n := range csvBatch + p.random.IntN(csvBatch) {
				s.points[charts[0]] = append(s.points[charts[0]], point{"key": fmt.Sprint(s.name, "-", n), "at": instantOf(n % 16), "value": "1"})
			}
		}
		flight[i] = s
	}
	return flight
}

// point is the n-th of those that are sent again and again: half of them have a key, half are known by their instant.
func (p *shop) point(n int) point {
	made := point{"at": instantOf(n), "value": fmt.Sprint(1 + p.random.IntN(4))}
	if n%2 == 0 {
		made["key"] = fmt.Sprint("k", n)
	}
	return made
}

func instantOf(n int) string {
	return time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC).Add(time.Duration(n) * 5 * time.Hour).Format(time.RFC3339)
}

func nameOf(p point) string {
	if key, ok := p["key"].(string); ok {
		return key
	}
	return p["at"].(string)
}

// send sends a flight, each until it is acknowledged; a killed server's may be given up.
func (p *shop) send(flight []sending, kill bool) {
	p.t.Helper()
	answers := make([]outcome, len(flight))
	var callers []func(context.Context)
	for i, s := range flight {
		givesUp := kill && s.isOneCommit() && p.random.IntN(3) == 0
		callers = append(callers, func(ctx context.Context) { answers[i] = p.deliver(ctx, s, givesUp) })
	}
	p.during(kill, callers...)
	for i, s := range flight {
		if answers[i].givenUp {
			p.settle(s)
			continue
		}
		changed := p.believe(s)
		if a := answers[i]; a.tries == 1 && a.Recorded+a.Corrected != changed {
			p.t.Errorf("%s: %d points changed, told %+v", s.name, changed, a)
		}
		p.kept[s.name] = p.kept[s.name] || s.bad
	}
}

// believe has the oracles record a sending, and counts what changed.
func (p *shop) believe(s sending) int {
	changed := 0
	for chart, points := range s.points {
		for _, q := range points {
			if p.oracles[chart].Record(s.name, nameOf(q), q["value"].(string)) {
				changed++
			}
		}
	}
	if changed > 0 {
		p.sent = append(p.sent, s)
	}
	return changed
}

// settle finds out whether a sending that was given up is there. Nobody knows, but it is there whole or not at all.
func (p *shop) settle(s sending) {
	p.t.Helper()
	points, took := 0, 0
	for _, list := range s.points {
		points += len(list)
	}
	for _, i := range p.client.ingestions(p.t, s.name) {
		took += i.Recorded + i.Corrected + i.Unchanged
	}
	switch took {
	case 0:
	case points:
		p.believe(s)
	default:
		p.t.Errorf("%s was given up: %d of its %d points are there", s.name, took, points)
	}
}

// repeat sends again what was sent before, late. Under its idempotency key it changes nothing, whatever came since;
// without one it is said anew.
func (p *shop) repeat(s sending, kill bool) {
	p.t.Helper()
	if s.keyed {
		p.during(kill, func(ctx context.Context) { p.deliver(ctx, s, false) })
		return
	}
	p.number++
	s.name += fmt.Sprint("-again-", p.number)
	p.send([]sending{s}, kill)
}

// undo takes a sending back, or takes that back.
func (p *shop) undo(s sending, undo, kill bool) {
	p.t.Helper()
	found := p.client.ingestions(p.t, s.name)
	if len(found) == 0 {
		p.t.Fatalf("%s changed something and is no ingestion", s.name)
	}
	mutation, verb := `mutation($id: ID!, $dryRun: Boolean!) { done: redoIngestion(input: {id: $id, dryRun: $dryRun}) { recorded corrected kept ingestion { status } } }`, "redo"
	if undo {
		mutation, verb = `mutation($id: ID!, $dryRun: Boolean!) { done: undoIngestion(input: {id: $id, dryRun: $dryRun}) { removed restored kept ingestion { status } } }`, "undo"
	}
	for _, i := range found {
		var would, did json.RawMessage
		tries := 0
		p.during(false, func(ctx context.Context) { would, _ = p.until(ctx, verb, mutation, vars{"id": i.ID, "dryRun": true}) })
		p.during(kill, func(ctx context.Context) {
			did, tries = p.until(ctx, verb, mutation, vars{"id": i.ID, "dryRun": false})
		})
		status := map[bool]string{true: "UNDONE", false: "RECORDED"}[undo]
		if !strings.Contains(string(did), status) {
			p.t.Errorf("%s of %s: %s", verb, s.name, did)
		}
		told, _, _ := strings.Cut(string(would), `"ingestion"`)
		if tries == 1 && !strings.HasPrefix(string(did), told) {
			p.t.Errorf("%s of %s: the dry run told %s, then came %s", verb, s.name, would, did)
		}
		kill = false
	}
	for _, o := range p.oracles {
		if undo {
			o.Undo(s.name)
		} else {
			o.Redo(s.name)
		}
	}
	p.undone[s.name] = undo
}

// remove removes points, which is no ingestion and can't be undone.
func (p *shop) remove(kill bool) {
	p.t.Helper()
	chart := p.charts[p.random.IntN(len(p.charts))]
	input := vars{"chart": vars{"key": chart}}
	for _, n := range p.random.Perm(16)[:3] {
		name := nameOf(p.point(n))
		p.oracles[chart].Remove(name)
		list := map[bool]string{true: "keys", false: "instants"}[n%2 == 0]
		names, _ := input[list].([]string)
		input[list] = append(names, name)
	}
	p.during(kill, func(ctx context.Context) { p.until(ctx, "remove", remove, vars{"input": input}) })
}

// errAway is that the server is not there now, or can't take more.
var errAway = errors.New("the server is away")

// until asks until it is answered, tells how often it asked, and fails the test where it is refused.
func (p *shop) until(ctx context.Context, what, query string, variables vars) (data json.RawMessage, tries int) {
	for tries = 1; ctx.Err() == nil; tries++ {
		a, err := p.client.try(ctx, query, variables)
		if away(a, err) == nil {
			if a.Errors != nil {
				p.t.Errorf("%s %v: %s", what, variables, a.body)
			}
			return a.Data, tries
		}
		time.Sleep(20 * time.Millisecond)
	}
	return nil, tries
}

// away is errAway where a call failed for want of a server, and nil where it was answered.
func away(a answer, err error) error {
	if err != nil || a.code() == "UNAVAILABLE" || a.code() == "RATE_LIMITED" {
		return errAway
	}
	return nil
}

// outcome is how a sending was answered, and after how many tries. A try may have recorded what the next one tells as
// unchanged.
type outcome struct {
	recorded
	tries   int
	givenUp bool
}

// deliver sends until it is acknowledged; one that gives up tries once.
func (p *shop) deliver(ctx context.Context, s sending, givesUp bool) (d outcome) {
	for d.tries = 1; ctx.Err() == nil; d.tries++ {
		var err error
		switch d.recorded, err = p.trySend(ctx, s); {
		case err == nil:
			return d
		case !errors.Is(err, errAway):
			p.t.Errorf("%s: %v", s.name, err)
			return d
		case givesUp:
			d.givenUp = true
			return d
		}
		time.Sleep(20 * time.Millisecond)
	}
	return d
}

// trySend sends once.
func (p *shop) trySend(ctx context.Context, s sending) (recorded, error) {
	path, body, headers := "/webhooks/charts", []byte(nil), map[string]string{}
	if s.keyed {
		headers["Idempotency-Key"] = s.name
	}
	chart := slices.Collect(maps.Keys(s.points))[0]
	points := slices.Clone(s.points[chart])
	if s.bad {
		points = append(points, point{"value": "1,5", "key": "bad"})
	}
	switch s.way {
	case byGraphQL:
		more := vars{"source": s.name}
		if s.keyed {
			more["idempotencyKey"] = s.name
		}
		a, err := p.client.tryRecord(ctx, chart, points, more)
		if err := away(a, err); err != nil {
			return recorded{}, err
		}
		if a.Errors != nil {
			return recorded{}, errors.New(string(a.body))
		}
		var data struct{ RecordDataPoints recorded }
		return data.RecordDataPoints, json.Unmarshal(a.Data, &data)
	case byWebhook:
		path += "/" + chart
		body, _ = json.Marshal(points) // strings
	case byWebhookOfMany:
		var all []point
		for _, chart := range p.charts {
			for _, q := range s.points[chart] {
				q = maps.Clone(q)
				q["chart"] = chart
				all = append(all, q)
			}
		}
		if s.bad {
			all = append(all, point{"chart": "nope", "value": 1})
		}
		body, _ = json.Marshal(all)
	case byCSV:
		path += "/" + chart
		headers["Content-Type"] = "text/csv"
		var rows strings.Builder
		rows.WriteString("at,value,key\n")
		for _, q := range points {
			at, _ := q["at"].(string)
			key, _ := q["key"].(string)
			fmt.Fprintf(&rows, "%s,%q,%s\n", at, q["value"], key)
		}
		body = []byte(rows.String())
	}
	a, err := p.client.sendTo(ctx, path+"?source="+s.name, body, headers)
	if err := away(a, err); err != nil {
		return recorded{}, err
	}
	var got recorded
	if err := json.Unmarshal(a.body, &got); err != nil || a.Errors != nil {
		return got, errors.New(string(a.body))
	}
	if want := map[bool]int{true: 1}[s.bad]; len(got.Rejected) != want {
		return got, errors.New(string(a.body))
	}
	return got, nil
}

// check compares every chart with its oracle.
func (p *shop) check(after string) {
	p.t.Helper()
	for _, chart := range p.charts {
		stored := p.client.values(p.t, chart)
		if want := p.oracles[chart].Points(); !maps.Equal(stored, want) {
			for name := range want {
				if stored[name] != want[name] {
					p.t.Errorf("%s: %s is %q, want %q", chart, name, stored[name], want[name])
				}
			}
			p.t.Fatalf("%s after %s: %d points, want %d", chart, after, len(stored), len(want))
		}
	}
}

// checkLists finds each refused point among those that are kept, and what was undone marked so.
func (p *shop) checkLists() {
	p.t.Helper()
	kept := map[string]bool{}
	for _, r := range p.client.rejectedPoints(p.t) {
		kept[*r.Source] = true
	}
	for name, bad := range p.kept {
		if bad && !kept[name] {
			p.t.Errorf("the point that was refused of %s is not kept", name)
		}
	}
	for name, undone := range p.undone {
		for _, i := range p.client.ingestions(p.t, name) {
			if (i.Status == "UNDONE") != undone {
				p.t.Errorf("%s is %s, undone %v", name, i.Status, undone)
			}
		}
	}
}
