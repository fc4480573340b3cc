package plan

import (
	"encoding/binary"
	"encoding/json"

	"github.com/vektah/gqlparser/v2/ast"
)

// Keeper is a value that keeps what was written of it, so that of a list those values alone are written anew that have changed.
// A selection is named by its serial; variables stands for the values of those that its arguments ask.
type Keeper interface {
	// Recall is what Keep was given of a value that answers every question alike; nil where nothing is kept.
	Recall(selection uint64, variables string) []byte
	// Keep may keep a copy.
	Keep(selection uint64, variables string, written []byte)
}

// Recall is the text of a value by a selection, or nil where it is to be written.
func (r *Run) Recall(s *Selection, value Keeper) []byte {
	if !r.look(s) {
		return nil
	}
	return value.Recall(s.serial, r.variables)
}

// Keep has a value keep its text by a selection.
func (r *Run) Keep(s *Selection, value Keeper, text []byte) {
	if r.look(s) {
		value.Keep(s.serial, r.variables, text)
	}
}

// look has r.variables be those of a selection; false where its texts are not to be kept.
func (r *Run) look(s *Selection) bool {
	if !r.keep {
		return false
	}
	if r.asked != s {
		r.asked, r.variables = s, ""
		if len(s.variables) > 0 {
			r.variables = variablesText(s.variables, r.values)
		}
	}
	return len(s.variables) == 0 || r.variables != ""
}

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
