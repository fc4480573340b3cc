package journal

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"runtime/debug"
	"slices"
	"time"

	"github.com/mykpi/mykpi/charts"
	"github.com/mykpi/mykpi/charts/projection"
	"github.com/mykpi/mykpi/eventstore"
	"github.com/mykpi/mykpi/tenancy"
)

const (
	// groupSize is how many commands on one chart are committed together, at most.
	groupSize = 64
	// patience is how long a group may take, retries included: the deadline of a request.
	patience = 10 * time.Second
	// firstPause and longestPause bound the wait after a lost race with another instance, with full jitter.
	firstPause   = 4 * time.Millisecond
	longestPause = 250 * time.Millisecond
)

// Work decides on a chart as the session tells it, and stages what follows. It may run more than once, each time on a
// newer session, so it must set its results anew. An error means that nothing of it is committed.
type Work func(ctx context.Context, s *Session) error

// queue is what waits for one chart in this process. Compare-and-swap without one starves writers (storage.md).
type queue struct{ waiting []*task }

type task struct {
	ctx  context.Context
	work Work
	done chan error // has room for the one answer
}

// answer tells the task's outcome; what was told first holds.
func (t *task) answer(err error) {
	select {
	case t.done <- err:
	default:
	}
}

// Do runs work on a chart, in turn with all other work on it in this process, and answers when what it staged is
// durable. Commands that wait together are committed together.
func (j *Journal) Do(ctx context.Context, tenant tenancy.ID, id charts.ID, work Work) error {
	t := &task{ctx: ctx, work: work, done: make(chan error, 1)}
	key := chartKey{tenant, id}
	j.mu.Lock()
	q := j.queues[key]
	if q == nil {
		q = &queue{}
		j.queues[key] = q
		go j.serve(key, q)
	}
	q.waiting = append(q.waiting, t)
	j.mu.Unlock()
	select {
	case err := <-t.done:
		return err
	case <-ctx.Done():
		return unavailable(ctx.Err())
	}
}

// serve works a chart's queue off, group by group, and ends with it.
func (j *Journal) serve(key chartKey, q *queue) {
	j.mu.Lock()
	s := j.kept.take(j.Now(), key)
	j.mu.Unlock()
	for {
		j.mu.Lock()
		if len(q.waiting) == 0 {
			delete(j.queues, key)
			if s != nil && len(s.events) > 0 { // else the chart is told again what it knows, and will be decided on as it is now
				j.kept.put(j.Now(), key, s, j.Memory)
			}
			j.mu.Unlock()
			return
		}
		n := min(groupSize, len(q.waiting))
		group := q.waiting[:n:n]
		q.waiting = q.waiting[n:]
		j.mu.Unlock()
		for len(group) > 0 {
			if s != nil && s.worn() {
				s = nil
			}
			s, group = j.serveGroup(key, s, group)
		}
	}
}

// serveGroup commits as many of the tasks as fit one commit, and answers the session to go on with and the rest. A
// panic on one chart, such as on an event that nobody foresaw, is told to its callers and ends there.
func (j *Journal) serveGroup(key chartKey, s *Session, group []*task) (next *Session, rest []*task) {
	defer func() {
		if p := recover(); p != nil {
			next, rest = nil, answer(group, panicked(p))
		}
	}()
	ctx, cancel := context.WithTimeout(context.WithoutCancel(group[0].ctx), patience)
	defer cancel()
	pause := firstPause
	for len(group) > 0 {
		var err error
		if s == nil {
			if s, err = j.load(ctx, key.tenant, key.chart); err != nil {
				return nil, answer(group, err)
			}
		}
		s.reset()
		outcomes, spoiled := j.work(ctx, s, group)
		taken := group[:len(outcomes)]
		switch {
		case moved(outcomes):
			err = eventstore.ErrConflict
		case spoiled && !s.fresh:
			s = nil // what it failed of may be out of date
			continue
		case spoiled:
			// The others work again, on a session without what the last one left behind.
			last := len(taken) - 1
			taken[last].answer(outcomes[last])
			s, group = nil, slices.Concat(taken[:last], group[len(taken):])
			continue
		case len(s.events) == 0 && !s.fresh:
			// Nothing to commit, so no commit would tell that another instance has changed the chart since.
			s = nil
			continue
		default:
			err = s.commit(ctx)
		}
		switch {
		case err == nil:
			j.publish(s.changes)
			for i, t := range taken {
				t.answer(outcomes[i])
			}
			s.fresh = false
			return s, group[len(taken):]
		case errors.Is(err, eventstore.ErrConflict):
			s = nil
			select {
			case <-time.After(rand.N(pause)):
				pause = min(2*pause, longestPause)
			case <-ctx.Done():
				return nil, answer(group, unavailable(errors.New("the chart is busy")))
			}
		case errors.Is(err, eventstore.ErrTooLarge) && len(taken) > 1:
			s = nil
			for i := range taken {
				for rest := taken[i : i+1]; len(rest) > 0; {
					s, rest = j.serveGroup(key, s, rest)
				}
			}
			return s, group[len(taken):]
		default:
			for i, t := range taken {
				if outcomes[i] != nil {
					err = outcomes[i]
				}
				t.answer(err)
			}
			return nil, group[len(taken):]
		}
	}
	return s, nil
}

// work runs the tasks in turn and answers an outcome for each that it got to: it stops where the commit grows full, and
// behind one that failed with something staged, which has spoiled the session.
func (j *Journal) work(ctx context.Context, s *Session, group []*task) (outcomes []error, spoiled bool) {
	limits := j.Store.Limits()
	for _, t := range group {
		if len(outcomes) > 0 && (s.records() > limits.Records/2 || s.staged > limits.RecordBytes/2) {
			break
		}
		if err := t.ctx.Err(); err != nil {
			outcomes = append(outcomes, unavailable(err))
			continue
		}
		s.Now = j.Now().UTC()
		staged := s.records()
		err := protect(ctx, s, t.work)
		outcomes = append(outcomes, err)
		if err != nil && (errors.Is(err, errPanicked) || s.records() != staged) {
			return outcomes, true
		}
	}
	return outcomes, false
}

// errPanicked is the outcome of work that panicked; what the session holds then can't be trusted.
var errPanicked = errors.New("journal: a command panicked")

func panicked(p any) error { return fmt.Errorf("%w: %v\n%s", errPanicked, p, debug.Stack()) }

func protect(ctx context.Context, s *Session, work Work) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = panicked(p)
		}
	}()
	return work(ctx, s)
}

// moved reports whether a task read documents of a later commit than the session's.
func moved(outcomes []error) bool {
	for _, err := range outcomes {
		if errors.Is(err, projection.ErrMoved) {
			return true
		}
	}
	return false
}

// answer tells all tasks the same and answers that none is left.
func answer(group []*task, err error) []*task {
	for _, t := range group {
		t.answer(err)
	}
	return nil
}
