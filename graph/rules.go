package graph

import (
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/validator/core"
	"github.com/vektah/gqlparser/v2/validator/rules"
)

// validationRules are GraphQL's own, without the suggestions by which a stranger can read the schema, and with ours.
// The executor takes the suggestions out of the rest (SetDisableSuggestion).
func validationRules() *rules.Rules {
	r := rules.NewDefaultRules()
	r.ReplaceRule(rules.KnownArgumentNamesRule.Name, rules.KnownArgumentNamesRuleWithoutSuggestions.RuleFunc)
	r.ReplaceRule(rules.KnownTypeNamesRule.Name, rules.KnownTypeNamesRuleWithoutSuggestions.RuleFunc)
	r.ReplaceRule(rules.ValuesOfCorrectTypeRule.Name, rules.ValuesOfCorrectTypeRuleWithoutSuggestions.RuleFunc)
	r.AddRule("NoDefer", noDefer)
	r.AddRule("ExactNumbers", exactNumbers)
	return r
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
