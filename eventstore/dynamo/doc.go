// Package dynamo is the eventstore.Store on Amazon DynamoDB, for where one machine is not enough.
//
// It keeps two tables (tables.go; the layout of their items is in keys.go) and does each Commit as one
// TransactWriteItems with a client request token, so that a retry of a lost answer can't count twice. Throttles,
// conflicts of transactions and faults of the network are retried with full jitter within the context's deadline
// (retry.go); what still fails is eventstore.ErrUnavailable.
//
// It imports eventstore, tenancy, guregu/dynamo, the AWS SDK and x/sync, and knows nothing of charts. Package dynamolocal
// starts DynamoDB Local for tests, package meter counts capacity units as AWS bills them.
package dynamo
