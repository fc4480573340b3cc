package source

import (
	"github.com/google/cel-go/common/operators"
	"github.com/google/cel-go/common/types"
	"github.com/google/cel-go/common/types/ref"
	"github.com/google/cel-go/common/types/traits"
	"github.com/google/cel-go/interpreter"
)

// Cost is counted, and time looked at, after a step alone. So the steps that can take very long by themselves, or make
// what later ones take very long with, are bounded before they begin.
const (
	maxCompared = 2000 // values that an operator compares
	maxListed   = 5000 // elements of a sum of lists
)

// bound puts bounded steps in the place of those that are not.
func bound(i interpreter.Interpretable) (interpreter.Interpretable, error) {
	switch step := i.(type) {
	case interpreter.InterpretableCall:
		switch {
		case compares(step.Function()):
			return comparison{step}, nil
		case step.Function() == operators.Add:
			return addition{step}, nil
		}
	case interpreter.InterpretableConstructor:
		return construction{step}, nil
	}
	return i, nil
}

// comparison is ==, != or in, that refuses to compare too much.
type comparison struct{ interpreter.InterpretableCall }

func compares(function string) bool {
	return function == operators.Equals || function == operators.NotEquals || function == operators.In
}

// Eval implements interpreter.Interpretable.
func (c comparison) Eval(variables interpreter.Activation) ref.Val {
	args := c.Args()
	left, right := args[0].Eval(variables), args[1].Eval(variables)
	for _, v := range []ref.Val{left, right} {
		if types.IsUnknownOrError(v) {
			return v
		}
	}
	if compared(c.Function(), left, right) > maxCompared {
		return types.NewErr("compares more than %d values at once", maxCompared)
	}
	switch c.Function() {
	case operators.In:
		if container, ok := right.(traits.Container); ok {
			return container.Contains(left)
		}
		return types.MaybeNoSuchOverloadErr(right)
	case operators.NotEquals:
		return types.Bool(types.Equal(left, right) != types.True)
	}
	return types.Equal(left, right)
}

// addition is +, whose sum of two lists is a plain list. CEL's own refers to both, and goes through all that they refer to
// again and again: doubled thirty times, such a list is a gigabyte, and never done with.
type addition struct{ interpreter.InterpretableCall }

// Eval implements interpreter.Interpretable.
func (a addition) Eval(variables interpreter.Activation) ref.Val {
	sum := a.InterpretableCall.Eval(variables)
	n := elements(sum)
	if n == 0 {
		return sum
	}
	if n > maxListed {
		return types.NewErr("makes a list of more than %d values", maxListed)
	}
	plain := make([]ref.Val, 0, n)
	for i := sum.(traits.Lister).Iterator(); i.HasNext() == types.True; {
		plain = append(plain, i.Next())
	}
	return types.NewRefValList(types.DefaultTypeAdapter, plain)
}

// construction makes a list or an object of values. It can't hold a list or an object that was made too, for the same one
// held twice, again and again, is soon more than there is memory for. It counts as a call, for CEL's own price of it does
// not ask for how many values.
type construction struct {
	interpreter.InterpretableConstructor
}

var _ interpreter.InterpretableCall = construction{}

// constructs is the function that a construction counts as.
const constructs = "@construct"

// Function implements interpreter.InterpretableCall.
func (construction) Function() string { return constructs }

// OverloadID implements interpreter.InterpretableCall.
func (construction) OverloadID() string { return constructs }

// Args implements interpreter.InterpretableCall.
func (c construction) Args() []interpreter.Interpretable { return c.InitVals() }

// Eval implements interpreter.Interpretable.
func (c construction) Eval(variables interpreter.Activation) ref.Val {
	made := c.InterpretableConstructor.Eval(variables)
	nested := false
	switch values := made.Value().(type) {
	case []ref.Val:
		for _, v := range values {
			nested = nested || isMade(v)
		}
	case map[ref.Val]ref.Val:
		for _, v := range values {
			nested = nested || isMade(v)
		}
	}
	if nested {
		return types.NewErr("a list or an object that the expression makes can't hold another one that it makes")
	}
	return made
}

// isMade tells lists and objects of the expression from those of the payload.
func isMade(v ref.Val) bool {
	switch v.Value().(type) {
	case []ref.Val, map[ref.Val]ref.Val:
		return true
	}
	return false
}
