package main

import (
	"os"
	"os/exec"

	"github.com/mykpi/mykpi/bench/rig"
	"github.com/mykpi/mykpi/test/program"
)

const folder = "bench/live"

// contestant is a server to measure.
type contestant struct {
	name  string
	start func(built) (*server, error)
}

// contestants are compared with the first.
var contestants = []contestant{
	{"raw prepared broadcast", startFloor},
	{"MyKPI", startMyKPI},
	{"graphql-ws on ws", startPeer("graphql-ws.mjs")},
	{"Mercurius", startPeer("mercurius.mjs")},
}

// server is a contestant that runs.
type server struct {
	*rig.Process
	token string // "" where none is needed
}

// built is MyKPI, built, in a folder that holds its data too.
type built struct{ dir, path string }

func buildServer() (built, error) {
	dir, err := os.MkdirTemp("", "mykpi-bench-live-")
	if err != nil {
		return built{}, err
	}
	path, err := program.Build(dir)
	return built{dir, path}, err
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

func startFloor(built) (*server, error) {
	self, err := os.Executable()
	if err != nil {
		return nil, err
	}
	return start(exec.Command(self, "floor"), "")
}

func startPeer(file string) func(built) (*server, error) {
	return func(built) (*server, error) { return start(exec.Command("node", folder+"/peers/"+file), "") }
}

// startMyKPI starts the server with one chart.
func startMyKPI(b built) (*server, error) {
	data, err := os.MkdirTemp(b.dir, "data-")
	if err != nil {
		return nil, err
	}
	token, err := program.Run(b.path, "token", "--data", data, "--tenant", "bench")
	if err != nil {
		return nil, err
	}
	s, err := start(rig.Serve(b.path, data, "--max-sockets-per-user", "0", "--max-sockets-per-tenant", "0", "--shutdown", "1s"), token)
	if err != nil {
		return nil, err
	}
	_, err = rig.Ask(s.Host, token, rig.Body(`mutation { createChart(input: {key: "revenue-of-the-day", name: "Revenue of the day", aggregation: SUM}) { chart { id } } }`, nil))
	if err != nil {
		s.Stop()
		return nil, err
	}
	return s, nil
}

// start starts a server on a processor of its own.
func start(cmd *exec.Cmd, token string) (*server, error) {
	p, err := rig.Start(exec.Command("taskset", append([]string{"-c", "0"}, cmd.Args...)...))
	if err != nil {
		return nil, err
	}
	return &server{p, token}, nil
}
