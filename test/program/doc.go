// Package program builds the server from the checkout and runs it as a process of its own: what tests and benchmarks of
// the real binary start from.
//
// It imports the standard library alone. Its promises: a process listens on the loopback interface, takes none of its
// settings from the caller's environment, and tells its last lines where it does not start or its test fails.
package program
