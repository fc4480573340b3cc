package rig

import (
	"os/exec"

	"github.com/mykpi/mykpi/test/program"
)

// Build builds MyKPI in a folder and makes a token for a tenant of the data folder.
func Build(dir, data, tenant string) (binary, token string, err error) {
	if binary, err = program.Build(dir); err != nil {
		return "", "", err
	}
	token, err = Token(binary, data, tenant)
	return binary, token, err
}

// Token makes a token for a tenant of a data folder, and the tenant where it is new.
func Token(binary, data, tenant string) (string, error) {
	return program.Run(binary, "token", "--data", data, "--tenant", tenant, "--ttl", "24h")
}

// Serve is the command that serves a data folder without limits of rates.
func Serve(binary, data string, more ...string) *exec.Cmd {
	return exec.Command(binary, append([]string{"serve", "--data", data, "--listen", "127.0.0.1:0",
		"--rate-address", "0", "--rate-tenant", "0", "--rate-mutations", "0", "--rate-points", "0"}, more...)...)
}
