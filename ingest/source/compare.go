package source

import (
	"github.com/google/cel-go/common/operators"
	"github.com/google/cel-go/common/types"
	"github.com/google/cel-go/common/types/ref"
	"github.com/google/cel-go/common/types/traits"
	"github.com/google/cel-go/interpreter"
)

// maxCompared is how many values an operator may compare at once. Cost is counted, and time looked at, between calls
// alone, so that a call that walks over a payload's lists must be bounded before it begins.
const maxCompared = 5000

// comparison is ==, != or in, that refuses to compare more than maxCompared values.
type comparison struct{ interpreter.InterpretableCall }

// boundComparisons puts a comparison in the place of each operator that compares.
func boundComparisons(i interpreter.Interpretable) (interpreter.Interpretable, error) {
	if call, ok := i.(interpreter.InterpretableCall); ok && compares(call.Function()) {
		return comparison{call}, nil
	}
	return i, nil
}

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

// compared is how many values an operator has to compare, at most.
func compared(function string, left, right ref.Val) int {
	if _, isMap := right.(traits.Mapper); isMap && function == operators.In {
		return 1 // looked up
	}
	if function == operators.In {
		return valuesIn(right, maxCompared+1)
	}
	return min(valuesIn(left, maxCompared+1), valuesIn(right, maxCompared+1))
}

// valuesIn counts a value and those that it holds, up to most.
func valuesIn(v ref.Val, most int) int {
	n := 1
	switch v := v.(type) {
	case traits.Lister:
		for i := v.Iterator(); n < most && i.HasNext() == types.True; {
			n += valuesIn(i.Next(), most-n)
		}
	case traits.Mapper:
		for i := v.Iterator(); n < most && i.HasNext() == types.True; {
			n += valuesIn(v.Get(i.Next()), most-n)
		}
	}
	return n
}
