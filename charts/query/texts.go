package query

import (
	"bytes"
	"sync"
)

// texts are what was written of a chart in one state, within one second, so that of a list those charts alone are written
// anew that have changed. A KPI compares with the same time a week ago: a text is of its instant. Where the clock goes back, none
// is kept until it has caught up.
type texts struct {
	mu     sync.Mutex
	second int64
	kept   []text
}

type text struct {
	selection uint64
	variables string
	written   []byte // only read
}

const (
	maxTexts     = 8        // of a state; a dashboard has one
	maxText      = 64 << 10 // bytes
	textOverhead = 128      // bytes besides what was written, about
)

// find is what is kept of a second by a selection, or nil. The caller holds the lock.
func (t *texts) find(second int64, selection uint64, variables string) []byte {
	if t.second != second {
		return nil
	}
	for _, k := range t.kept {
		if k.selection == selection && k.variables == variables {
			return k.written
		}
	}
	return nil
}

// size is what they take in memory, in bytes, about. The caller holds the lock.
func (t *texts) size() (bytes int) {
	for _, k := range t.kept {
		bytes += len(k.written) + len(k.variables) + textOverhead
	}
	return bytes
}

// Recall is what Keep was given of a look at the chart that says the same, whatever it is asked: at the same state of it, in the
// same second. It is nil where nothing is kept, and only read.
func (c *Chart) Recall(selection uint64, variables string) []byte {
	if c.view == nil {
		return nil
	}
	t := &c.state.texts
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.find(c.view.second(), selection, variables)
}

// Keep keeps a copy of what was written of the chart, by a selection with the values of its variables, for as long as its board
// is kept, and within the memory for that.
func (c *Chart) Keep(selection uint64, variables string, written []byte) {
	if c.view == nil || len(written) > maxText {
		return
	}
	t, second := &c.state.texts, c.view.second()
	t.mu.Lock()
	defer t.mu.Unlock()
	if c.state.replaced || second < t.second || t.find(second, selection, variables) != nil {
		return
	}
	full := second > t.second || len(t.kept) == maxTexts
	grown := len(written) + len(variables) + textOverhead
	if full {
		grown -= t.size()
	}
	if !c.view.reader.kept.reserve(c.view.board, grown, c.view.reader.Memory) {
		return
	}
	if full {
		clear(t.kept)
		t.second, t.kept = second, t.kept[:0]
	}
	t.kept = append(t.kept, text{selection, variables, bytes.Clone(written)})
}
