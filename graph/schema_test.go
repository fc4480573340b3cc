package graph

import (
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/vektah/gqlparser/v2"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/parser"

	"github.com/mykpi/mykpi/graph/internal/exec"
)

func theSchema() *ast.Schema { return exec.NewExecutableSchema(exec.Config{}).Schema() }

func TestRootFieldsSayWhoMayAsk(t *testing.T) {
	if err := checkRootFields(theSchema()); err != nil {
		t.Error(err)
	}
	const directives = `directive @tenantScoped on FIELD_DEFINITION
		directive @public on FIELD_DEFINITION `
	for sdl, want := range map[string]string{
		`type Query { a: Int @public b: Int }`:                                               "Query.b",
		`type Query { a: Int @public @tenantScoped }`:                                        "Query.a",
		`type Query { a: Int @public } type Mutation { c: Int }`:                             "Mutation.c",
		`type Query { a: Int @public } type Subscription { d: Int }`:                         "Subscription.d",
		`type Query { a: Int @tenantScoped } extend type Query { e: Int @deprecated }`:       "Query.e",
		`type Query { a: Int @public b: T @tenantScoped } type T { no: Int directive: Int }`: "",
	} {
		err := checkRootFields(gqlparser.MustLoadSchema(&ast.Source{Input: directives + sdl}))
		if want == "" && err != nil || want != "" && (err == nil || !strings.Contains(err.Error(), want+" ")) {
			t.Errorf("%s: %v, want %q", sdl, err, want)
		}
	}
}

// ours are the schema's own definitions.
func ours(s *ast.Schema) []*ast.Definition {
	var defs []*ast.Definition
	for _, def := range s.Types {
		if !def.BuiltIn && !strings.HasPrefix(def.Name, "__") {
			defs = append(defs, def)
		}
	}
	slices.SortFunc(defs, func(a, b *ast.Definition) int { return strings.Compare(a.Name, b.Name) })
	return defs
}

func TestEverythingIsDescribed(t *testing.T) {
	described := func(what, description string) {
		if !strings.HasSuffix(strings.TrimSpace(description), ".") {
			t.Errorf("%s is described as %q, want a sentence", what, description)
		}
	}
	s := theSchema()
	for _, def := range ours(s) {
		described(def.Name, def.Description)
		for _, value := range def.EnumValues {
			described(def.Name+"."+value.Name, value.Description)
		}
		for _, field := range def.Fields {
			if strings.HasPrefix(field.Name, "__") {
				continue
			}
			described(def.Name+"."+field.Name, field.Description)
			for _, arg := range field.Arguments {
				described(def.Name+"."+field.Name+"("+arg.Name+")", arg.Description)
			}
		}
	}
	for _, name := range []string{tenantScopedDirective, publicDirective} {
		d := s.Directives[name]
		described("@"+name, d.Description)
		for _, arg := range d.Arguments {
			described("@"+name+"("+arg.Name+")", arg.Description)
		}
	}
}

// notYet is what the contract promises and later issues bring: types with all that belongs to them, and fields.
var notYet = strings.Fields(``)

// sameShape is what the contract says in a comment alone.
const sameShape = `
	type DataPointConnection { edges: [DataPointEdge!]! nodes: [DataPoint!]! pageInfo: PageInfo! }
	type DataPointEdge { cursor: Cursor! node: DataPoint! }
	type ChartEventConnection { edges: [ChartEventEdge!]! nodes: [ChartEvent!]! pageInfo: PageInfo! }
	type ChartEventEdge { cursor: Cursor! node: ChartEvent! }
	type RejectedPointConnection { edges: [RejectedPointEdge!]! nodes: [RejectedPoint!]! pageInfo: PageInfo! }
	type RejectedPointEdge { cursor: Cursor! node: RejectedPoint! }
	type IngestionConnection { edges: [IngestionEdge!]! nodes: [Ingestion!]! pageInfo: PageInfo! }
	type IngestionEdge { cursor: Cursor! node: Ingestion! }
`

func TestTheSchemaHoldsTheContract(t *testing.T) {
	text, err := os.ReadFile("testdata/api-contract.graphqls")
	if err != nil {
		t.Fatal(err)
	}
	contract, err := parser.ParseSchema(&ast.Source{Input: string(text) + sameShape})
	if err != nil {
		t.Fatal(err)
	}
	s := theSchema()
	promised := map[string]bool{}
	for _, want := range contract.Definitions {
		promised[want.Name] = true
		got := s.Types[want.Name]
		if slices.Contains(notYet, want.Name) {
			if got != nil {
				t.Errorf("%s is here: take it off notYet", want.Name)
			}
			continue
		}
		if got == nil || got.Kind != want.Kind {
			t.Errorf("%s %s is missing", want.Kind, want.Name)
			continue
		}
		for _, name := range want.Interfaces {
			if !slices.Contains(got.Interfaces, name) {
				t.Errorf("%s does not implement %s", want.Name, name)
			}
		}
		for _, value := range want.EnumValues {
			if got.EnumValues.ForName(value.Name) == nil {
				t.Errorf("%s.%s is missing", want.Name, value.Name)
			}
		}
		compareDirectives(t, want.Name, want.Directives, got.Directives)
		for _, field := range want.Fields {
			name := want.Name + "." + field.Name
			promised[name] = true
			here := got.Fields.ForName(field.Name)
			if slices.Contains(notYet, name) {
				if here != nil {
					t.Errorf("%s is here: take it off notYet", name)
				}
				continue
			}
			compareField(t, name, field, here)
		}
		if want.Kind == ast.InputObject {
			for _, field := range got.Fields {
				if want.Fields.ForName(field.Name) == nil && field.Type.NonNull && field.DefaultValue == nil {
					t.Errorf("%s.%s is more than the contract asks of clients", want.Name, field.Name)
				}
			}
		}
	}
	for _, want := range contract.Directives {
		got := s.Directives[want.Name]
		if got == nil || !slices.Equal(got.Locations, want.Locations) {
			t.Errorf("@%s is missing or elsewhere", want.Name)
			continue
		}
		compareArguments(t, "@"+want.Name, want.Arguments, got.Arguments)
	}
	for _, name := range notYet {
		if !promised[name] {
			t.Errorf("%s is on notYet, and the contract doesn't promise it", name)
		}
	}
}

func compareField(t *testing.T, name string, want, got *ast.FieldDefinition) {
	t.Helper()
	if got == nil {
		t.Errorf("%s is missing", name)
		return
	}
	if got.Type.String() != want.Type.String() || got.DefaultValue.String() != want.DefaultValue.String() {
		t.Errorf("%s: %s = %s, want %s = %s", name, got.Type, got.DefaultValue, want.Type, want.DefaultValue)
	}
	compareArguments(t, name, want.Arguments, got.Arguments)
	compareDirectives(t, name, want.Directives, got.Directives)
}

func compareArguments(t *testing.T, name string, want, got ast.ArgumentDefinitionList) {
	t.Helper()
	for _, arg := range want {
		here := got.ForName(arg.Name)
		if here == nil || here.Type.String() != arg.Type.String() || here.DefaultValue.String() != arg.DefaultValue.String() {
			t.Errorf("%s(%s: %s = %s) is missing or different", name, arg.Name, arg.Type, arg.DefaultValue)
		}
	}
	for _, arg := range got {
		if want.ForName(arg.Name) == nil && arg.Type.NonNull && arg.DefaultValue == nil {
			t.Errorf("%s(%s) is more than the contract asks of clients", name, arg.Name)
		}
	}
}

func compareDirectives(t *testing.T, name string, want, got ast.DirectiveList) {
	t.Helper()
	for _, d := range want {
		here := got.ForName(d.Name)
		if here == nil {
			t.Errorf("%s has no @%s", name, d.Name)
			continue
		}
		for _, arg := range d.Arguments {
			if a := here.Arguments.ForName(arg.Name); a == nil || a.Value.String() != arg.Value.String() {
				t.Errorf("%s: @%s(%s: %s) is missing or different", name, d.Name, arg.Name, arg.Value)
			}
		}
		if len(here.Arguments) != len(d.Arguments) {
			t.Errorf("%s: @%s has other arguments", name, d.Name)
		}
	}
}
