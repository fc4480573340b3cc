package graph

import (
	"context"
	"runtime"
	"slices"
	"sync"
	"time"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/gqlerror"

	"github.com/mykpi/mykpi/charts/live"
	"github.com/mykpi/mykpi/graph/transport"
)

// group is the members that are sent the same bytes.
type group struct {
	key   groupKey
	ctx   context.Context // of executions: any member's would do, for as long as it stays
	exec  graphql.GraphExecutor
	op    *graphql.OperationContext
	watch *live.Watch

	mu      sync.Mutex
	members []*member              // in the order in which they came: so they lie in memory
	encoded map[string][]*encoding // by chart, the latest last
	asked   []*encoding            // that a member waits for
	working bool
	again   bool // the watch has more since work last looked
}

// encoding is an update as it is sent.
type encoding struct {
	update  *live.KpiUpdate
	event   *transport.Event // nil until it is made
	waiting []*member
}

// keptEncodings is how many a group keeps of one chart: its newest, as first told to those that come and to those that come
// back, and the one before for those that are slow.
const keptEncodings = 4

// start has what is new encoded. It never blocks.
func (g *group) start() {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.again = true
	g.startLocked()
}

func (g *group) startLocked() {
	if !g.working {
		g.working = true
		go g.work()
	}
}

// work encodes what members wait for and what is new, and then wakes all members, until nothing is left.
func (g *group) work() {
	for fresh := false; ; {
		if e := g.wanted(); e != nil {
			g.finish(e, g.encode(e.update))
			continue
		}
		if u := g.watch.Next(); u != nil {
			if e := g.find(u); e.event == nil {
				g.finish(e, g.encode(u))
			}
			fresh = true
			continue
		}
		if fresh {
			g.tell()
			fresh = false
			continue
		}
		if g.rest() {
			return
		}
	}
}

func (g *group) add(m *member) {
	g.mu.Lock()
	defer g.mu.Unlock()
	m.group, m.place = g, len(g.members)
	g.members = append(g.members, m)
}

// remove takes a member out, and reports whether it was the last.
func (g *group) remove(m *member) bool {
	g.mu.Lock()
	defer g.mu.Unlock()
	last := len(g.members) - 1
	g.members[m.place] = g.members[last]
	g.members[m.place].place = m.place
	g.members[last] = nil
	g.members = g.members[:last]
	return last == 0
}

func (g *group) wanted() *encoding {
	g.mu.Lock()
	defer g.mu.Unlock()
	if len(g.asked) == 0 {
		return nil
	}
	e := g.asked[0]
	g.asked = g.asked[1:]
	return e
}

// tellAlone is how many members one goroutine wakes before another is worth its start.
const tellAlone = 512

// tell wakes all members. A wake is most often a write, so many members are shared out among half the processors: the others
// have the kernel's side of the same writes to do.
func (g *group) tell() {
	g.mu.Lock()
	all := slices.Clone(g.members)
	g.mu.Unlock()
	each := max(tellAlone, len(all)/((runtime.NumCPU()+1)/2)+1)
	var telling sync.WaitGroup
	for some := range slices.Chunk(all, each) {
		telling.Go(func() {
			for _, m := range some {
				m.wake()
			}
		})
	}
	telling.Wait()
}

// rest ends the work unless there is more.
func (g *group) rest() bool {
	g.mu.Lock()
	defer g.mu.Unlock()
	if len(g.asked) > 0 || g.again {
		g.again = false
		return false
	}
	g.working = false
	return true
}

func (g *group) finish(e *encoding, event *transport.Event) {
	g.mu.Lock()
	e.event = event
	waiting := e.waiting
	e.waiting = nil
	g.mu.Unlock()
	for _, m := range waiting {
		m.wake()
	}
}

// find is the encoding of an update, which may still be to be made.
func (g *group) find(u *live.KpiUpdate) *encoding {
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.findLocked(u)
}

func (g *group) findLocked(u *live.KpiUpdate) *encoding {
	of := g.encoded[u.Chart.ID]
	for _, e := range of {
		if e.update == u {
			return e
		}
	}
	e := &encoding{update: u}
	if len(of) == keptEncodings {
		copy(of, of[1:])
		of = of[:keptEncodings-1]
	}
	g.encoded[u.Chart.ID] = append(of, e)
	return e
}

// event is an update as it is sent, or nil where it is still to be encoded: the member is woken when it is.
func (g *group) event(u *live.KpiUpdate, m *member) *transport.Event {
	g.mu.Lock()
	defer g.mu.Unlock()
	e := g.findLocked(u)
	if e.event != nil {
		return e.event
	}
	if e.waiting == nil {
		g.asked = append(g.asked, e)
	}
	e.waiting = append(e.waiting, m)
	g.startLocked()
	return nil
}

// encodeTimeout bounds one execution, which may read the store.
const encodeTimeout = 10 * time.Second

// encode executes the subscription for one update.
func (g *group) encode(u *live.KpiUpdate) (event *transport.Event) {
	fail := func(err error) *transport.Event {
		failed := g.exec.DispatchError(graphql.WithOperationContext(g.ctx, g.op), gqlerror.List{gqlerror.Wrap(err)})
		return &transport.Event{Payload: transport.Payload(failed)}
	}
	defer func() {
		if p := recover(); p != nil {
			event = fail(g.op.RecoverFunc(g.ctx, p))
		}
	}()
	ctx, cancel := context.WithTimeout(context.WithValue(g.ctx, updateKey{}, u), encodeTimeout)
	defer cancel()
	responses, ctx := g.exec.DispatchOperation(ctx, g.op)
	response := responses(ctx)
	if response == nil {
		return fail(context.DeadlineExceeded)
	}
	return &transport.Event{ID: u.Cursor, Payload: transport.Payload(response)}
}

// member is one subscription: a transport.Feed.
type member struct {
	sharing *Sharing
	group   *group
	place   int // among the group's members
	watch   *live.Watch
	wake    func()
	next    *live.KpiUpdate // taken from the watch, and not sent yet
}

// Next implements transport.Feed.
func (m *member) Next() (*transport.Event, error) {
	if m.next == nil {
		if m.next = m.watch.Next(); m.next == nil {
			return nil, nil
		}
	}
	event := m.group.event(m.next, m)
	if event != nil {
		m.next = nil
	}
	return event, nil
}

// Close implements transport.Feed.
func (m *member) Close() {
	m.watch.Close()
	m.sharing.leave(m)
}
