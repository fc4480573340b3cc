// Command ingest measures what recording points through HTTP costs: one and 50 points a request, by the mutation and by the
// webhook of the real binary, beside the floor: net/http, encoding/json and the same commits of the same journal, without
// authentication, GraphQL, quotas and records of ingestions.
//
// Run it by make bench-ingest. It may import anything, and nothing imports it.
package main
