package dynamo

import (
	"encoding/json"
	"os"
	"reflect"
	"testing"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
)

// The names of CloudFormation's properties are those of the SDK's fields.
type templateTable struct {
	Properties struct {
		TableName                        map[string]string
		TimeToLiveSpecification          types.TimeToLiveSpecification
		PointInTimeRecoverySpecification types.PointInTimeRecoverySpecification
	}
	DeletionPolicy, UpdateReplacePolicy string
}

func TestTemplateAgreesWithCreate(t *testing.T) {
	raw, err := os.ReadFile("../../deploy/aws/tables.json")
	if err != nil {
		t.Fatal(err)
	}
	var template struct{ Resources map[string]json.RawMessage }
	if err := json.Unmarshal(raw, &template); err != nil {
		t.Fatal(err)
	}
	tables := newTables(nil, "${TablePrefix}")
	found := map[string]bool{}
	for _, resource := range template.Resources {
		var table templateTable
		if err := json.Unmarshal(resource, &table); err != nil {
			t.Fatal(err)
		}
		name := table.Properties.TableName["Fn::Sub"]
		found[name] = true
		if got, want := definitionIn(t, resource, name), tables.definition(name); !reflect.DeepEqual(got, want) {
			t.Errorf("%s: the template says %s, Create %s", name, asJSON(t, got), asJSON(t, want))
		}
		if ttl := table.Properties.TimeToLiveSpecification; ttl.AttributeName == nil || *ttl.AttributeName != attrExpires || ttl.Enabled == nil || !*ttl.Enabled {
			t.Errorf("%s: TTL is not by %s", name, attrExpires)
		}
		if on := table.Properties.PointInTimeRecoverySpecification.PointInTimeRecoveryEnabled; on == nil || !*on {
			t.Errorf("%s: no point-in-time recovery", name)
		}
		if table.DeletionPolicy != "Retain" || table.UpdateReplacePolicy != "Retain" {
			t.Errorf("%s goes with the stack", name)
		}
	}
	for _, name := range tables.names {
		if !found[name] {
			t.Errorf("the template lacks %s", name)
		}
	}
}

// definitionIn reads what Create says in one request; the rest it says in others.
func definitionIn(t *testing.T, resource json.RawMessage, name string) *dynamodb.CreateTableInput {
	t.Helper()
	var all struct{ Properties map[string]json.RawMessage }
	if err := json.Unmarshal(resource, &all); err != nil {
		t.Fatal(err)
	}
	delete(all.Properties, "TableName") // an expression there, a string here
	definition := &dynamodb.CreateTableInput{TableName: &name}
	if err := json.Unmarshal([]byte(asJSON(t, all.Properties)), definition); err != nil {
		t.Fatal(err)
	}
	return definition
}

func asJSON(t *testing.T, v any) string {
	t.Helper()
	b, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}
