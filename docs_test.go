package mykpi

import (
	"os"
	"regexp"
	"strings"
	"testing"
)

// What the map names is there.
func TestArchitectureNamesWhatExists(t *testing.T) {
	text, err := os.ReadFile("ARCHITECTURE.md")
	if err != nil {
		t.Fatal(err)
	}
	named := 0
	for _, match := range regexp.MustCompile("`([a-z]+(?:/[a-z0-9_.]+)*/?|[a-z_]+\\.go)`").FindAllStringSubmatch(string(text), -1) {
		path := match[1]
		if !strings.Contains(path, "/") && !strings.HasSuffix(path, ".go") {
			continue
		}
		named++
		// The table names what is below charts/ by its last part.
		if _, err := os.Stat(path); err != nil {
			if _, err := os.Stat("charts/" + path); err != nil {
				t.Errorf("ARCHITECTURE.md names %s, which is not there", path)
			}
		}
	}
	if named < 15 {
		t.Errorf("found only %d names in ARCHITECTURE.md: is the pattern still right?", named)
	}
	if lines := strings.Count(string(text), "\n"); lines > 60 {
		t.Errorf("ARCHITECTURE.md has %d lines: it is to be one screen", lines)
	}
}
