// Command fairness measures what one tenant's flood does to another. A quiet tenant asks for its dashboard and records
// points at a steady pace, now alone, now while another floods the server far over its rate: with points, dashboards,
// CSV files, and all of them at once. The two times alternate, so that both see the same machine.
//
// The server is the real binary with its default limits. It has a processor of its own, and the quiet tenant and the
// flood, processes of their own too, share the other one: what is measured is the server's fairness, not the load's.
// make bench-fairness runs it; what it said, and on which machine, is in docs/performance.md.
package main
