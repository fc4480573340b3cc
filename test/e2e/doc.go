// Package e2e tests MyKPI through its public door: GraphQL over HTTP and websockets, against the server binary as a
// process of its own, on each engine by the same table of tests.
//
// The binary is built once per run and started on port 0 with a folder of its own. The package imports nothing of the
// product but the starter of DynamoDB Local, so that what it knows is what a client can know. Real series come from the
// npm package that package-lock.json pins; a missing npm or Java fails the test and says what to install.
//
// Two tests have a long form, by MYKPI_TORTURE=N: N kills -9 under load, and a chart of 1,000,000 points.
package e2e
