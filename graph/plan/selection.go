package plan

import (
	"strconv"
	"sync/atomic"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/ast"
)

// Type is an object type whose values can be written as they are.
type Type struct {
	Name         string
	Implementors []string // the names that a fragment on it may be conditioned by
	Fields       map[string]FieldType
}

// FieldType is one field of a Type.
type FieldType struct {
	ID   int    // in the generated encoder
	Elem string // the Type of its value, or of its elements; "" for scalars and enums
}

// Typename is the ID of __typename in every type.
const Typename = 0

// Selection is what is written of a value.
type Selection struct {
	Fields    []Field
	serial    uint64   // no other selection has it: what is kept of one names it, and lets go of it and its document
	variables []string // that the arguments of its fields and of those below ask
}

// Field is one field of a Selection.
type Field struct {
	graphql.CollectedField
	ID     int
	Prefix []byte     // ,"alias": without the comma in the first field
	Below  *Selection // of an object or a list of objects

	slot  int           // where a Run keeps what the field's arguments are,
	fixed *atomic.Value // unless they ask no variable: then all runs share it
}

var serials atomic.Uint64 // of Selections

// compiler makes Selections of one operation.
type compiler struct {
	types map[string]*Type
	op    *graphql.OperationContext
	slots int
}

// compile is what is written of a value of a type, or nil if that is for gqlgen to execute. Which fields are selected, and
// in which order, is told by gqlgen itself.
func (c *compiler) compile(t *Type, selections ast.SelectionSet) *Selection {
	collected := graphql.CollectFields(c.op, selections, t.Implementors)
	s := &Selection{Fields: make([]Field, 0, len(collected)), serial: serials.Add(1)}
	for i, field := range collected {
		if len(field.Deferrables) > 0 {
			return nil
		}
		f := Field{CollectedField: field, slot: c.slots, Prefix: strconv.AppendQuote(nil, field.Alias)}
		if len(f.variables(nil)) == 0 {
			f.fixed = new(atomic.Value)
		}
		if i > 0 {
			f.Prefix = append([]byte{','}, f.Prefix...)
		}
		f.Prefix = append(f.Prefix, ':')
		c.slots++
		if field.Name != "__typename" {
			known, ok := t.Fields[field.Name]
			if !ok {
				return nil
			}
			f.ID = known.ID
			if known.Elem != "" {
				if f.Below = c.compile(c.types[known.Elem], field.Selections); f.Below == nil {
					return nil
				}
			}
		}
		s.Fields = append(s.Fields, f)
	}
	s.variables = variablesOf(s.Fields)
	return s
}
