package graph

import (
	"slices"
	"strings"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"

	"github.com/mykpi/mykpi/tenancy"
)

// enumInputs checks the enum values in variables: gqlparser compares them without regard to case, and what it lets
// through would reach the domain as it came. It holds the input types that have an enum somewhere below; others, such
// as the points of a batch, are not looked into.
type enumInputs struct {
	schema *ast.Schema
	types  map[string]bool
}

func newEnumInputs(schema *ast.Schema) enumInputs {
	e := enumInputs{schema, map[string]bool{}}
	for _, def := range schema.Types {
		if e.leadsToEnum(def, map[string]bool{}) {
			e.types[def.Name] = true
		}
	}
	return e
}

func (e enumInputs) leadsToEnum(def *ast.Definition, seen map[string]bool) bool {
	if def.Kind == ast.Enum {
		return true
	}
	if def.Kind != ast.InputObject || seen[def.Name] {
		return false
	}
	seen[def.Name] = true
	return slices.ContainsFunc(def.Fields, func(f *ast.FieldDefinition) bool {
		return e.leadsToEnum(e.schema.Types[f.Type.Name()], seen)
	})
}

func (e enumInputs) check(op *graphql.OperationContext) *gqlerror.Error {
	for _, variable := range op.Operation.VariableDefinitions {
		path := ast.Path{ast.PathName(variablePath), ast.PathName(variable.Variable)}
		if err := e.checkValue(variable.Type, op.Variables[variable.Variable], path); err != nil {
			return err
		}
	}
	return nil
}

func (e enumInputs) checkValue(t *ast.Type, value any, path ast.Path) *gqlerror.Error {
	if value == nil || !e.types[t.Name()] {
		return nil
	}
	if t.Elem != nil {
		// One value may stand for a list of it: CoerceList is how gqlgen reads it, too.
		for i, element := range graphql.CoerceList(value) {
			if err := e.checkValue(t.Elem, element, append(path, ast.PathIndex(i))); err != nil {
				return err
			}
		}
		return nil
	}
	def := e.schema.Types[t.Name()]
	if def.Kind == ast.Enum {
		name, _ := value.(string)
		if def.EnumValues.ForName(name) == nil {
			err := refusal(tenancy.BadUserInput, "%s", enumMessage(def))
			err.Path = slices.Clone(path)
			return err
		}
		return nil
	}
	fields, _ := value.(map[string]any)
	for _, field := range def.Fields {
		if err := e.checkValue(field.Type, fields[field.Name], append(path, ast.PathName(field.Name))); err != nil {
			return err
		}
	}
	return nil
}

// enumMessage says which values there are.
func enumMessage(def *ast.Definition) string {
	names := make([]string, len(def.EnumValues))
	for i, v := range def.EnumValues {
		names[i] = v.Name
	}
	return "must be one of " + strings.Join(names, ", ")
}
