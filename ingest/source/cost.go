package source

import (
	"github.com/google/cel-go/common/types"
	"github.com/google/cel-go/common/types/ref"
)

// sizes makes each call cost a step, and one more for every ten bytes of text that go in or come out and for every value
// that is compared. CEL's own estimate does not see the sizes of what is only known to be a text or a list when it runs,
// such as all of body.
type sizes struct{}

// CallCost implements interpreter.ActualCostEstimator.
func (sizes) CallCost(function, _ string, args []ref.Val, result ref.Val) *uint64 {
	cost := 1 + textSize(result)/10
	for _, a := range args {
		cost += textSize(a) / 10
	}
	if compares(function) {
		cost += uint64(compared(function, args[0], args[1]))
	}
	return &cost
}

func textSize(v ref.Val) uint64 {
	switch v := v.(type) {
	case types.String:
		return uint64(len(v))
	case types.Bytes:
		return uint64(len(v))
	}
	return 0
}
