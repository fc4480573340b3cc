package dynamolocal

import (
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestServerLivesFromEndpointToStop(t *testing.T) {
	var s Server
	endpoint := s.Endpoint(t)
	if again := s.Endpoint(t); again != endpoint {
		t.Errorf("a second server at %s", again)
	}
	response, err := http.Get(endpoint)
	if err != nil {
		t.Fatal(err)
	}
	if err := response.Body.Close(); err != nil {
		t.Error(err)
	}
	s.Stop()
	s.Stop()
	if _, err := http.Get(endpoint); err == nil {
		t.Error("it answers after Stop")
	}
	new(Server).Stop() // never started
}

func TestMissingJavaSaysWhatToInstall(t *testing.T) {
	t.Setenv("PATH", t.TempDir())
	if _, err := new(Server).start(); err == nil || !strings.Contains(err.Error(), "apt-get install openjdk-17-jre-headless") {
		t.Errorf("%v", err)
	}
}

// The lock file names no package registry, so that each machine uses its own.
func TestLockFileNamesNoHost(t *testing.T) {
	for _, name := range []string{"package.json", "package-lock.json", ".npmrc"} {
		b, err := os.ReadFile(filepath.Join(".", name))
		if err != nil {
			t.Fatal(err)
		}
		if strings.Contains(string(b), "://") {
			t.Errorf("%s holds a URL", name)
		}
	}
}
