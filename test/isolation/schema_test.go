package isolation

import (
	"cmp"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/vektah/gqlparser/v2"
	"github.com/vektah/gqlparser/v2/ast"
)

func loadSchema(t testing.TB) *ast.Schema {
	t.Helper()
	files, err := filepath.Glob("../../schema/*.graphqls")
	if err != nil || len(files) == 0 {
		t.Fatalf("no schema: %v", err)
	}
	var sources []*ast.Source
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		sources = append(sources, &ast.Source{Name: file, Input: string(text)})
	}
	schema, failed := gqlparser.LoadSchema(sources...)
	if failed != nil {
		t.Fatal(failed)
	}
	return schema
}

// leaf is a place where a caller puts a value that could name something: below which field, along which path of
// arguments and input fields, and by which row of cases it is asked for.
type leaf struct {
	parent *ast.Definition      // the type that has the field
	field  *ast.FieldDefinition // the field that takes the argument
	path   []string             // from the argument down
	row    string               // Type.field of the input field, or Type.field.argument
}

func (l leaf) String() string {
	return l.parent.Name + "." + l.field.Name + "(" + strings.Join(l.path, ".") + ")"
}

// lasting orders leaves by what asking them leaves behind: nothing, then charts of names that nobody asks for, then charts
// and members that have the other tenant's names, which would be found afterwards.
func (l leaf) lasting() int {
	switch {
	case l.parent.Name != "Mutation":
		return 0
	case strings.HasPrefix(l.row, "ChartRef."):
		return 1
	}
	return 2
}

// leaves are all of the schema, on root fields and on any other, in an order in which they can be asked.
func leaves(schema *ast.Schema) []leaf {
	var all []leaf
	for _, parent := range schema.Types {
		if parent.BuiltIn || parent.Kind != ast.Object || strings.HasPrefix(parent.Name, "__") {
			continue
		}
		for _, field := range parent.Fields {
			if strings.HasPrefix(field.Name, "__") {
				continue
			}
			for _, argument := range field.Arguments {
				all = append(all, below(schema, leaf{parent, field, []string{argument.Name}, parent.Name + "." + field.Name + "." + argument.Name}, argument.Type)...)
			}
		}
	}
	slices.SortFunc(all, func(a, b leaf) int { return cmp.Or(a.lasting()-b.lasting(), cmp.Compare(a.String(), b.String())) })
	return all
}

func below(schema *ast.Schema, l leaf, typ *ast.Type) []leaf {
	def := schema.Types[typ.Name()]
	switch {
	case def.Kind == ast.InputObject:
		var all []leaf
		for _, field := range def.Fields {
			next := leaf{l.parent, l.field, append(slices.Clone(l.path), field.Name), def.Name + "." + field.Name}
			all = append(all, below(schema, next, field.Type)...)
		}
		return all
	case def.Kind == ast.Enum || slices.Contains([]string{"Int", "Boolean", "Decimal", "DateTime", "TimeZone"}, def.Name):
		return nil // these name nothing that a tenant has
	}
	return []leaf{l}
}

// selection selects all that can be selected without arguments, down to a depth.
func selection(schema *ast.Schema, typ *ast.Type, depth int) string {
	def := schema.Types[typ.Name()]
	switch def.Kind {
	case ast.Scalar, ast.Enum:
		return ""
	case ast.Interface, ast.Union:
		text := "{ __typename"
		for _, possible := range schema.GetPossibleTypes(def) {
			text += " ... on " + possible.Name + " " + selection(schema, ast.NamedType(possible.Name, nil), depth-1)
		}
		return text + " }"
	}
	text := "{ __typename"
	for _, field := range def.Fields {
		if strings.HasPrefix(field.Name, "__") || slices.ContainsFunc(field.Arguments, func(a *ast.ArgumentDefinition) bool { return a.Type.NonNull && a.DefaultValue == nil }) {
			continue
		}
		sub := schema.Types[field.Type.Name()]
		if sub.Kind == ast.Scalar || sub.Kind == ast.Enum {
			text += " " + alias(def, field) + field.Name
		} else if depth > 1 {
			text += " " + alias(def, field) + field.Name + " " + selection(schema, field.Type, depth-1)
		}
	}
	return text + " }"
}

// alias keeps fields of one name and of different types apart, where an interface is selected.
func alias(def *ast.Definition, field *ast.FieldDefinition) string {
	if len(def.Interfaces) == 0 || field.Name == "id" {
		return ""
	}
	return strings.ToLower(def.Name) + "_" + field.Name + ": "
}
