package source

import (
	"iter"
	"maps"
	"slices"
	"strings"

	"github.com/google/cel-go/common/operators"
	"github.com/google/cel-go/common/types"
	"github.com/google/cel-go/common/types/ref"
	"github.com/google/cel-go/common/types/traits"
)

// maxCost is how many steps the expressions of a mapping may take together; the last one may overrun it once. A step is
// some 200 ns and 50 bytes, so that nothing takes more than 10 ms or 1 MiB.
const maxCost = 8_000

// sizes is what calls cost: a step, and more for what they read and make. CEL's own estimate does not see the sizes of
// what is only known to be a text or a list when it runs, such as all of body.
type sizes struct{}

// zoneCost is for looking up a time zone, a file: as much as this many steps.
const zoneCost = 1000

// CallCost implements interpreter.ActualCostEstimator.
func (sizes) CallCost(function, overload string, args []ref.Val, result ref.Val) *uint64 {
	cost := 1 + textCost(result)
	for _, a := range args {
		cost += textCost(a)
	}
	switch {
	case compares(function):
		cost += 2 * compared(function, args[0], args[1])
	case function == constructs:
		cost += len(args)
	case function == operators.Add:
		cost += 2 * elements(result)
	case strings.Contains(overload, "_tz"):
		cost += zoneCost
	}
	steps := uint64(cost)
	return &steps
}

// textCost is a step for every ten bytes of a text.
func textCost(v ref.Val) int {
	switch v := v.(type) {
	case types.String:
		return len(v) / 10
	case types.Bytes:
		return len(v) / 10
	}
	return 0
}

// elements are those of a list that was made at once, rather than is being made one by one.
func elements(v ref.Val) int {
	list, isList := v.(traits.Lister)
	if _, grows := v.(traits.MutableLister); !isList || grows {
		return 0
	}
	return int(list.Size().(types.Int))
}

// compared is how much an operator has to compare, at most: values, and texts by their cost.
func compared(function string, left, right ref.Val) int {
	if function != operators.In {
		return min(valuesIn(left, maxCompared+1), valuesIn(right, maxCompared+1))
	}
	list, isList := right.(traits.Lister)
	if !isList {
		return 1 // looked up
	}
	n, most := 0, valuesIn(left, maxCompared+1)
	for i := list.Iterator(); n <= maxCompared && i.HasNext() == types.True; {
		n += valuesIn(i.Next(), most)
	}
	return n
}

// valuesIn counts a value and those that it holds, up to most.
func valuesIn(v any, most int) int {
	switch v := v.(type) {
	case ref.Val:
		return valuesIn(v.Value(), most)
	case string:
		return min(most, 1+len(v)/10)
	case []byte:
		return min(most, 1+len(v)/10)
	case []any:
		return 1 + valuesOf(slices.Values(v), most-1)
	case []ref.Val:
		return 1 + valuesOf(slices.Values(v), most-1)
	case map[string]any:
		return 1 + valuesOf(maps.Values(v), most-1)
	case map[ref.Val]ref.Val:
		return 1 + valuesOf(maps.Values(v), most-1)
	}
	return 1
}

func valuesOf[V any](values iter.Seq[V], most int) (n int) {
	for v := range values {
		if n >= most {
			break
		}
		n += valuesIn(v, most-n)
	}
	return n
}
