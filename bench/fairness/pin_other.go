//go:build !linux

package main

// pinned: only Linux can keep a process on one processor; elsewhere load and server share them all.
func pinned(_ int, f func() error) error { return f() }
