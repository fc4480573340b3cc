// Package live tests dashboards against the real server, from outside: random writes, cuts, slow readers and restarts, and
// what attackers of the edge get. It builds the binary and starts it on free ports.
package live
