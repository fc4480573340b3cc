package cluster

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/anishathalye/porcupine"
	"github.com/mykpi/mykpi/test/program"
)

const (
	writers       = 8
	chartsWatched = 2
)

// operation is one of the history: a point of value 1 recorded, or the sum read.
type operation struct {
	chart string
	read  bool
}

// sums is what a chart's sum does: recording adds one, whatever retries it took; reading tells it.
var sums = porcupine.Model{
	Partition: func(history []porcupine.Operation) [][]porcupine.Operation {
		byChart := map[string][]porcupine.Operation{}
		for _, o := range history {
			chart := o.Input.(operation).chart
			byChart[chart] = append(byChart[chart], o)
		}
		var parts [][]porcupine.Operation
		for _, part := range byChart {
			parts = append(parts, part)
		}
		return parts
	},
	Init: func() any { return 0 },
	Step: func(state, input, output any) (bool, any) {
		if input.(operation).read {
			return output == state, state
		}
		return true, state.(int) + 1
	},
}

// history is what the clients did and were told, in nanoseconds since the start.
type history struct {
	mu         sync.Mutex
	start      time.Time
	operations []porcupine.Operation
	points     map[string]int // acknowledged, by chart
}

func (h *history) add(client int, o operation, call time.Time, output any) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.operations = append(h.operations, porcupine.Operation{
		ClientId: client, Input: o, Output: output, Call: int64(call.Sub(h.start)), Return: int64(time.Since(h.start)),
	})
	if !o.read {
		h.points[o.chart]++
	}
}

// exact is the flag by which instances keep no answers: with them, what one instance has just recorded another may tell a
// moment later, until it has heard of it. The eventual reads of DynamoDB proper have the same effect; those of DynamoDB Local
// are never behind, so that what is tested here is what is committed.
const exact = "--answer-memory"

// Three instances under kill -9: every acknowledged point is counted once, versions have no gaps, the history is
// linearizable, and a rebuild tells what was told live.
func TestKills(t *testing.T) {
	c := startCluster(t, binary, 3, "--nats", startNATS(t).url(), exact, "0")
	if err := torture(t, c, kills(t)); err != nil {
		t.Error(err)
	}
}

// The control: without idempotency keys the same clients are counted twice, and the same detectors say so. Whether an answer is
// lost after its commit is chance: a slow machine may need more than one try.
func TestForgetfulInstancesAreCaught(t *testing.T) {
	forgetful, err := program.Build(t.TempDir(), "-tags", "forgetful")
	if err != nil {
		t.Fatal(err)
	}
	for tries := 0; err == nil && tries < 4; tries++ {
		err = torture(t, startCluster(t, forgetful, 3, exact, "0"), 3)
	}
	if err == nil {
		t.Fatal("points were counted twice, and nobody noticed")
	}
	for _, detector := range []error{errCount, errHistory} {
		if !errors.Is(err, detector) {
			t.Errorf("%q has not noticed: %v", detector, err)
		}
	}
	t.Logf("noticed: %v", err)
}

// What the detectors find.
var (
	errCount   = errors.New("points are not counted once")
	errGap     = errors.New("versions have gaps")
	errHistory = errors.New("the history is not linearizable")
	errRebuild = errors.New("a rebuild tells something else")
)

// torture has clients record and read while instances are killed, and answers what the detectors find.
func torture(t *testing.T, c *cluster, kills int) error {
	as := c.admin(t)
	var charts []string
	for i := range chartsWatched {
		charts = append(charts, fmt.Sprintf("chart-%d", i))
		as.must(t, c.instances[0], create, vars{"key": charts[i]}, nil)
	}
	h := &history{start: time.Now(), points: map[string]int{}}
	ctx, stop := context.WithCancel(t.Context())
	var working sync.WaitGroup
	for w := range writers {
		working.Go(func() {
			for ctx.Err() == nil {
				chart := charts[rand.IntN(len(charts))]
				if rand.IntN(3) == 0 {
					as.read(t, h, w, chart)
				} else {
					as.record(t, h, w, chart)
				}
			}
		})
	}
	for range kills {
		time.Sleep(200*time.Millisecond + rand.N(600*time.Millisecond))
		i := c.instances[rand.IntN(len(c.instances))]
		i.running().Kill()
		c.start(t, i)
	}
	stop()
	working.Wait()
	for _, chart := range charts {
		as.read(t, h, writers, chart)
	}
	t.Logf("%d operations, %d kills", len(h.operations), kills)
	return errors.Join(counted(t, as, h), linearizable(t, h), gapless(t, c, as), rebuilt(t, c, as, charts))
}

// record records a point, and retries with its key until an instance acknowledges it. Some attempts are cut off on
// purpose, so that answers are lost.
func (c *client) record(t *testing.T, h *history, client int, chart string) {
	call, once := time.Now(), unique()
	c.retry(t, func(ctx context.Context, i *instance) error {
		return c.ask(ctx, i, record, vars{"key": chart, "once": once}, nil)
	})
	h.add(client, operation{chart, false}, call, nil)
}

func (c *client) read(t *testing.T, h *history, client int, chart string) {
	var told figures
	call := time.Now()
	c.retry(t, func(ctx context.Context, i *instance) error {
		call, told = time.Now(), figures{}
		return c.ask(ctx, i, look, vars{"key": chart}, &told)
	})
	sum, err := told.Chart.Kpi.Value.Int64()
	if err != nil && told.Chart.Kpi.Value != "" {
		t.Errorf("the sum is %q", told.Chart.Kpi.Value)
	}
	h.add(client, operation{chart, true}, call, int(sum))
}

func (c *client) retry(t *testing.T, try func(context.Context, *instance) error) {
	for end := time.Now().Add(patience); ; {
		wait := 5 * time.Second
		if rand.IntN(5) == 0 {
			wait = rand.N(30 * time.Millisecond)
		}
		// Not the test's own context: what was begun is to be finished.
		ctx, cancel := context.WithTimeout(context.Background(), wait)
		err := try(ctx, c.cluster.instances[rand.IntN(len(c.cluster.instances))])
		cancel()
		if err == nil {
			return
		}
		if time.Now().After(end) {
			t.Errorf("nobody takes it: %v", err)
			return
		}
		time.Sleep(rand.N(20 * time.Millisecond))
	}
}

// counted compares what was acknowledged with what the charts say and with what is in the log.
func counted(t *testing.T, as *client, h *history) error {
	var failed error
	for chart, points := range h.points {
		var told figures
		as.must(t, as.cluster.instances[0], look, vars{"key": chart}, &told)
		if sum := told.Chart.Kpi.Value.String(); sum != fmt.Sprint(points) {
			failed = errors.Join(failed, fmt.Errorf("%w: %d acknowledged, %s says %s", errCount, points, chart, sum))
		}
	}
	return failed
}

func linearizable(t *testing.T, h *history) error {
	switch result := porcupine.CheckOperationsTimeout(sums, h.operations, patience); result {
	case porcupine.Ok:
		return nil
	case porcupine.Unknown:
		t.Error("porcupine has come to no end")
		return nil
	default:
		return errHistory
	}
}

// gapless reads the whole log by its export.
func gapless(t *testing.T, c *cluster, as *client) error {
	text := c.run(t, "export", "--tenant", as.tenant)
	last := map[string]int{}
	lines := bufio.NewScanner(strings.NewReader(text))
	lines.Buffer(nil, 1<<20)
	for lines.Scan() {
		var event struct {
			Stream  string
			Version int
		}
		if err := json.Unmarshal(lines.Bytes(), &event); err != nil {
			t.Fatalf("%v: %s", err, lines.Text())
		}
		if event.Version == 0 {
			continue
		}
		if event.Version != last[event.Stream]+1 {
			return fmt.Errorf("%w: %s: %d follows %d", errGap, event.Stream, event.Version, last[event.Stream])
		}
		last[event.Stream] = event.Version
	}
	return lines.Err()
}

// rebuilt compares what charts say before and after a rebuild while the servers run.
func rebuilt(t *testing.T, c *cluster, as *client, charts []string) error {
	tell := func() (all []figures) {
		for _, chart := range charts {
			var told figures
			as.must(t, c.instances[1], look, vars{"key": chart}, &told)
			all = append(all, told)
		}
		return all
	}
	before := fmt.Sprint(tell())
	c.run(t, "rebuild", "--tenant", as.tenant)
	if after := fmt.Sprint(tell()); after != before {
		return fmt.Errorf("%w: %s, not %s", errRebuild, after, before)
	}
	return nil
}
