// Command query measures what the dashboard's query costs: MyKPI, the floor (net/http answering the same bytes ready
// made), gqlgen as it comes on the same schema, and the Node peers of package.json, all in one interleaved run.
//
// Each server is a process of its own, and what it costs is told by the kernel: CPU time a request, from /proc. Rates and
// latencies depend on who else uses the machine; CPU a request hardly does, and its ratio within one run still less.
//
// Run it by make bench-query. It may import anything, and nothing imports it.
package main
