package graph

import (
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"
	"github.com/vektah/gqlparser/v2/validator/core"
	"github.com/vektah/gqlparser/v2/validator/rules"
)

// validationRules are GraphQL's own, without the suggestions by which a stranger can read the schema, and with ours.
// The executor takes the suggestions out of the rest (SetDisableSuggestion).
func validationRules() *rules.Rules {
	r := rules.NewDefaultRules()
	r.ReplaceRule(rules.KnownArgumentNamesRule.Name, rules.KnownArgumentNamesRuleWithoutSuggestions.RuleFunc)
	r.ReplaceRule(rules.KnownTypeNamesRule.Name, rules.KnownTypeNamesRuleWithoutSuggestions.RuleFunc)
	r.ReplaceRule(rules.ValuesOfCorrectTypeRule.Name, valuesOfCorrectType)
	r.AddRule("NoDefer", noDefer)
	r.AddRule("ExactNumbers", exactNumbers)
	return r
}

// valuesOfCorrectType is GraphQL's rule. Its errors also say in which argument the value is, and of enums which values
// there are, as for those in variables.
func valuesOfCorrectType(observers *core.Events, addError core.AddErrFunc) {
	var value *ast.Value // that is looked at
	var document *ast.QueryDocument
	observers.OnValue(func(w *core.Walker, v *ast.Value) { document, value = w.Document, v })
	rules.ValuesOfCorrectTypeRuleWithoutSuggestions.RuleFunc(observers, func(options ...core.ErrorOption) {
		addError(append(options, func(err *gqlerror.Error) {
			err.Path = pathInDocument(document, value)
			if value.Definition.Kind == ast.Enum {
				err.Message = enumMessage(value.Definition)
			}
		})...)
	})
}

// pathInDocument is the path of a value of a document, of an argument or of a variable's default; nil for one of neither.
func pathInDocument(document *ast.QueryDocument, value *ast.Value) ast.Path {
	isIt := func(v *ast.Value) bool { return v == value }
	var selections []ast.SelectionSet
	for _, operation := range document.Operations {
		for _, v := range operation.VariableDefinitions {
			if v.DefaultValue == nil {
				continue
			}
			if path := pathInValue(v.DefaultValue, isIt, ast.Path{ast.PathName(variablePath), ast.PathName(v.Variable)}); path != nil {
				return path
			}
		}
		selections = append(selections, operation.SelectionSet)
	}
	for _, fragment := range document.Fragments {
		selections = append(selections, fragment.SelectionSet)
	}
	for _, s := range selections {
		if path := pathInSelections(s, isIt); path != nil {
			return append(ast.Path{ast.PathName(literalPath)}, path...)
		}
	}
	return nil
}

// noDefer refuses @defer, which gqlgen declares and over POST answers with a silent null.
func noDefer(observers *core.Events, addError core.AddErrFunc) {
	observers.OnDirective(func(_ *core.Walker, directive *ast.Directive) {
		if directive.Name == "defer" {
			addError(core.Message("@defer is not supported"), core.At(directive.Position))
		}
	})
}

// exactNumbers refuses nothing: it turns number literals of our own scalars into strings of the same text, which those
// take as well. gqlgen would read a literal as float64 or int64, and round it or panic.
func exactNumbers(observers *core.Events, _ core.AddErrFunc) {
	observers.OnValue(func(_ *core.Walker, value *ast.Value) {
		number := value.Kind == ast.IntValue || value.Kind == ast.FloatValue
		if number && value.Definition != nil && value.Definition.Kind == ast.Scalar && !value.Definition.BuiltIn {
			value.Kind = ast.StringValue
		}
	})
}
