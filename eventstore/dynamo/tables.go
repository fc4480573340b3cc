package dynamo

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/aws/retry"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
	"github.com/aws/smithy-go"
)

// ErrTables says that the tables are missing or not of this engine.
var ErrTables = errors.New("dynamo: tables")

// tableWait is how long Create and Delete wait for one table, within the context's deadline.
const tableWait = 5 * time.Minute

// tableAttempts of one request on a table are made at most, with the SDK's pauses of up to 20 s.
const tableAttempts = 10

// Tables makes, tells of and removes the engine's two tables. deploy/aws/tables.json says the same to
// CloudFormation; a test holds them together.
//
// guregu/dynamo's CreateTable knows neither deletion protection nor point-in-time recovery, so that all of it is said
// in the SDK's words.
type Tables struct {
	client *dynamodb.Client
	names  []string
}

// TableStatus is what Status tells of a table.
type TableStatus struct {
	Name                string
	Status              string // as DynamoDB says it: ACTIVE, CREATING …; "MISSING"
	Foreign             string // why it is not a table of this engine; "" where it is
	Items               int64  // counted by DynamoDB about every six hours
	Bytes               int64  // the same
	OnDemand            bool
	TTL                 bool
	PointInTimeRecovery bool
	DeletionProtection  bool
}

const missing = "MISSING"

// NewTables takes the Options of Open.
func NewTables(ctx context.Context, o Options) (*Tables, error) {
	// The SDK's own retries, patient: a new table has no backups to switch on for some seconds.
	retryer := retry.NewStandard(func(r *retry.StandardOptions) { r.MaxAttempts = tableAttempts })
	client, err := newClient(ctx, o, retry.AddWithErrorCodes(retryer, (*types.ContinuousBackupsUnavailableException)(nil).ErrorCode()))
	if err != nil {
		return nil, err
	}
	return newTables(client, o.TablePrefix), nil
}

func newTables(client *dynamodb.Client, prefix string) *Tables {
	return &Tables{client: client, names: []string{prefix + eventsTable, prefix + projectionTable}}
}

// definition is the table of that name: on demand, protected, and for the projection the sparse index of active
// documents, which an item is in while it has the attribute active.
func (t *Tables) definition(name string) *dynamodb.CreateTableInput {
	in := &dynamodb.CreateTableInput{
		TableName:                 aws.String(name),
		BillingMode:               types.BillingModePayPerRequest,
		DeletionProtectionEnabled: aws.Bool(true),
		AttributeDefinitions:      []types.AttributeDefinition{stringAttribute(attrPK), stringAttribute(attrSK)},
		KeySchema:                 keySchema(attrPK, attrSK),
	}
	if name == t.names[1] {
		in.AttributeDefinitions = append(in.AttributeDefinitions, stringAttribute(attrActive))
		in.GlobalSecondaryIndexes = []types.GlobalSecondaryIndex{{
			IndexName:  aws.String(activeIndex),
			KeySchema:  keySchema(attrActive, attrSK),
			Projection: &types.Projection{ProjectionType: types.ProjectionTypeKeysOnly},
		}}
	}
	return in
}

func stringAttribute(name string) types.AttributeDefinition {
	return types.AttributeDefinition{AttributeName: aws.String(name), AttributeType: types.ScalarAttributeTypeS}
}

func keySchema(hash, sort string) []types.KeySchemaElement {
	return []types.KeySchemaElement{
		{AttributeName: aws.String(hash), KeyType: types.KeyTypeHash},
		{AttributeName: aws.String(sort), KeyType: types.KeyTypeRange},
	}
}

// Create makes the tables that are missing and sets on both what is not set: run again it changes nothing. Where a
// table of that name is not of this engine it answers ErrTables and makes none. It waits until both can be used.
func (t *Tables) Create(ctx context.Context) error {
	absent, err := t.absent(ctx)
	if err != nil {
		return err
	}
	for _, name := range absent {
		_, err := t.client.CreateTable(ctx, t.definition(name))
		var exists *types.ResourceInUseException // somebody else does the same
		if err != nil && !errors.As(err, &exists) {
			return fmt.Errorf("dynamo: creating %s: %w", name, err)
		}
	}
	for _, name := range t.names {
		if err := dynamodb.NewTableExistsWaiter(t.client).Wait(ctx, &dynamodb.DescribeTableInput{TableName: &name}, tableWait); err != nil {
			return fmt.Errorf("dynamo: waiting for %s: %w", name, err)
		}
		if err := t.settle(ctx, name); err != nil {
			return fmt.Errorf("dynamo: setting up %s: %w", name, err)
		}
	}
	return nil
}

// absent are the tables that are missing. Where one is there that is not of this engine, it answers ErrTables.
func (t *Tables) absent(ctx context.Context) ([]string, error) {
	var names []string
	for _, name := range t.names {
		status, err := t.describe(ctx, name)
		switch {
		case err != nil:
			return nil, fmt.Errorf("dynamo: looking at %s: %w", name, err)
		case status.Foreign != "":
			return nil, fmt.Errorf("%w: %s", ErrTables, status.Foreign)
		case status.Status == missing:
			names = append(names, name)
		}
	}
	return names, nil
}

// settle brings an existing table to what the definition says besides keys.
func (t *Tables) settle(ctx context.Context, name string) error {
	status, err := t.status(ctx, name)
	if err != nil {
		return err
	}
	if !status.OnDemand {
		if _, err := t.client.UpdateTable(ctx, &dynamodb.UpdateTableInput{TableName: &name, BillingMode: types.BillingModePayPerRequest}); err != nil {
			return err
		}
		if err := dynamodb.NewTableExistsWaiter(t.client).Wait(ctx, &dynamodb.DescribeTableInput{TableName: &name}, tableWait); err != nil {
			return err
		}
	}
	if !status.DeletionProtection {
		if err := t.protect(ctx, name, true); err != nil {
			return err
		}
	}
	if !status.TTL {
		_, err := t.client.UpdateTimeToLive(ctx, &dynamodb.UpdateTimeToLiveInput{
			TableName:               &name,
			TimeToLiveSpecification: &types.TimeToLiveSpecification{AttributeName: aws.String(attrExpires), Enabled: aws.Bool(true)},
		})
		if err != nil {
			return err
		}
	}
	if status.PointInTimeRecovery {
		return nil
	}
	_, err = t.client.UpdateContinuousBackups(ctx, &dynamodb.UpdateContinuousBackupsInput{
		TableName:                        &name,
		PointInTimeRecoverySpecification: &types.PointInTimeRecoverySpecification{PointInTimeRecoveryEnabled: aws.Bool(true)},
	})
	return unlessUnknown(err)
}

// unlessUnknown lets pass what DynamoDB Local alone answers: it has no backups.
func unlessUnknown(err error) error {
	var api smithy.APIError
	if errors.As(err, &api) && api.ErrorCode() == "UnknownOperationException" {
		return nil
	}
	return err
}

func (t *Tables) protect(ctx context.Context, name string, on bool) error {
	_, err := t.client.UpdateTable(ctx, &dynamodb.UpdateTableInput{TableName: &name, DeletionProtectionEnabled: &on})
	return err
}

// Status tells of both tables, missing ones too.
func (t *Tables) Status(ctx context.Context) ([]TableStatus, error) {
	var all []TableStatus
	for _, name := range t.names {
		status, err := t.status(ctx, name)
		if err != nil {
			return nil, fmt.Errorf("dynamo: status of %s: %w", name, err)
		}
		all = append(all, status)
	}
	return all, nil
}

func (t *Tables) status(ctx context.Context, name string) (TableStatus, error) {
	status, err := t.describe(ctx, name)
	if err != nil || status.Status == missing {
		return status, err
	}
	ttl, err := t.client.DescribeTimeToLive(ctx, &dynamodb.DescribeTimeToLiveInput{TableName: &name})
	if err != nil {
		return status, err
	}
	if d := ttl.TimeToLiveDescription; d != nil && aws.ToString(d.AttributeName) == attrExpires {
		status.TTL = d.TimeToLiveStatus == types.TimeToLiveStatusEnabled || d.TimeToLiveStatus == types.TimeToLiveStatusEnabling
	}
	backups, err := t.client.DescribeContinuousBackups(ctx, &dynamodb.DescribeContinuousBackupsInput{TableName: &name})
	if err := unlessUnknown(err); err != nil {
		return status, err
	}
	if backups != nil && backups.ContinuousBackupsDescription != nil && backups.ContinuousBackupsDescription.PointInTimeRecoveryDescription != nil {
		d := backups.ContinuousBackupsDescription.PointInTimeRecoveryDescription
		status.PointInTimeRecovery = d.PointInTimeRecoveryStatus == types.PointInTimeRecoveryStatusEnabled
	}
	return status, nil
}

func (t *Tables) describe(ctx context.Context, name string) (TableStatus, error) {
	status := TableStatus{Name: name}
	out, err := t.client.DescribeTable(ctx, &dynamodb.DescribeTableInput{TableName: &name})
	var notFound *types.ResourceNotFoundException
	if errors.As(err, &notFound) {
		status.Status = missing
		return status, nil
	}
	if err != nil {
		return status, err
	}
	table := out.Table
	status.Status = string(table.TableStatus)
	status.Foreign = t.foreign(name, table)
	status.Items = aws.ToInt64(table.ItemCount)
	status.Bytes = aws.ToInt64(table.TableSizeBytes)
	status.OnDemand = table.BillingModeSummary != nil && table.BillingModeSummary.BillingMode == types.BillingModePayPerRequest
	status.DeletionProtection = aws.ToBool(table.DeletionProtectionEnabled)
	return status, nil
}

// foreign says why a table can't be one of this engine: keys can't be changed later, so that they tell.
func (t *Tables) foreign(name string, table *types.TableDescription) string {
	want := t.definition(name)
	if !sameKeys(table.KeySchema, want.KeySchema) {
		return fmt.Sprintf("%s has other keys than %s and %s", name, attrPK, attrSK)
	}
	for _, d := range table.AttributeDefinitions {
		if n := aws.ToString(d.AttributeName); (n == attrPK || n == attrSK) && d.AttributeType != types.ScalarAttributeTypeS {
			return fmt.Sprintf("%s has a key %s that is not a string", name, n)
		}
	}
	for _, index := range want.GlobalSecondaryIndexes {
		if !hasIndex(table, index) {
			return fmt.Sprintf("%s lacks the index %s", name, aws.ToString(index.IndexName))
		}
	}
	return ""
}

func sameKeys(a, b []types.KeySchemaElement) bool {
	if len(a) != len(b) {
		return false
	}
	for i := range a {
		if aws.ToString(a[i].AttributeName) != aws.ToString(b[i].AttributeName) || a[i].KeyType != b[i].KeyType {
			return false
		}
	}
	return true
}

func hasIndex(table *types.TableDescription, want types.GlobalSecondaryIndex) bool {
	for _, index := range table.GlobalSecondaryIndexes {
		if aws.ToString(index.IndexName) == aws.ToString(want.IndexName) && sameKeys(index.KeySchema, want.KeySchema) {
			return true
		}
	}
	return false
}

// check is what a server asks before it serves.
func (t *Tables) check(ctx context.Context) error {
	for _, name := range t.names {
		status, err := t.describe(ctx, name)
		switch {
		case err != nil:
			return fmt.Errorf("dynamo: looking at %s: %w", name, err)
		case status.Status == missing:
			return fmt.Errorf("%w: %s is missing: run mykpi tables create", ErrTables, name)
		case status.Foreign != "":
			return fmt.Errorf("%w: %s: choose another --table-prefix and run mykpi tables create", ErrTables, status.Foreign)
		case status.Status != string(types.TableStatusActive) && status.Status != string(types.TableStatusUpdating):
			return fmt.Errorf("%w: %s is %s: see mykpi tables status", ErrTables, name, status.Status)
		}
	}
	return nil
}

// Delete lifts the protection and deletes both tables with all that is in them; missing ones are no error. A table
// that is not of this engine is not touched. The caller has made sure that it is meant.
func (t *Tables) Delete(ctx context.Context) error {
	absent, err := t.absent(ctx)
	if err != nil {
		return err
	}
	for _, name := range t.names {
		if slices.Contains(absent, name) {
			continue
		}
		if err := t.delete(ctx, name); err != nil {
			return fmt.Errorf("dynamo: deleting %s: %w", name, err)
		}
	}
	return nil
}

func (t *Tables) delete(ctx context.Context, name string) error {
	if err := t.protect(ctx, name, false); err != nil {
		return err
	}
	if _, err := t.client.DeleteTable(ctx, &dynamodb.DeleteTableInput{TableName: &name}); err != nil {
		return err
	}
	return dynamodb.NewTableNotExistsWaiter(t.client).Wait(ctx, &dynamodb.DescribeTableInput{TableName: &name}, tableWait)
}
