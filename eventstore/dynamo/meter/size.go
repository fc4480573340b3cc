package meter

import (
	"strings"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
)

type item = map[string]types.AttributeValue

// Size is the size of an item in bytes by the rules of the DynamoDB Developer Guide, "Item sizes and formats".
func Size(it map[string]types.AttributeValue) int {
	n := 0
	for name, v := range it {
		n += len(name) + valueSize(v)
	}
	return n
}

const (
	containerOverhead = 3 // of a list or map, and 1 for each element
	elementOverhead   = 1
)

func valueSize(v types.AttributeValue) int {
	switch v := v.(type) {
	case *types.AttributeValueMemberS:
		return len(v.Value)
	case *types.AttributeValueMemberB:
		return len(v.Value)
	case *types.AttributeValueMemberN:
		return numberSize(v.Value)
	case *types.AttributeValueMemberSS:
		return sum(v.Value, func(s string) int { return len(s) })
	case *types.AttributeValueMemberNS:
		return sum(v.Value, numberSize)
	case *types.AttributeValueMemberBS:
		return sum(v.Value, func(b []byte) int { return len(b) })
	case *types.AttributeValueMemberL:
		return containerOverhead + sum(v.Value, func(e types.AttributeValue) int { return valueSize(e) + elementOverhead })
	case *types.AttributeValueMemberM:
		return containerOverhead + Size(v.Value) + len(v.Value)*elementOverhead
	default: // NULL and BOOL
		return 1
	}
}

// numberSize is a byte for every two significant digits, one more, and one for a minus.
func numberSize(s string) int {
	digits := strings.Trim(strings.Map(func(r rune) rune {
		if r < '0' || r > '9' {
			return -1
		}
		return r
	}, s), "0")
	n := (len(digits)+1)/2 + 1
	if strings.HasPrefix(s, "-") {
		n++
	}
	return n
}

func sum[T any](values []T, size func(T) int) int {
	n := 0
	for _, v := range values {
		n += size(v)
	}
	return n
}
