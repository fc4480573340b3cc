package rig

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"syscall"
	"time"

	"golang.org/x/sys/unix"
)

// Process is a server under measurement.
type Process struct {
	Host string // and port
	cmd  *exec.Cmd
}

// Start runs a command that prints, or logs, the URL that it serves, and waits for that.
func Start(cmd *exec.Cmd) (*Process, error) {
	lines, into, err := os.Pipe()
	if err != nil {
		return nil, err
	}
	cmd.Stdout, cmd.Stderr = into, into
	cmd.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
	if err := cmd.Start(); err != nil {
		return nil, err
	}
	into.Close()
	var said bytes.Buffer
	in := bufio.NewScanner(lines)
	for in.Scan() {
		fmt.Fprintln(&said, in.Text())
		if _, after, found := strings.Cut(in.Text(), "http://"); found {
			host := strings.TrimRight(strings.Fields(after)[0], "/")
			go func() {
				for in.Scan() { // lest the server block on a full pipe
				}
			}()
			return &Process{host, cmd}, waitFor(host)
		}
	}
	return nil, fmt.Errorf("%s ended: %w\n%s", cmd.Path, errors.Join(cmd.Wait(), in.Err()), said.String())
}

func waitFor(host string) error {
	for range 200 {
		response, err := http.Get("http://" + host + "/healthz")
		if err == nil {
			return response.Body.Close()
		}
		time.Sleep(25 * time.Millisecond)
	}
	return fmt.Errorf("%s does not answer", host)
}

// Stop interrupts the process, and kills it where that does not end it.
func (p *Process) Stop() {
	_ = p.cmd.Process.Signal(os.Interrupt)
	done := make(chan struct{})
	go func() { _ = p.cmd.Wait(); close(done) }()
	select {
	case <-done:
	case <-time.After(5 * time.Second):
		_ = p.cmd.Process.Kill()
		<-done
	}
}

// CPU is the CPU time that the process has used, in user and kernel mode, by its own clock: to the nanosecond, and up to now.
func (p *Process) CPU() (time.Duration, error) {
	const byScheduler = 2 // CPUCLOCK_SCHED of linux/posix-timers.h: of the process whose complement is in the bits above
	var t unix.Timespec
	err := unix.ClockGettime(int32(^p.cmd.Process.Pid<<3|byScheduler), &t)
	return time.Duration(t.Nano()), err
}

// Memory is the resident memory in bytes.
func (p *Process) Memory() (int64, error) {
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/statm", p.cmd.Process.Pid))
	if err != nil {
		return 0, err
	}
	pages, err := strconv.ParseInt(strings.Fields(string(text))[1], 10, 64)
	return pages * int64(os.Getpagesize()), err
}

// Listen serves as a Process does: on a port of its own, whose URL it prints.
func Listen(handler http.Handler) error {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return err
	}
	fmt.Println("http://" + l.Addr().String())
	return http.Serve(l, handler)
}
