//go:build !linux

package dynamolocal

import (
	"os/exec"
	"syscall"
)

// endWithParent: only Linux can end a process with its parent; elsewhere Stop does.
func endWithParent() *syscall.SysProcAttr { return nil }

func superviseOnOneThread(command *exec.Cmd, started chan<- error, exited chan<- struct{}) {
	supervise(command, started, exited)
}
