// Package rig starts the servers that benchmarks compare, each a process of its own, asks them, and tells what they cost:
// CPU time by the kernel's count.
//
// The commands in bench/ import it. Its promise: the load spends as little as it can, and no server outlives its command.
package rig
