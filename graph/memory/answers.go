package memory

import (
	"bytes"
	"sync"
	"sync/atomic"

	"github.com/mykpi/mykpi/lru"
)

// answers are those that are remembered, by what was asked, within a budget of bytes.
type answers struct {
	budget int

	mu   sync.Mutex
	kept lru.BySize[key, *answer]
}

// answer is one that was sent.
type answer struct {
	version uint64
	second  int64
	header  map[string][]string // that belong to it
	etag    func() string       // hashes the text when it is first asked for
	body    []byte

	senders atomic.Int32 // who are at it; more come only while it is kept
}

// find is what was answered at a version and in a second, to be left after it has been sent. Else it is where to record that:
// in the memory of the answer before, which is of no use any more, if nobody is sending it. Memory that is new costs a large
// answer more than all else: it must be cleared, and collected.
func (a *answers) find(k key, version uint64, second int64) (*answer, *bytes.Buffer) {
	a.mu.Lock()
	defer a.mu.Unlock()
	before, found := a.kept.Get(k)
	switch {
	case found && before.version == version && before.second == second:
		before.senders.Add(1)
		return before, nil
	case found && before.senders.Load() == 0:
		a.kept.Remove(k)
		return nil, bytes.NewBuffer(before.body[:0])
	}
	return nil, bodies.Get().(*bytes.Buffer)
}

func (a *answer) leave() { a.senders.Add(-1) }

// put remembers an answer, in the place of what was answered before.
func (a *answers) put(k key, made *answer) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.kept.Add(k, made, len(k)+cap(made.body)+overhead, a.budget)
}
