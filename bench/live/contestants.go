package main

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"
)

const folder = "bench/live"

// contestant is a server to measure.
type contestant struct {
	name  string
	start func(built) (*process, error)
}

// contestants are compared with the first.
var contestants = []contestant{
	{"raw prepared broadcast", startFloor},
	{"MyKPI", startMyKPI},
	{"graphql-ws on ws", func(built) (*process, error) { return start("node", folder+"/peers/graphql-ws.mjs") }},
	{"Mercurius", func(built) (*process, error) { return start("node", folder+"/peers/mercurius.mjs") }},
}

// built is the server, built, in a folder that holds its data too.
type built struct{ dir, path string }

func buildServer() (built, error) {
	dir, err := os.MkdirTemp("", "mykpi-bench-live-")
	if err != nil {
		return built{}, err
	}
	b := built{dir, filepath.Join(dir, "mykpi")}
	if out, err := exec.Command("go", "build", "-o", b.path, "./cmd/mykpi").CombinedOutput(); err != nil {
		return b, fmt.Errorf("go build: %w\n%s", err, out)
	}
	return b, nil
}

// install installs the peers, unless they are there.
func install() error {
	if _, err := os.Stat(folder + "/node_modules/.package-lock.json"); err == nil {
		return nil
	}
	cmd := exec.Command("npm", "ci")
	cmd.Dir, cmd.Stderr = folder, os.Stderr
	return cmd.Run()
}

func startFloor(built) (*process, error) {
	self, err := os.Executable()
	if err != nil {
		return nil, err
	}
	return start(self, "floor")
}

// startMyKPI starts the server as anybody does, with one chart.
func startMyKPI(b built) (*process, error) {
	data, err := os.MkdirTemp(b.dir, "data-")
	if err != nil {
		return nil, err
	}
	out, err := exec.Command(b.path, "token", "--data", data, "--tenant", "bench").Output()
	if err != nil {
		return nil, fmt.Errorf("mykpi token: %w", err)
	}
	p, err := start(b.path, "serve", "--listen", "127.0.0.1:0", "--data", data, "--max-sockets-per-user", "0", "--max-sockets-per-tenant", "0", "--rate-address", "0", "--log-format", "json", "--shutdown", "1s")
	if err != nil {
		return nil, err
	}
	p.token = strings.TrimSpace(string(out))
	body := `{"query":"mutation { createChart(input: {key: \"revenue-of-the-day\", name: \"Revenue of the day\", aggregation: SUM}) { chart { id } } }"}`
	request, err := http.NewRequest(http.MethodPost, "http://"+p.host+"/graphql", strings.NewReader(body))
	if err != nil {
		return p, err
	}
	request.Header.Set("Content-Type", "application/json")
	request.Header.Set("Authorization", "Bearer "+p.token)
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return p, err
	}
	defer response.Body.Close()
	text, err := io.ReadAll(response.Body)
	if err != nil || strings.Contains(string(text), `"errors"`) {
		return p, fmt.Errorf("createChart: %s, %w", text, err)
	}
	return p, nil
}

// process is a server that runs on a processor of its own.
type process struct {
	cmd   *exec.Cmd
	host  string
	token string // "" where none is needed
}

// start runs a server until it says where it serves.
func start(name string, args ...string) (*process, error) {
	cmd := exec.Command("taskset", append([]string{"-c", "0", name}, args...)...)
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
	for in := bufio.NewScanner(lines); in.Scan(); {
		fmt.Fprintln(&said, in.Text())
		if _, after, found := strings.Cut(in.Text(), "http://"); found {
			go func() { _, _ = io.Copy(io.Discard, lines) }() // lest the server block on a full pipe
			return &process{cmd: cmd, host: after[:hostLength(after)]}, nil
		}
	}
	return nil, fmt.Errorf("%s ended: %w\n%s", name, cmd.Wait(), said.String())
}

// hostLength is how much of a text is a host with its port.
func hostLength(text string) int {
	if end := strings.IndexFunc(text, func(r rune) bool { return (r < '0' || r > '9') && r != '.' && r != ':' }); end >= 0 {
		return end
	}
	return len(text)
}

func (p *process) stop() {
	_ = p.cmd.Process.Kill() // nothing is to be kept
	_ = p.cmd.Wait()
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
