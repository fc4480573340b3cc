package main

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"

	"github.com/mykpi/mykpi/bench/rig"
	"github.com/mykpi/mykpi/test/program"
)

// set is the servers of one run.
type set struct {
	answer    int // bytes
	processes []*rig.Process
	subjects  []*subject
}

func (s *set) stop() {
	for _, p := range s.processes {
		p.Stop()
	}
}

// prepare builds MyKPI, fills it, and starts what is to be measured.
func prepare(dir, granularity, only string, peers bool) (*set, error) {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, err
	}
	self, err := os.Executable()
	if err != nil {
		return nil, err
	}
	data := filepath.Join(dir, "data")
	binary, err := program.Build(dir)
	if err != nil {
		return nil, err
	}
	var tokens [tenants]string
	for i := range tokens {
		if tokens[i], err = rig.Token(binary, data, tenantOf(i)); err != nil {
			return nil, err
		}
	}
	s := &set{}
	run := func(cmd *exec.Cmd) (*rig.Process, error) {
		p, err := rig.Start(cmd)
		if p != nil {
			s.processes = append(s.processes, p)
		}
		return p, err
	}
	serve := func(data string, more ...string) *exec.Cmd { return rig.Serve(binary, data, more...) }
	filling, err := run(serve(data))
	if err != nil {
		return s, err
	}
	for _, token := range tokens {
		if err := fill(filling.Host, token); err != nil {
			return s, err
		}
	}
	dashboard := rig.Body(document(granularity), nil)
	answer, err := rig.Ask(filling.Host, tokens[0], dashboard)
	if err != nil {
		return s, err
	}
	filling.Stop()
	s.answer = len(answer)
	file := filepath.Join(dir, "answer.json")
	if err := os.WriteFile(file, answer, 0o600); err != nil {
		return s, err
	}
	// Each server has a folder of its own, so that none sees another's commits.
	add := func(name string, cmd func(data string) *exec.Cmd, asked func(host string) way) error {
		if only != "" && name != raw && name != rawInBursts && !slices.Contains(strings.Split(only, ";"), name) {
			return nil
		}
		copied := filepath.Join(dir, strings.NewReplacer(" ", "-", ",", "").Replace(name))
		if out, err := exec.Command("cp", "-a", data, copied).CombinedOutput(); err != nil {
			return fmt.Errorf("%w: %s", err, out)
		}
		p, err := run(cmd(copied))
		if err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
		s.subjects = append(s.subjects, &subject{name: name, server: p, asked: asked(p.Host)})
		return nil
	}
	post := func(host string, connection int, body []byte) []byte {
		return rig.Post(host, "/graphql", tokens[connection], body)
	}
	reads := func(host string) way {
		read := [][]byte{post(host, 0, dashboard)}
		return load(func(int64) [][]byte { return read })
	}
	writesAnd := func(after func(host string) []byte) func(string) way {
		return func(host string) way {
			read := after(host)
			return load(func(n int64) [][]byte { return [][]byte{post(host, 0, point(n)), read} })
		}
	}
	glances := func(host string) way {
		return load(func(int64) [][]byte { return [][]byte{rig.Glance(host)} })
	}
	inBursts := func(writes bool) func(string) way {
		return func(host string) way {
			glance := rig.Glance(host)
			b := &bursts{writes: writes}
			b.before = func(int, int64) []byte { return glance }
			if writes {
				b.before = func(connection int, n int64) []byte { return post(host, connection, point(n)) }
			}
			var dashboards [tenants][]byte
			for i := range dashboards {
				dashboards[i] = post(host, i, dashboard)
			}
			b.read = func(connection int) []byte { return dashboards[connection] }
			return b
		}
	}
	mykpi := func(data string) *exec.Cmd { return serve(data) }
	computed := func(data string) *exec.Cmd { return serve(data, "--answer-memory", "0") }
	uncached := func(data string) *exec.Cmd { return serve(data, "--answer-memory", "0", "--document-memory", "0") }
	stock := func(data string) *exec.Cmd { return exec.Command(self, "-serve", "stock", "-data", data) }
	floor := func(string) *exec.Cmd { return exec.Command(self, "-serve", "floor", "-data", file) }
	for _, each := range []struct {
		name  string
		cmd   func(data string) *exec.Cmd
		asked func(host string) way
	}{
		{raw, floor, reads},
		{"MyKPI, repeated", mykpi, reads},
		{"MyKPI, no answer remembered", computed, reads},
		{"MyKPI, nothing kept anywhere", uncached, reads},
		{rawInBursts, floor, inBursts(false)},
		{"MyKPI, repeated, in bursts", mykpi, inBursts(false)},
		{"MyKPI, a write before every read, in bursts", mykpi, inBursts(true)},
		{writeAndRead, mykpi, writesAnd(func(host string) []byte { return post(host, 0, dashboard) })},
		{writeAndGlance, mykpi, writesAnd(rig.Glance)},
		{glanceAlone, mykpi, glances},
		{"gqlgen as it comes", stock, reads},
	} {
		if err := add(each.name, each.cmd, each.asked); err != nil {
			return s, err
		}
	}
	if peers {
		for _, peer := range nodePeers {
			if err := add(peer.name, peer.command(file), reads); err != nil {
				return s, err
			}
		}
	}
	return s, nil
}
