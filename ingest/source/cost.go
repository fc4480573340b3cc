package source

import (
	"github.com/google/cel-go/common/types"
	"github.com/google/cel-go/common/types/ref"
)

// sizes makes each call cost a step, and one more for every ten bytes of text that go in or come out. CEL's own estimate
// does not see the sizes of what is only known to be a text when it runs, such as all of body.
type sizes struct{}

// CallCost implements interpreter.ActualCostEstimator.
func (sizes) CallCost(_, _ string, args []ref.Val, result ref.Val) *uint64 {
	cost := 1 + textSize(result)/10
	for _, a := range args {
		cost += textSize(a) / 10
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
