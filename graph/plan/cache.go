package plan

import (
	"slices"
	"sync"

	"github.com/99designs/gqlgen/graphql"
	"github.com/hashicorp/golang-lru/v2/simplelru"
	"github.com/vektah/gqlparser/v2/ast"
)

const (
	maxOperations = 256 // whose plans are kept; each holds its document
	maxPlans      = 64  // of one operation
	maxSwitches   = 64  // variables that decide what an operation selects
)

// cache keeps the plans of operations. gqlgen keeps parsed documents, so that one text is one document for as long as it
// is in use.
type cache struct {
	mu         sync.Mutex
	operations *simplelru.LRU[*ast.OperationDefinition, *operation]
}

func newCache() cache {
	operations, _ := simplelru.NewLRU[*ast.OperationDefinition, *operation](maxOperations, nil) // refuses none but sizes below 1
	return cache{operations: operations}
}

// operation is the plans of one operation of a document.
type operation struct {
	switches []string // the variables that @include and @skip ask
	plans    []plan
}

// plan is one compiled selection: of a type, by a selection set, where the switches stand so. Fields of several places may
// be merged into one selection set, hence the set itself is the key; its elements are nodes of the document.
type plan struct {
	of         *Type
	selections ast.SelectionSet
	switched   uint64
	selection  *Selection // nil: for gqlgen to execute
	slots      int
}

// find answers the plan of a selection set, which it compiles where it is new.
func (c *cache) find(types map[string]*Type, op *graphql.OperationContext, t *Type, selections ast.SelectionSet) plan {
	c.mu.Lock()
	defer c.mu.Unlock()
	o := c.operation(op)
	switched, ok := o.switched(op.Variables)
	if !ok {
		return plan{}
	}
	for _, p := range o.plans {
		if p.of == t && p.switched == switched && slices.Equal(p.selections, selections) {
			return p
		}
	}
	compiling := &compiler{types: types, op: op}
	made := plan{of: t, selections: slices.Clone(selections), switched: switched, selection: compiling.compile(t, selections)}
	made.slots = compiling.slots
	if len(o.plans) == maxPlans {
		o.plans = nil
	}
	o.plans = append(o.plans, made)
	return made
}

func (c *cache) operation(op *graphql.OperationContext) *operation {
	if o, ok := c.operations.Get(op.Operation); ok {
		return o
	}
	o := &operation{switches: switches(op)}
	c.operations.Add(op.Operation, o)
	return o
}

// switched is how the switches stand, a bit each; ok is false where that is not plain to see.
func (o *operation) switched(variables map[string]any) (bits uint64, ok bool) {
	if len(o.switches) > maxSwitches {
		return 0, false
	}
	for i, name := range o.switches {
		on, ok := variables[name].(bool)
		if !ok {
			return 0, false
		}
		if on {
			bits |= 1 << i
		}
	}
	return bits, true
}

// switches are the variables of an operation that decide what it selects.
func switches(op *graphql.OperationContext) []string {
	var names []string
	note := func(directives ast.DirectiveList) {
		for _, d := range directives {
			for _, a := range d.Arguments {
				if name := a.Value.Raw; a.Value.Kind == ast.Variable && !slices.Contains(names, name) && op.Operation.VariableDefinitions.ForName(name) != nil {
					names = append(names, name)
				}
			}
		}
	}
	var walk func(ast.SelectionSet)
	walk = func(set ast.SelectionSet) {
		for _, selection := range set {
			switch s := selection.(type) {
			case *ast.Field:
				note(s.Directives)
				walk(s.SelectionSet)
			case *ast.InlineFragment:
				note(s.Directives)
				walk(s.SelectionSet)
			case *ast.FragmentSpread:
				note(s.Directives)
			}
		}
	}
	walk(op.Operation.SelectionSet)
	for _, fragment := range op.Doc.Fragments {
		walk(fragment.SelectionSet)
	}
	return names
}
