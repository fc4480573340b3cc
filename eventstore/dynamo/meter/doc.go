// Package meter counts the capacity units that a test's requests to DynamoDB cost, as AWS bills them: by the size of
// items, each write rounded up to 1 KB and each read to 4 KB, transactions twice. DynamoDB Local can't be asked: it
// reports half of a transaction.
//
// It imports guregu/dynamo's interface of the client and the AWS SDK. It looks at items before and after each write,
// so that it is for tests alone, and exact where nothing else writes the same items at the time. What it does not
// count: throttled requests.
package meter
