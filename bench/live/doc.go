// Command live measures how fast one change reaches many dashboards, and what a dashboard that is held open costs: MyKPI
// beside a bare broadcast of the same bytes, which is the floor, and the two fastest servers of Node.
//
// Servers run one after the other, again and again, each with sockets that are subscribed as a dashboard is. The load runs
// in a process of its own, and each process has a processor of its own. make bench-live runs it with 1,000 sockets;
// SOCKETS=10000 make bench-live with 10,000. What it said, and on which machine, is in docs/performance.md.
package main
