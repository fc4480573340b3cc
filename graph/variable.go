package graph

import (
	"context"
	"strings"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/ast"
)

// What begins the path of an error about a variable, and about a value that is written in the text.
const (
	variablePath = "variable"
	literalPath  = "literal"
)

// inputField is the input path of an error of a request. Of the variable $points[3].value it is input.points[3].value if
// the operation says input: {points: $points}. A variable that no argument uses stands for itself.
func inputField(ctx context.Context, path ast.Path) string {
	if len(path) < 2 {
		return ""
	}
	begins := path[0]
	path = path[1:]
	switch begins {
	case ast.PathElement(ast.PathName(literalPath)):
		return path.String()
	case ast.PathElement(ast.PathName(variablePath)):
	default:
		return ""
	}
	name, _ := path[0].(ast.PathName)
	if graphql.HasOperationContext(ctx) {
		if op := graphql.GetOperationContext(ctx).Operation; op != nil {
			isIt := func(v *ast.Value) bool { return v.Kind == ast.Variable && v.Raw == string(name) }
			if use := pathInSelections(op.SelectionSet, isIt); use != nil {
				path = append(use, path[1:]...)
			}
		}
	}
	return path.String()
}

// pathInSelections is the path of the first argument that holds a value. It does not follow fragments that are spread by
// name, so it never takes longer than the text is long.
func pathInSelections(selections ast.SelectionSet, isIt func(*ast.Value) bool) ast.Path {
	for _, selection := range selections {
		var below ast.SelectionSet
		switch s := selection.(type) {
		case *ast.Field:
			for _, arg := range s.Arguments {
				if path := pathInValue(arg.Value, isIt, ast.Path{ast.PathName(arg.Name)}); path != nil {
					return path
				}
			}
			below = s.SelectionSet
		case *ast.InlineFragment:
			below = s.SelectionSet
		}
		if path := pathInSelections(below, isIt); path != nil {
			return path
		}
	}
	return nil
}

func pathInValue(value *ast.Value, isIt func(*ast.Value) bool, path ast.Path) ast.Path {
	if isIt(value) {
		return path
	}
	for i, child := range value.Children {
		element := ast.PathElement(ast.PathName(child.Name))
		if value.Kind == ast.ListValue {
			element = ast.PathIndex(i)
		}
		if path := pathInValue(child.Value, isIt, append(path[:len(path):len(path)], element)); path != nil {
			return path
		}
	}
	return nil
}

// variableMessage is what to change about a variable, of gqlparser's text, which says what is wrong with it alone and may
// quote it.
func variableMessage(schema *ast.Schema, text string) string {
	switch text {
	case "must be defined":
		return "is missing: send it in variables"
	case "unknown field":
		return "is not known: take it out, or mend its name"
	}
	if _, name, ok := strings.Cut(text, " is not a valid "); ok {
		if def := schema.Types[name]; def != nil && def.Kind == ast.Enum {
			return enumMessage(def)
		}
	}
	return text
}
