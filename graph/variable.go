package graph

import (
	"context"
	"strings"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/ast"
)

// variablePath begins the path of an error about a variable.
const variablePath = "variable"

// variableField is the input path of an error about a variable: of $points[3].value it is input.points[3].value if the
// operation says input: {points: $points}. A variable that no argument uses stands for itself.
func variableField(ctx context.Context, path ast.Path) string {
	if len(path) < 2 || path[0] != ast.PathElement(ast.PathName(variablePath)) {
		return ""
	}
	path = path[1:]
	name, _ := path[0].(ast.PathName)
	if graphql.HasOperationContext(ctx) {
		if op := graphql.GetOperationContext(ctx).Operation; op != nil {
			if use := useOfVariable(op.SelectionSet, string(name)); use != nil {
				path = append(use, path[1:]...)
			}
		}
	}
	return path.String()
}

// useOfVariable is the path of the first argument that holds the variable. It does not follow fragments that are
// spread by name, so it never takes longer than the text is long.
func useOfVariable(selections ast.SelectionSet, name string) ast.Path {
	for _, selection := range selections {
		var below ast.SelectionSet
		switch s := selection.(type) {
		case *ast.Field:
			for _, arg := range s.Arguments {
				if use := pathToVariable(arg.Value, name, ast.Path{ast.PathName(arg.Name)}); use != nil {
					return use
				}
			}
			below = s.SelectionSet
		case *ast.InlineFragment:
			below = s.SelectionSet
		}
		if use := useOfVariable(below, name); use != nil {
			return use
		}
	}
	return nil
}

func pathToVariable(value *ast.Value, name string, path ast.Path) ast.Path {
	if value.Kind == ast.Variable && value.Raw == name {
		return path
	}
	for i, child := range value.Children {
		element := ast.PathElement(ast.PathName(child.Name))
		if value.Kind == ast.ListValue {
			element = ast.PathIndex(i)
		}
		if use := pathToVariable(child.Value, name, append(path[:len(path):len(path)], element)); use != nil {
			return use
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
