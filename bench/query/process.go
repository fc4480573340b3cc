package main

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// process is a server under measurement.
type process struct {
	cmd  *exec.Cmd
	host string
}

// start runs a command that prints, or logs, the URL that it serves, and waits for that.
func start(cmd *exec.Cmd) (*process, error) {
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
			return &process{cmd, host}, waitFor(host)
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

func (p *process) stop() {
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

// tick is the kernel's unit of CPU time in /proc: USER_HZ, 100 a second wherever Linux runs Go.
const tick = 10 * time.Millisecond

// cpu is the CPU time that the process has used, in user and kernel mode.
func (p *process) cpu() (time.Duration, error) {
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", p.cmd.Process.Pid))
	if err != nil {
		return 0, err
	}
	// The name in parentheses may hold blanks; user and system time are the 12th and 13th fields after it.
	fields := bytes.Fields(text[bytes.LastIndexByte(text, ')')+1:])
	user, err1 := strconv.ParseInt(string(fields[11]), 10, 64)
	system, err2 := strconv.ParseInt(string(fields[12]), 10, 64)
	return time.Duration(user+system) * tick, errors.Join(err1, err2)
}

// memory is the resident memory in bytes.
func (p *process) memory() (int64, error) {
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/statm", p.cmd.Process.Pid))
	if err != nil {
		return 0, err
	}
	pages, err := strconv.ParseInt(strings.Fields(string(text))[1], 10, 64)
	return pages * int64(os.Getpagesize()), err
}
