// Package cost pins what MyKPI costs on DynamoDB, through the whole stack below the edge: commands, queries, journal,
// engine, DynamoDB Local, and a meter that counts as AWS bills. docs/cost.md says what that is in money.
//
// It has tests alone.
package cost
