package plugin

import (
	"fmt"
	"go/types"
	"strings"

	"github.com/99designs/gqlgen/codegen"
	"github.com/99designs/gqlgen/codegen/config"
	"github.com/99designs/gqlgen/codegen/templates"
	"github.com/vektah/gqlparser/v2/ast"
)

// encoder writes the function that appends an object.
func (g *generator) encoder(o *object) {
	for _, f := range o.fields {
		if len(f.Args) > 0 {
			g.arguments(f)
		}
	}
	g.p("func (e *planEncoder) append%s(b []byte, s *plan.Selection, obj *%s) (_ []byte, ok bool) {", o.Name, g.ref(o.Type))
	kept := keeper(o.Type)
	if kept {
		g.p("if text := e.Recall(s, obj); text != nil {\nreturn append(b, text...), true\n}\nstart := len(b)")
	}
	g.p("b = append(b, '{')\nfor i := range s.Fields {\nf := &s.Fields[i]\nb = append(b, f.Prefix...)\nswitch f.ID {")
	g.p("case plan.Typename: b = append(b, %q...)", `"`+o.Name+`"`)
	for i, f := range o.fields {
		g.p("case %d: // %s", i+1, f.Name)
		g.p("%s", g.read(f))
		g.value(f.TypeReference, "v", 0)
		if f.IsMethod() && f.TypeReference.GQL.NonNull && releaser(f.TypeReference.GO) {
			g.p("e.Release(v)")
		}
	}
	g.p("default: return b, false\n}\n}\nb = append(b, '}')")
	if kept {
		g.p("e.Keep(s, obj, b[start:])")
	}
	g.p("return b, true\n}\n")
}

// keeper reports whether a type is a plan.Keeper.
func keeper(t types.Type) bool {
	return hasMethod(types.NewPointer(t), "Recall", "func(selection uint64, variables string) []byte")
}

// releaser reports whether a type is a plan.Releaser. One whose values may be null is left to the collector.
func releaser(t types.Type) bool { return hasMethod(t, "Release", "func()") }

func hasMethod(t types.Type, name, signature string) bool {
	method := types.NewMethodSet(t).Lookup(nil, name)
	return method != nil && types.TypeString(method.Type(), nil) == signature
}

// read is the statement that reads a field's value into v.
func (g *generator) read(f *codegen.Field) string {
	if f.IsVariable() {
		return "v := obj." + f.GoFieldName
	}
	var before string
	var args []string
	if f.MethodHasContext {
		args = append(args, "e.Ctx")
	}
	if len(f.Args) > 0 {
		before = fmt.Sprintf("a := e.%s(f)\nif a == nil {\nreturn b, false\n}\n", argumentsOf(f))
		for _, a := range f.Args {
			args = append(args, "a."+templates.ToGoPrivate(a.Name))
		}
	}
	call := fmt.Sprintf("obj.%s(%s)", f.GoFieldName, strings.Join(args, ", "))
	if f.NoErr {
		return before + "v := " + call
	}
	return before + "v, err := " + call + "\nif err != nil {\nreturn b, false\n}"
}

func argumentsOf(f *codegen.Field) string { return "args" + f.Object.Name + templates.ToGo(f.Name) }

// arguments writes the type of a field's arguments, and the method that works them out once a run.
func (g *generator) arguments(f *codegen.Field) {
	name := argumentsOf(f)
	typeName := "plan" + strings.ToUpper(name[:1]) + name[1:]
	g.p("type %s struct {", typeName)
	for _, a := range f.Args {
		g.p("%s %s", templates.ToGoPrivate(a.Name), g.ref(a.TypeReference.GO))
	}
	g.p("}\n")
	g.p("func (e *planEncoder) %s(f *plan.Field) *%s {", name, typeName)
	g.p("if known, ok := e.Arguments(f).(*%s); ok {\nreturn known\n}", typeName)
	g.p("raw, err := e.%s(e.Ctx, f.ArgumentMap(e.Variables))\nif err != nil {\nreturn nil\n}", f.ArgsFunc())
	g.p("a := new(%s)", typeName)
	for _, a := range f.Args {
		g.p("a.%s, _ = raw[%q].(%s)", templates.ToGoPrivate(a.Name), a.Name, g.ref(a.TypeReference.GO))
	}
	g.p("e.Note(f, a)\nreturn a\n}\n")
}

// value writes the statements that append a value, or give the run up where it is a null that must not be.
func (g *generator) value(r *config.TypeReference, v string, depth int) {
	switch {
	case r.IsSlice():
		if !r.GQL.NonNull {
			g.p("if %s == nil {\nb = plan.AppendNull(b)\n} else {", v)
			defer g.p("}")
		}
		i := fmt.Sprint("i", depth)
		g.p("b = append(b, '[')\nfor %s := range %s {\nif %s > 0 {\nb = append(b, ',')\n}", i, v, i)
		element := v + "[" + i + "]"
		if r.Elem().IsNilable() {
			g.p("e%d := %s", depth, element)
			element = fmt.Sprint("e", depth)
		}
		g.value(r.Elem(), element, depth+1)
		g.p("}\nb = append(b, ']')")
	case r.IsNilable():
		if r.GQL.NonNull {
			g.p("if %s == nil {\nreturn b, false\n}", v)
			g.present(r, v)
			return
		}
		g.p("if %s == nil {\nb = plan.AppendNull(b)\n} else {", v)
		g.present(r, v)
		g.p("}")
	default:
		g.present(r, v)
	}
}

// present writes a value that is there.
func (g *generator) present(r *config.TypeReference, v string) {
	if r.Definition.Kind == ast.Object {
		if !r.IsNilable() {
			v = "&" + v
		}
		g.p("if b, ok = e.append%s(b, f.Below, %s); !ok {\nreturn b, false\n}", r.Definition.Name, v)
		return
	}
	if r.IsMarshaler {
		g.p("if b, ok = e.Marshal(b, %s, %v); !ok {\nreturn b, false\n}", v, r.GQL.NonNull)
		return
	}
	switch {
	case r.IsTargetNilable() && !r.IsNilable():
		v = "&" + v
	case !r.IsTargetNilable() && r.IsNilable():
		v = "*" + v
	}
	if r.CastType != nil {
		v = g.ref(r.CastType) + "(" + v + ")"
	}
	if appender := g.appender(r.Marshaler); appender != "" {
		g.p("b = %s(b, %s)", appender, v)
		return
	}
	g.p("if b, ok = e.Marshal(b, %s(%s), %v); !ok {\nreturn b, false\n}", g.function(r.Marshaler), v, r.GQL.NonNull)
}

// builtIn are the scalars whose marshalers are gqlgen's own.
var builtIn = map[string]string{"MarshalID": "AppendString", "MarshalString": "AppendString", "MarshalBoolean": "AppendBoolean"}

// appender is the function that stands beside a marshaler and appends, or "".
func (g *generator) appender(marshaler *types.Func) string {
	if marshaler.Pkg().Path() == "github.com/99designs/gqlgen/graphql" {
		if name, ok := builtIn[marshaler.Name()]; ok {
			return g.pkg(planPackage, "plan") + "." + name
		}
		return ""
	}
	name, ok := strings.CutPrefix(marshaler.Name(), "Marshal")
	if beside, found := marshaler.Pkg().Scope().Lookup("Append" + name).(*types.Func); ok && found {
		return g.function(beside)
	}
	return ""
}

func (g *generator) function(f *types.Func) string {
	return g.pkg(f.Pkg().Path(), f.Pkg().Name()) + "." + f.Name()
}
