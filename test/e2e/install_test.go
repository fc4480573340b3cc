package e2e

import (
	"encoding/csv"
	"os"
	"os/exec"
	"path/filepath"
	"sync"
	"testing"
)

// datasets is the folder of vega-datasets' files, installed where it is missing.
var datasets = sync.OnceValues(func() (string, error) {
	// npm writes its own lock file last: with it the installation is whole.
	if _, err := os.Stat(filepath.Join("node_modules", ".package-lock.json")); err != nil {
		install := exec.Command("npm", "ci")
		install.Stdout, install.Stderr = os.Stderr, os.Stderr
		if err := install.Run(); err != nil {
			return "", err
		}
	}
	return filepath.Join("node_modules", "vega-datasets", "data"), nil
})

// readCSV reads a file of vega-datasets: one map of column to text for each row.
func readCSV(tb testing.TB, name string) []map[string]string {
	tb.Helper()
	folder, err := datasets()
	if err != nil {
		tb.Fatalf("npm ci in test/e2e: %v (apt-get install npm)", err)
	}
	file, err := os.Open(filepath.Join(folder, name))
	if err != nil {
		tb.Fatal(err)
	}
	defer file.Close()
	lines, err := csv.NewReader(file).ReadAll()
	if err != nil {
		tb.Fatalf("%s: %v", name, err)
	}
	rows := make([]map[string]string, len(lines)-1)
	for i, line := range lines[1:] {
		rows[i] = map[string]string{}
		for j, column := range lines[0] {
			rows[i][column] = line[j]
		}
	}
	return rows
}
