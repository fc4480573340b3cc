//go:build unix

package transport

import "syscall"

// tryWrite writes what the connection takes at once, and never waits.
func tryWrite(c syscall.RawConn, b []byte) (n int) {
	_ = c.Write(func(fd uintptr) bool {
		n, _ = syscall.Write(int(fd), b)
		return true // done, whatever came of it: an error shows at the write that waits
	})
	return max(n, 0)
}
