package dynamo_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"github.com/mykpi/mykpi/eventstore/dynamo"
)

func tablesOf(t *testing.T, o dynamo.Options) *dynamo.Tables {
	t.Helper()
	tables, err := dynamo.NewTables(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	return tables
}

// wantStatus is what a table is like once made. DynamoDB Local has no point-in-time recovery.
func wantStatus(name string) dynamo.TableStatus {
	return dynamo.TableStatus{Name: name, Status: "ACTIVE", OnDemand: true, TTL: true, DeletionProtection: true}
}

func TestTablesComeAndGo(t *testing.T) {
	o := dynamo.Options{Config: local.Config(t), TablePrefix: freshPrefix()}
	tables := tablesOf(t, o)
	names := []string{o.TablePrefix + "charts_events", o.TablePrefix + "charts_projection"}
	is := func(want func(name string) dynamo.TableStatus) {
		t.Helper()
		all, err := tables.Status(t.Context())
		if err != nil || len(all) != len(names) {
			t.Fatalf("%v, %v", all, err)
		}
		for i, name := range names {
			if all[i] != want(name) {
				t.Errorf("%+v, want %+v", all[i], want(name))
			}
		}
	}
	gone := func(name string) dynamo.TableStatus { return dynamo.TableStatus{Name: name, Status: "MISSING"} }
	is(gone)
	for range 2 {
		if err := tables.Create(t.Context()); err != nil {
			t.Fatal(err)
		}
		is(wantStatus)
	}
	open(t, o)
	for range 2 {
		if err := tables.Delete(t.Context()); err != nil {
			t.Fatal(err)
		}
		is(gone)
	}
	if _, err := dynamo.Open(t.Context(), o); !errors.Is(err, dynamo.ErrTables) || !strings.Contains(err.Error(), "mykpi tables create") {
		t.Errorf("open without tables: %v", err)
	}
}

// makeTable makes a table by hand.
func makeTable(t *testing.T, name, hash string, index bool) {
	t.Helper()
	in := &dynamodb.CreateTableInput{
		TableName:            &name,
		AttributeDefinitions: []types.AttributeDefinition{{AttributeName: &hash, AttributeType: "S"}, {AttributeName: aws.String("SK"), AttributeType: "S"}},
		KeySchema:            []types.KeySchemaElement{{AttributeName: &hash, KeyType: types.KeyTypeHash}, {AttributeName: aws.String("SK"), KeyType: types.KeyTypeRange}},
		ProvisionedThroughput: &types.ProvisionedThroughput{
			ReadCapacityUnits: aws.Int64(5), WriteCapacityUnits: aws.Int64(5),
		},
	}
	if index {
		in.AttributeDefinitions = append(in.AttributeDefinitions, types.AttributeDefinition{AttributeName: aws.String("active"), AttributeType: "S"})
		in.GlobalSecondaryIndexes = []types.GlobalSecondaryIndex{{
			IndexName:             aws.String("active"),
			KeySchema:             []types.KeySchemaElement{{AttributeName: aws.String("active"), KeyType: types.KeyTypeHash}, {AttributeName: aws.String("SK"), KeyType: types.KeyTypeRange}},
			Projection:            &types.Projection{ProjectionType: types.ProjectionTypeKeysOnly},
			ProvisionedThroughput: in.ProvisionedThroughput,
		}}
	}
	if _, err := dynamodb.NewFromConfig(*local.Config(t)).CreateTable(t.Context(), in); err != nil {
		t.Fatal(err)
	}
}

// Tables of the right keys, made with less, get the rest.
func TestCreateMends(t *testing.T) {
	prefix := freshPrefix()
	makeTable(t, prefix+"charts_events", "PK", false)
	makeTable(t, prefix+"charts_projection", "PK", true)
	tables := tablesOf(t, dynamo.Options{Config: local.Config(t), TablePrefix: prefix})
	if err := tables.Create(t.Context()); err != nil {
		t.Fatal(err)
	}
	all, err := tables.Status(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for _, got := range all {
		if got != wantStatus(got.Name) {
			t.Errorf("%+v", got)
		}
	}
}

// A table of somebody else's is neither used, changed nor deleted.
func TestForeignTables(t *testing.T) {
	foreign, noIndex := freshPrefix(), freshPrefix()
	makeTable(t, foreign+"charts_events", "id", false)
	makeTable(t, noIndex+"charts_events", "PK", false)
	makeTable(t, noIndex+"charts_projection", "PK", false)
	for _, prefix := range []string{foreign, noIndex} {
		o := dynamo.Options{Config: local.Config(t), TablePrefix: prefix}
		tables := tablesOf(t, o)
		if _, err := dynamo.Open(t.Context(), o); !errors.Is(err, dynamo.ErrTables) || !strings.Contains(err.Error(), "--table-prefix") {
			t.Errorf("%s: open: %v", prefix, err)
		}
		if err := tables.Create(t.Context()); !errors.Is(err, dynamo.ErrTables) {
			t.Errorf("%s: create: %v", prefix, err)
		}
		if err := tables.Delete(t.Context()); !errors.Is(err, dynamo.ErrTables) {
			t.Errorf("%s: delete: %v", prefix, err)
		}
		all, err := tables.Status(t.Context())
		if err != nil || all[0].Status != "ACTIVE" || all[0].DeletionProtection || all[0].TTL {
			t.Errorf("%s: %+v, %v", prefix, all, err)
		}
		if missing := all[1].Status == "MISSING"; missing != (prefix == foreign) {
			t.Errorf("%s: %+v", prefix, all)
		}
	}
}
