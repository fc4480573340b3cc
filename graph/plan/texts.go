package plan

import (
	"bytes"
	"encoding/binary"
	"encoding/json"
	"sync"

	"github.com/vektah/gqlparser/v2/ast"

	"github.com/mykpi/mykpi/lru"
)

// Fingerprinted is a value that can say when another would be written like it: both answer every question alike. state is 0
// where it can't say.
type Fingerprinted interface {
	Fingerprint() (state uint64, second int64)
}

// textKey stands for all that a fingerprinted value's text depends on.
type textKey struct {
	selection uint64 // its serial
	variables string // those that the selection's arguments ask
	state     uint64
	second    int64
}

// texts keeps what was written of fingerprinted values, so that of a list those alone are written anew that have changed.
type texts struct {
	budget int // bytes

	mu   sync.Mutex
	kept lru.BySize[textKey, []byte]
}

const textOverhead = 200 // bytes of an entry besides its text, about

func (t *texts) get(key textKey) ([]byte, bool) {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.kept.Get(key)
}

// put keeps a copy of a text, unless it is so large that it would cost too many others.
func (t *texts) put(key textKey, text []byte) {
	size := len(text) + textOverhead
	if size > t.budget/16 {
		return
	}
	text = bytes.Clone(text)
	t.mu.Lock()
	defer t.mu.Unlock()
	t.kept.Add(key, text, size, t.budget)
}

// Key is what stands for the text of a value by a selection; ok is false where it is not to be kept.
func (r *Run) Key(s *Selection, value Fingerprinted) (key textKey, ok bool) {
	if r.texts == nil {
		return key, false
	}
	key.selection = s.serial
	if key.state, key.second = value.Fingerprint(); key.state == 0 {
		return key, false
	}
	if len(s.variables) > 0 {
		if r.asked != s {
			r.asked, r.variables = s, variablesText(s.variables, r.values)
		}
		key.variables = r.variables
	}
	return key, len(s.variables) == 0 || key.variables != ""
}

// Recall appends the text that is kept under a key.
func (r *Run) Recall(b []byte, key textKey) (_ []byte, found bool) {
	text, found := r.texts.get(key)
	return append(b, text...), found
}

// Keep keeps a text under its key.
func (r *Run) Keep(key textKey, text []byte) { r.texts.put(key, text) }

// variablesText is the values of variables, so that no two lists of values are the same text; "" where that can't be told.
func variablesText(names []string, values map[string]any) string {
	var b []byte
	for _, name := range names {
		value, given := values[name]
		if !given {
			b = append(b, '-')
			continue
		}
		text, err := json.Marshal(value)
		if err != nil {
			return ""
		}
		b = append(binary.AppendUvarint(append(b, '+'), uint64(len(text))), text...)
	}
	return string(b)
}

// variablesOf are the variables that the arguments of fields ask, and those below. What decides which fields are selected was
// asked when the selection was compiled.
func variablesOf(fields []Field) (names []string) {
	for _, f := range fields {
		names = f.variables(names)
		if f.Below != nil {
			names = append(names, f.Below.variables...)
		}
	}
	return names
}

// variables adds those that the field's arguments ask.
func (f *Field) variables(names []string) []string {
	for _, a := range f.Arguments {
		names = variablesIn(names, a.Value)
	}
	return names
}

func variablesIn(names []string, v *ast.Value) []string {
	if v.Kind == ast.Variable {
		return append(names, v.Raw)
	}
	for _, child := range v.Children {
		names = variablesIn(names, child.Value)
	}
	return names
}
