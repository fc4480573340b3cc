package dynamolocal

import (
	"os/exec"
	"runtime"
	"syscall"
)

// endWithParent has the kernel end the process when the test binary dies without a word, as on a test's time-out.
func endWithParent() *syscall.SysProcAttr {
	return &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
}

// superviseOnOneThread starts the process and waits for it. The kernel's notion of a parent is the thread that
// started the process, which therefore must last as long.
func superviseOnOneThread(command *exec.Cmd, started chan<- error, exited chan<- struct{}) {
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	supervise(command, started, exited)
}
