package plan_test

import (
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/vektah/gqlparser/v2"
	"github.com/vektah/gqlparser/v2/ast"
)

func loadSchema(t testing.TB) *ast.Schema {
	t.Helper()
	files, err := filepath.Glob("../../schema/*.graphqls")
	if err != nil || len(files) == 0 {
		t.Fatalf("the schema's files: %v, %v", files, err)
	}
	var sources []*ast.Source
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		sources = append(sources, &ast.Source{Name: file, Input: string(text)})
	}
	schema, err := gqlparser.LoadSchema(sources...)
	if err != nil {
		t.Fatal(err)
	}
	return schema
}

// author writes random documents over the schema.
type author struct {
	*rand.Rand
	schema    *ast.Schema
	good, bad map[string][]string // literals of a type
	left      int                 // fields that may still be written
	fragments []string
	variables map[string]string // $name -> type and JSON value
	declared  []string
	inNamed   bool // in a named fragment: no further ones, lest they be cycles
}

func (a *author) oneIn(n int) bool { return a.IntN(n) == 0 }

func pick[T any](a *author, all ...T) T { return all[a.IntN(len(all))] }

// document is a query with its variables as JSON.
func (a *author) document() (text, variables string) {
	a.left = 1 + a.IntN(60)
	a.fragments, a.declared, a.variables = nil, nil, map[string]string{}
	body := a.selection(a.schema.Query, 0)
	head := "query"
	if len(a.declared) > 0 {
		head += "(" + strings.Join(a.declared, ", ") + ")"
	}
	var json []string
	for name, value := range a.variables {
		if value != "" {
			json = append(json, fmt.Sprintf("%q: %s", name, value))
		}
	}
	return head + " " + body + "\n" + strings.Join(a.fragments, "\n"), "{" + strings.Join(json, ", ") + "}"
}

// selection is a selection set of a type, always with something in it.
func (a *author) selection(def *ast.Definition, depth int) string {
	var b strings.Builder
	b.WriteString("{ ")
	for n := 1 + a.IntN(6); n > 0; n-- {
		b.WriteString(a.item(def, depth))
		b.WriteByte(' ')
	}
	b.WriteString("}")
	return b.String()
}

func (a *author) item(def *ast.Definition, depth int) string {
	a.left--
	switch {
	case a.oneIn(12):
		return a.alias() + "__typename" + a.condition()
	case a.oneIn(10) && depth < 9:
		return "..." + pick(a, "", " on "+def.Name) + a.condition() + " " + a.selection(def, depth+1)
	case a.oneIn(12) && !a.inNamed && depth > 0 && depth < 9:
		a.inNamed = true
		name := fmt.Sprint("F", len(a.fragments))
		a.fragments = append(a.fragments, "") // keeps the name
		place := len(a.fragments) - 1
		a.fragments[place] = "fragment " + name + " on " + def.Name + " " + a.selection(def, depth+1)
		a.inNamed = false
		return "..." + name + a.condition() + pick(a, "", " ..."+name)
	}
	return a.field(def, depth)
}

func (a *author) field(def *ast.Definition, depth int) string {
	if def.Kind == ast.Interface {
		return pick(a, "id", "... on Chart "+a.selection(a.schema.Types["Chart"], depth+1), "... on Tenant { id name timeZone }")
	}
	var fields []*ast.FieldDefinition
	for _, f := range def.Fields {
		leaf := a.schema.Types[f.Type.Name()].IsLeafType()
		if !strings.HasPrefix(f.Name, "__") && (leaf || a.left > 0 && depth < 10) {
			fields = append(fields, f)
		}
	}
	if len(fields) == 0 {
		return "__typename"
	}
	f := fields[a.IntN(len(fields))]
	alias, arguments := a.alias(), a.arguments(f)
	if arguments != "" && !a.oneIn(8) {
		alias = fmt.Sprintf("%s%d: ", f.Name, a.left+100) // two of one name must not differ in their arguments
	}
	text := alias + f.Name + arguments + a.condition()
	if below := a.schema.Types[f.Type.Name()]; !below.IsLeafType() {
		text += " " + a.selection(below, depth+1)
	}
	return text
}

func (a *author) alias() string {
	if a.oneIn(6) {
		return fmt.Sprintf("%s%d: ", pick(a, "a", "b", "_x"), a.IntN(20))
	}
	return ""
}

// condition is @skip or @include, by a literal or a variable.
func (a *author) condition() string {
	if !a.oneIn(8) {
		return ""
	}
	value := pick(a, "true", "false")
	if a.oneIn(2) {
		value = a.variable(pick(a, "Boolean!", "Boolean! = true"), pick(a, "true", "false"))
	}
	return " @" + pick(a, "skip", "include") + "(if: " + value + ")"
}

func (a *author) variable(declared, value string) string {
	name := fmt.Sprint("v", len(a.declared))
	a.declared = append(a.declared, "$"+name+": "+declared)
	a.variables[name] = value
	return "$" + name
}

func (a *author) arguments(f *ast.FieldDefinition) string {
	var args []string
	for _, arg := range f.Arguments {
		if !arg.Type.NonNull && a.oneIn(2) {
			continue
		}
		pool := a.good[arg.Type.Name()]
		if a.oneIn(30) {
			pool = a.bad[arg.Type.Name()]
		}
		value := pool[a.IntN(len(pool))]
		if def := a.schema.Types[arg.Type.Name()]; a.oneIn(4) && def.Kind != ast.InputObject {
			json := value
			if def.Kind == ast.Enum && value != "null" {
				json = `"` + value + `"`
			}
			value = a.variable(arg.Type.String(), json)
		} else if value == "null" && arg.Type.NonNull {
			continue
		}
		args = append(args, arg.Name+": "+value)
	}
	if len(args) == 0 {
		return ""
	}
	return "(" + strings.Join(args, ", ") + ")"
}
