package source

import (
	"errors"
	"fmt"
	"strings"

	"github.com/google/cel-go/cel"
	"github.com/google/cel-go/common"
	"github.com/google/cel-go/common/ast"
)

// The bounds of an expression that is compiled. CEL's parser takes some microseconds and KiB for every token, and for every
// character beyond ASCII; its checker takes more and more for types within types, which lists within lists have, and loops
// over what loops make. Within these bounds no expression takes more than some milliseconds and MiB.
const (
	maxExpression = 2000 // bytes
	maxNesting    = 30   // of brackets, and of operators in a row
	maxLoops      = 10   // all, exists, exists_one, filter and map
	maxWithin     = 20   // lists and objects that are written within others
)

var environment = func() *cel.Env {
	env, err := cel.NewEnv(
		cel.Variable("body", cel.DynType),
		cel.Variable("headers", cel.MapType(cel.StringType, cel.StringType)),
		cel.ParserRecursionLimit(maxNesting),
		cel.Function("money", cel.Overload("money_dyn_dyn", []*cel.Type{cel.DynType, cel.DynType}, cel.StringType, cel.BinaryBinding(money))),
	)
	if err != nil {
		panic("source: the environment of mappings is constant: " + err.Error())
	}
	return env
}()

func compile(text string) (cel.Program, error) {
	if strings.TrimSpace(text) == "" {
		return nil, errors.New("must be a CEL expression, such as body.amount")
	}
	if len(text) > maxExpression {
		return nil, fmt.Errorf("must be at most %d bytes", maxExpression)
	}
	// Not by Compile, which writes all that is wrong down, each with the whole expression: megabytes.
	parsed, issues := environment.Parse(text)
	if err := first(issues); err != nil {
		return nil, err
	}
	if err := checkSteps(ast.NavigateAST(parsed.NativeRep())); err != nil {
		return nil, err
	}
	checked, issues := environment.Check(parsed)
	if err := first(issues); err != nil {
		return nil, err
	}
	return environment.Program(checked, cel.CustomDecorator(bound), cel.CostTracking(sizes{}), cel.CostLimit(maxCost), cel.InterruptCheckFrequency(100))
}

// first is the first thing that is wrong, or nil.
func first(issues *cel.Issues) error {
	found := issues.Errors()
	if len(found) == 0 {
		return nil
	}
	return errors.New(firstLine(errors.New(found[0].ToDisplayString(common.NewTextSource("")))))
}

// checkSteps refuses what can't be bounded when it runs, and more than the checker can be let loose on.
func checkSteps(root ast.NavigableExpr) error {
	loops, within, matches := 0, 0, false
	ast.PreOrderVisit(root, ast.NewExprVisitor(func(e ast.Expr) {
		switch e.Kind() {
		case ast.ComprehensionKind:
			loops++
		case ast.ListKind, ast.MapKind:
			if isWithin(e.(ast.NavigableExpr)) {
				within++
			}
		case ast.CallKind:
			matches = matches || e.AsCall().FunctionName() == "matches"
		}
	}))
	switch {
	case matches:
		return errors.New("matches is not to be had here, for what it takes can't be bounded: use startsWith, endsWith or contains")
	case loops > maxLoops:
		return fmt.Errorf("has %d loops, such as map and filter: at most %d", loops, maxLoops)
	case within > maxWithin:
		return fmt.Errorf("has %d lists and objects within others: at most %d", within, maxWithin)
	}
	return nil
}

// isWithin reports whether a list or an object is written within another. What map and filter gather is a list too.
func isWithin(e ast.NavigableExpr) bool {
	for above, ok := e.Parent(); ok; above, ok = above.Parent() {
		if above.Kind() == ast.ListKind || above.Kind() == ast.MapKind {
			return true
		}
	}
	return false
}
