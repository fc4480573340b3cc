package meter_test

import (
	"testing"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"github.com/mykpi/mykpi/eventstore/dynamo/meter"
)

func TestSize(t *testing.T) {
	for _, c := range []struct {
		name  string
		value types.AttributeValue
		want  int // besides the one byte of the name
	}{
		{"string in UTF-8", &types.AttributeValueMemberS{Value: "é1"}, 3},
		{"empty string", &types.AttributeValueMemberS{}, 0},
		{"binary", &types.AttributeValueMemberB{Value: make([]byte, 7)}, 7},
		{"zero", &types.AttributeValueMemberN{Value: "0"}, 1},
		{"one digit", &types.AttributeValueMemberN{Value: "7"}, 2},
		{"zeros around do not count", &types.AttributeValueMemberN{Value: "0012000"}, 2},
		{"negative", &types.AttributeValueMemberN{Value: "-123.5"}, 4},
		{"seconds", &types.AttributeValueMemberN{Value: "1764000001"}, 6},
		{"true", &types.AttributeValueMemberBOOL{Value: true}, 1},
		{"null", &types.AttributeValueMemberNULL{Value: true}, 1},
		{"strings", &types.AttributeValueMemberSS{Value: []string{"ab", "c"}}, 3},
		{"list", &types.AttributeValueMemberL{Value: []types.AttributeValue{&types.AttributeValueMemberS{Value: "ab"}}}, 6},
		{"map", &types.AttributeValueMemberM{Value: map[string]types.AttributeValue{"k": &types.AttributeValueMemberS{Value: "ab"}}}, 7},
	} {
		if got := meter.Size(map[string]types.AttributeValue{"a": c.value}) - 1; got != c.want {
			t.Errorf("%s: %d bytes, want %d", c.name, got, c.want)
		}
	}
}
