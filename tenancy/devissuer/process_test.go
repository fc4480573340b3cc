package devissuer_test

import (
	"os"
	"os/exec"
	"testing"

	"github.com/mykpi/mykpi/tenancy/devissuer"
)

// openInChild tells the test binary to be a process that opens the directory and prints its JWKS.
const openInChild = "DEVISSUER_TEST_OPEN"

func TestMain(m *testing.M) {
	if dir := os.Getenv(openInChild); dir != "" {
		issuer, err := devissuer.Open(dir)
		if err != nil {
			panic(err)
		}
		_, _ = os.Stdout.Write(issuer.JWKS())
		os.Exit(0)
	}
	os.Exit(m.Run())
}

func TestProcessesAgreeOnOneKey(t *testing.T) {
	dir := t.TempDir()
	answers := make(chan string)
	const processes = 4
	for range processes {
		go func() {
			child := exec.Command(os.Args[0])
			child.Env = append(os.Environ(), openInChild+"="+dir)
			answer, err := child.Output()
			if err != nil {
				t.Error(err)
			}
			answers <- string(answer)
		}()
	}
	different := map[string]bool{}
	for range processes {
		different[<-answers] = true
	}
	if !different[string(open(t, dir).JWKS())] || len(different) != 1 {
		t.Errorf("%d processes got %d different keys", processes, len(different))
	}
}
