package plugin

import (
	"go/types"

	"github.com/99designs/gqlgen/codegen"
	"github.com/99designs/gqlgen/codegen/config"
	"github.com/vektah/gqlparser/v2/ast"
)

// object is a type of the schema that is plain data, with those of its fields that are.
type object struct {
	*codegen.Object
	fields []*codegen.Field
}

// plainObjects are those whose values can be written as they are. A Go type that stands for several GraphQL types is
// none of them, for it doesn't say which.
func plainObjects(data *codegen.Data) map[string]*object {
	of := map[string]int{}
	for _, o := range data.Objects {
		if o.Type != nil {
			of[o.Type.String()]++
		}
	}
	found := map[string]*object{}
	for _, o := range data.Objects {
		_, named := o.Type.(*types.Named)
		if !o.Root && !o.Stream && !o.BuiltIn && !o.IsReserved() && named && !o.IsMap() && len(o.Directives) == 0 && of[o.Type.String()] == 1 {
			found[o.Name] = &object{Object: o}
		}
	}
	for _, o := range found {
		for _, f := range o.Fields {
			if plain(f) && plainValue(f.TypeReference, found) {
				o.fields = append(o.fields, f)
			}
		}
	}
	return found
}

// plain reports whether a field's value is read from the object and nothing is done on the way.
func plain(f *codegen.Field) bool {
	return (f.IsVariable() || f.IsMethod()) && !f.IsReserved() && !f.IsResolver && !f.VOkFunc && !f.HasHaser && !f.Batch && !f.Stream &&
		len(f.ImplDirectives()) == 0
}

// plainValue reports whether the generator knows how to write such a value.
func plainValue(r *config.TypeReference, objects map[string]*object) bool {
	switch {
	case r.IsRoot || r.IsContext || r.IsOmittable || r.IsPtrToSlice() || r.IsPtrToPtr() || r.IsPtrToIntf() || r.IsMap() || r.HasEnumValues():
		return false
	case r.IsSlice():
		return plainValue(r.Elem(), objects)
	case r.Definition.Kind == ast.Object:
		o := objects[r.Definition.Name]
		return o != nil && (types.Identical(r.GO, o.Type) || types.Identical(r.GO, types.NewPointer(o.Type)))
	}
	return r.IsMarshaler || r.Marshaler != nil
}
