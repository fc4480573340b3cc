package rig

import (
	"bytes"
	"fmt"
	"os/exec"
	"path/filepath"
)

// Build builds MyKPI in a folder and makes a token for a tenant of the data folder.
func Build(dir, data, tenant string) (binary, token string, err error) {
	binary = filepath.Join(dir, "mykpi")
	if out, err := exec.Command("go", "build", "-o", binary, "./cmd/mykpi").CombinedOutput(); err != nil {
		return "", "", fmt.Errorf("go build: %w\n%s", err, out)
	}
	out, err := exec.Command(binary, "token", "--data", data, "--tenant", tenant, "--ttl", "24h").Output()
	if err != nil {
		return "", "", fmt.Errorf("mykpi token: %w", err)
	}
	return binary, string(bytes.TrimSpace(out)), nil
}

// Serve is the command that serves a data folder without limits of rates.
func Serve(binary, data string, more ...string) *exec.Cmd {
	return exec.Command(binary, append([]string{"serve", "--data", data, "--listen", "127.0.0.1:0",
		"--rate-address", "0", "--rate-tenant", "0", "--rate-mutations", "0"}, more...)...)
}
