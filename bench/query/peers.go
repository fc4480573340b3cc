package main

import "os/exec"

// peer is a server of another make.
type peer struct{ name, file string }

// nodePeers serve the schema's part that the dashboard asks, from the answer in memory. Their versions are those of
// package-lock.json.
var nodePeers = []peer{
	{"Mercurius JIT, dates as strings", "mercurius.mjs"},
	{"GraphQL Yoga", "yoga.mjs"},
	{"Apollo Server", "apollo.mjs"},
}

func (p peer) command(answer string) func(string) *exec.Cmd {
	return func(string) *exec.Cmd { return exec.Command("node", "bench/query/peers/"+p.file, answer) }
}
