package guard

import (
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"
	"github.com/vektah/gqlparser/v2/lexer"
	"github.com/vektah/gqlparser/v2/parser"

	"github.com/mykpi/mykpi/graph/transport"
)

// checkText checks a document that is not validated. One that can't be parsed passes: the executor says why it can't.
func (l Limits) checkText(text string) *gqlerror.Error {
	source := &ast.Source{Input: text}
	tokens, ok := countTokens(source)
	if tokens > l.Tokens {
		return exceeds("tokens", tokens, l.Tokens)
	}
	if !ok {
		return nil
	}
	doc, err := parser.ParseQuery(source)
	if err != nil {
		return nil
	}
	return l.checkDocument(doc)
}

// countTokens counts to the end of the text, or to what is no token, in which case ok is false.
func countTokens(source *ast.Source) (n int, ok bool) {
	lex := lexer.New(source)
	for {
		token, err := lex.ReadToken()
		if err != nil {
			return n, false
		}
		if token.Kind == lexer.EOF {
			return n, true
		}
		n++
	}
}

func (l Limits) checkDocument(doc *ast.QueryDocument) *gqlerror.Error {
	w := walker{doc: doc, fragments: make(map[string]*extent), repeats: make(map[string]int)}
	var most extent
	for _, op := range doc.Operations {
		w.note(op.Directives)
		e := w.selections(op.SelectionSet)
		most.fields = max(most.fields, e.fields)
		most.depth = max(most.depth, e.depth)
		most.introspection = max(most.introspection, e.introspection)
	}
	for _, f := range doc.Fragments {
		w.fragment(f.Name) // one that is not spread is written all the same
	}
	repeats := 0
	for _, n := range w.repeats {
		repeats = max(repeats, n)
	}
	if w.deferred {
		return refuse(transport.CodeBadUserInput, "@defer and @stream are not supported: leave them out")
	}
	for _, c := range []struct {
		what         string
		value, limit int
	}{
		{"depth", most.depth, l.Depth},
		{"introspection depth", most.introspection, l.IntrospectionDepth},
		{"root fields", most.fields, l.RootFields},
		{"aliases", w.aliases, l.Aliases},
		{"directives", w.directives, l.Directives},
		{"repeats of one field", repeats, l.Repeats},
	} {
		if c.value > c.limit {
			return exceeds(c.what, c.value, c.limit)
		}
	}
	return nil
}

// extent is what a selection set comes to with its fragments spread.
type extent struct{ fields, depth, introspection int }

// walker adds up extents, and counts what is written as it first comes by.
type walker struct {
	doc       *ast.QueryDocument
	fragments map[string]*extent // an entry that is being worked out is still zero: cycles are left to validation

	aliases, directives int
	deferred            bool
	repeats             map[string]int // fields by response name
}

func (w *walker) selections(set ast.SelectionSet) (e extent) {
	for _, s := range set {
		switch s := s.(type) {
		case *ast.Field:
			w.note(s.Directives)
			if s.Alias != s.Name {
				w.aliases++
			}
			if w.repeats != nil {
				w.repeats[s.Alias]++
			}
			below := w.selections(s.SelectionSet)
			e.fields = add(e.fields, 1)
			if s.Name == "__schema" || s.Name == "__type" {
				e.depth = max(e.depth, 1)
				e.introspection = max(e.introspection, 1+max(below.depth, below.introspection))
			} else {
				e.depth = max(e.depth, 1+below.depth)
				e.introspection = max(e.introspection, below.introspection)
			}
		case *ast.InlineFragment:
			w.note(s.Directives)
			e.join(w.selections(s.SelectionSet))
		case *ast.FragmentSpread:
			w.note(s.Directives)
			if s.Definition != nil { // after validation
				e.join(w.definition(s.Definition))
			} else {
				e.join(w.fragment(s.Name))
			}
		}
	}
	return e
}

func (e *extent) join(other extent) {
	e.fields = add(e.fields, other.fields)
	e.depth = max(e.depth, other.depth)
	e.introspection = max(e.introspection, other.introspection)
}

func (w *walker) fragment(name string) extent {
	if w.doc == nil {
		return extent{}
	}
	f := w.doc.Fragments.ForName(name)
	if f == nil {
		return extent{}
	}
	return w.definition(f)
}

func (w *walker) definition(f *ast.FragmentDefinition) extent {
	if known, ok := w.fragments[f.Name]; ok {
		return *known
	}
	e := new(extent)
	w.fragments[f.Name] = e
	w.note(f.Directives)
	*e = w.selections(f.SelectionSet)
	return *e
}

func (w *walker) note(directives ast.DirectiveList) {
	w.directives += len(directives)
	for _, d := range directives {
		w.deferred = w.deferred || d.Name == "defer" || d.Name == "stream"
	}
}
