package guard

import (
	"fmt"
	"math"
	"strconv"
	"strings"

	"github.com/vektah/gqlparser/v2/ast"
)

// meter adds up the cost of a valid operation: 1 a field, times the elements of the lists that it is within.
type meter struct {
	g           *Guard
	vars        map[string]any
	fragments   map[fragmentKey]int
	introspects bool
}

// fragmentKey is a fragment and whether it is spread right within a page: lists count otherwise there.
type fragmentKey struct {
	name   string
	inPage bool
}

// selections is the cost of a selection set. inPage says that it is of a field with a page size: the lists in it, nodes
// and edges, are that page.
func (m *meter) selections(set ast.SelectionSet, inPage bool) (cost int) {
	for _, s := range set {
		switch s := s.(type) {
		case *ast.Field:
			cost = add(cost, m.field(s, inPage))
		case *ast.InlineFragment:
			cost = add(cost, m.selections(s.SelectionSet, inPage))
		case *ast.FragmentSpread:
			cost = add(cost, m.fragment(s.Definition, inPage))
		}
	}
	return cost
}

func (m *meter) fragment(f *ast.FragmentDefinition, inPage bool) int {
	if f == nil {
		return 0
	}
	key := fragmentKey{f.Name, inPage}
	if cost, known := m.fragments[key]; known {
		return cost
	}
	m.fragments[key] = 0 // of a cycle, which validation refuses
	cost := m.selections(f.SelectionSet, inPage)
	m.fragments[key] = cost
	return cost
}

func (m *meter) field(f *ast.Field, inPage bool) int {
	if f.Name == "__schema" || f.Name == "__type" {
		m.introspects = true
		return 1 // the schema is small, and its depth is limited by itself
	}
	if f.Definition == nil || len(f.SelectionSet) == 0 {
		return 1
	}
	size, page := m.size(f, inPage)
	return add(1, multiply(size, m.selections(f.SelectionSet, page)))
}

// size is how many elements a field may have, and whether they are a page.
func (m *meter) size(f *ast.Field, inPage bool) (size int, page bool) {
	if f.ObjectDefinition != nil {
		if size, ok := m.g.Sizes[f.ObjectDefinition.Name+"."+f.Name]; ok {
			return size, false
		}
	}
	for _, name := range [...]string{"first", "last"} {
		if def := f.Definition.Arguments.ForName(name); def != nil {
			size, given := m.pageSize(f, def)
			if most := m.g.Limits.MaxPageSize; most > 0 {
				size = min(size, most)
			}
			if given || name == "last" || f.Definition.Arguments.ForName("last") == nil {
				return size, true
			}
		}
	}
	switch {
	case f.Definition.Type.Elem == nil || inPage:
		return 1, false
	}
	return m.g.Limits.ListSize, false
}

// pageSize is the value of an argument, or its default, or the guard's; given says that the client chose it.
func (m *meter) pageSize(f *ast.Field, def *ast.ArgumentDefinition) (size int, given bool) {
	if arg := f.Arguments.ForName(def.Name); arg != nil {
		if v, err := arg.Value.Value(m.vars); err == nil {
			if n, ok := integer(v); ok {
				return n, true
			}
		}
	}
	if def.DefaultValue != nil {
		if v, err := def.DefaultValue.Value(nil); err == nil {
			if n, ok := integer(v); ok {
				return n, false
			}
		}
	}
	return m.g.Limits.PageSize, false
}

// integer reads an Int of any of the types that gqlparser gives; what is below 1 counts as 1, for the resolver to refuse.
func integer(v any) (n int, ok bool) {
	if v == nil {
		return 0, false
	}
	f, err := strconv.ParseFloat(fmt.Sprint(v), 64)
	if err != nil || math.IsNaN(f) {
		return 0, false
	}
	return int(max(1, min(f, unbounded))), true
}

// isField reports whether name is a "Type.field" of a schema.
func isField(schema *ast.Schema, name string) bool {
	typeName, field, _ := strings.Cut(name, ".")
	def := schema.Types[typeName]
	return def != nil && def.Fields.ForName(field) != nil
}
