package dashboard

import (
	"bytes"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/mykpi/mykpi/eventstore/dynamo/dynamolocal"
	"github.com/mykpi/mykpi/test/program"
)

// These tests need Node, npm, Debian's Chromium and, for DynamoDB Local, Java. What a machine lacks of npm's packages and
// Chromium they install, since CI runs them on a bare one.

// node runs a command in this folder and fails the test where it fails.
func node(t *testing.T, env []string, name string, args ...string) {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), name, args...)
	cmd.Env = append(program.Environment(), env...)
	var out bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &out
	if err := cmd.Run(); err != nil {
		t.Fatalf("%s %q: %v\n%s", name, args, err, out.Bytes())
	}
	t.Logf("%s", out.Bytes())
}

func install(t *testing.T) {
	t.Helper()
	if _, err := os.Stat("node_modules/.package-lock.json"); err != nil {
		node(t, nil, "npm", "ci", "--no-progress")
	}
}

func chromium(t *testing.T) {
	t.Helper()
	if _, err := os.Stat("/usr/bin/chromium"); err != nil && os.Getenv("CHROMIUM") == "" {
		node(t, nil, "apt-get", "update")
		node(t, nil, "apt-get", "install", "-y", "--no-install-recommends", "chromium")
	}
}

func TestSource(t *testing.T) {
	install(t)
	node(t, nil, "npm", "run", "check")
	node(t, nil, "npm", "test")
	node(t, nil, "npm", "run", "generate", "--", "--check")
}

// TestDistIsCurrent holds the committed assets against the source.
func TestDistIsCurrent(t *testing.T) {
	install(t)
	fresh := t.TempDir()
	node(t, nil, "npx", "vite", "build", "--outDir", fresh)
	node(t, nil, "node", "test/budget.mjs")
	documents := filepath.Join(t.TempDir(), "documents.json")
	node(t, nil, "node", "documents.mjs", documents)
	if want, err := os.ReadFile(documents); err != nil {
		t.Fatal(err)
	} else if got, err := os.ReadFile("documents.json"); err != nil || !bytes.Equal(got, want) {
		t.Error("documents.json is not what the source makes: run `npm run build` and commit it")
	}
	seen := map[string]bool{}
	err := filepath.WalkDir(fresh, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		name, err := filepath.Rel(fresh, path)
		if err != nil {
			return err
		}
		seen[name] = true
		want, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		if got, err := os.ReadFile(filepath.Join("dist", name)); err != nil || !bytes.Equal(got, want) {
			t.Errorf("dist/%s is not what the source makes: run `npm run build` and commit dist", name)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	err = filepath.WalkDir("dist", func(path string, entry fs.DirEntry, err error) error {
		if name, _ := filepath.Rel("dist", path); err == nil && !entry.IsDir() && !seen[name] {
			t.Errorf("%s is left over: run `npm run build` and commit dist", path)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

// TestInBrowser runs what depends on the store on both engines, and the rest once: what the page alone decides, its
// pictures, how soon a slow phone shows it, and some seconds of the load of `make bench-page`.
func TestInBrowser(t *testing.T) {
	install(t)
	chromium(t)
	binary, err := program.Build(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	run := func(t *testing.T, env []string, files ...string) {
		node(t, append(env, "MYKPI="+binary), "node", append([]string{"--test", "--test-concurrency=1"}, files...)...)
	}
	t.Run("once", func(t *testing.T) {
		run(t, nil, "test/page.test.mjs", "test/wall.test.mjs", "test/pictures.test.mjs", "test/phone.test.mjs")
		node(t, []string{"MYKPI=" + binary}, "node", "test/load.mjs", "20")
	})
	t.Run("sqlite", func(t *testing.T) {
		run(t, nil, "test/stored.test.mjs")
	})
	t.Run("dynamodb", func(t *testing.T) {
		var local dynamolocal.Server
		t.Cleanup(local.Stop)
		run(t, []string{"MYKPI_STORE=dynamodb", "MYKPI_DYNAMODB_ENDPOINT=" + local.Endpoint(t)}, "test/stored.test.mjs")
	})
}
