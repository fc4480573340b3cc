package isolation

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/mykpi/mykpi/test/program"
)

// mutants break the server on purpose, each by other text in one of its files. They are overlays of the build, so that
// the product has no seam for them.
var mutants = []struct{ what, file, old, new, leaf, found string }{
	{
		what: "the store looks for a missing document in other tenants",
		file: "cmd/mykpi/core.go",
		old:  "return newCore(store), nil", new: "return newCore(leak{store}), nil",
		leaf: "Query.chart(by.key)", found: "tells B's chart keys",
	},
	{
		what: "an error tells that a key is another tenant's",
		file: "cmd/mykpi/core.go",
		old:  "return newCore(store), nil", new: "return newCore(gossip{store}), nil",
		leaf: "Mutation.revokeApiKey(input.id)", found: "tells B's API key IDs",
	},
}

// leaks are the stores of the mutants, a file beside those of the server.
const leaks = `package main

import (
	"context"
	"errors"
	"strings"

	"github.com/mykpi/mykpi/eventstore"
	"github.com/mykpi/mykpi/tenancy"
)

type leak struct{ eventstore.Store }

func (l leak) Documents(ctx context.Context, id tenancy.ID, spans ...eventstore.Span) ([][]eventstore.Document, error) {
	answers, err := l.Store.Documents(ctx, id, spans...)
	if err != nil {
		return nil, err
	}
	others, err := l.Tenants(ctx, tenancy.ID{}, 100)
	for i, span := range spans {
		kind, _, _ := strings.Cut(span.Key.Name, "#")
		for _, other := range others {
			if len(answers[i]) > 0 || span.To != "" || kind != "KEY" && kind != "CHART" && kind != "NOW" {
				break
			}
			found, err := l.Store.Documents(ctx, other, span)
			if err != nil {
				return nil, err
			}
			answers[i] = found[0]
		}
	}
	return answers, err
}

type gossip struct{ eventstore.Store }

func (g gossip) Documents(ctx context.Context, id tenancy.ID, spans ...eventstore.Span) ([][]eventstore.Document, error) {
	answers, err := g.Store.Documents(ctx, id, spans...)
	if err != nil || !strings.HasPrefix(spans[0].Key.Name, "SECRET#key") || len(answers[0]) > 0 {
		return answers, err
	}
	others, err := g.Tenants(ctx, tenancy.ID{}, 100)
	for _, other := range others {
		if found, err := g.Store.Documents(ctx, other, spans...); err == nil && len(found[0]) > 0 {
			return nil, errors.New("it is another tenant's")
		}
	}
	return answers, err
}
`

func TestABrokenReaderIsFound(t *testing.T) {
	for _, m := range mutants {
		t.Run(m.what, func(t *testing.T) {
			mutant, err := program.Build(t.TempDir(), "-overlay", overlay(t, m.file, m.old, m.new))
			if err != nil {
				t.Fatalf("the mutant does not build: %v", err)
			}
			_, violations := prove(t, loadSchema(t), start(t, mutant, onSQLite, generous...), m.leaf)
			for _, v := range violations {
				if strings.HasPrefix(v, m.leaf+" "+m.found) {
					return
				}
			}
			t.Errorf("the proof does not find it: %q", violations)
		})
	}
}

// overlay replaces a text in one file, and adds the mutants' stores.
func overlay(t *testing.T, file, old, new string) string {
	t.Helper()
	root, err := filepath.Abs("../..")
	if err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile(filepath.Join(root, file))
	if err != nil {
		t.Fatal(err)
	}
	if strings.Count(string(text), old) != 1 {
		t.Fatalf("%s has changed: say anew where to break it, %q is there %d times", file, old, strings.Count(string(text), old))
	}
	dir := t.TempDir()
	write := func(name, text string) string {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	replaced, err := json.Marshal(map[string]any{"Replace": map[string]string{
		filepath.Join(root, file):                 write("mutated.go", strings.Replace(string(text), old, new, 1)),
		filepath.Join(root, "cmd/mykpi/leaks.go"): write("leaks.go", leaks),
	}})
	if err != nil {
		t.Fatal(err)
	}
	return write("overlay.json", string(replaced))
}
