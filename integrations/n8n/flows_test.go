// Package n8n_test keeps the flows of this folder valid: what they ask is in the schema, and what they name is there.
package n8n_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/vektah/gqlparser/v2"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/validator/rules"
)

type flow struct {
	Name        string
	Nodes       []node
	Connections map[string]map[string][][]struct{ Node, Type string }
	Settings    struct{ ExecutionOrder string }
}

type node struct {
	ID, Name, Type string
	WebhookID      string
	Parameters     map[string]any
	Credentials    map[string]struct{ ID, Name string }
	RetryOnFail    bool
}

func schema(t *testing.T) *ast.Schema {
	t.Helper()
	files, err := filepath.Glob("../../schema/*.graphqls")
	if err != nil || len(files) == 0 {
		t.Fatal("there is no schema", err)
	}
	var sources []*ast.Source
	for _, f := range files {
		text, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		sources = append(sources, &ast.Source{Name: f, Input: string(text)})
	}
	return gqlparser.MustLoadSchema(sources...)
}

func flows(t *testing.T) map[string]flow {
	t.Helper()
	files, err := filepath.Glob("*.json")
	if err != nil {
		t.Fatal(err)
	}
	found := map[string]flow{}
	for _, name := range files {
		text, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		var f flow
		if err := json.Unmarshal(text, &f); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		found[strings.TrimSuffix(name, ".json")] = f
	}
	if len(found) < 6 {
		t.Fatalf("only %d flows", len(found))
	}
	return found
}

var (
	named    = regexp.MustCompile(`\$\('([^']+)'\)`)
	variable = regexp.MustCompile(`[{,] (\w+):`)
)

func TestFlows(t *testing.T) {
	s := schema(t)
	readme, err := os.ReadFile("README.md")
	if err != nil {
		t.Fatal(err)
	}
	for name, f := range flows(t) {
		t.Run(name, func(t *testing.T) {
			if page, err := os.ReadFile(name + ".md"); err != nil || !strings.Contains(string(page), "(") || !strings.Contains(string(readme), name+".md") {
				t.Errorf("there is no page, or README.md does not lead to it: %v", err)
			}
			nodes := map[string]node{}
			ids := map[string]bool{}
			for _, n := range f.Nodes {
				if _, twice := nodes[n.Name]; twice || ids[n.ID] || n.ID == "" || n.Name == "" {
					t.Errorf("%q %q is not the only one of its name and ID", n.ID, n.Name)
				}
				nodes[n.Name], ids[n.ID] = n, true
			}
			for from, outputs := range f.Connections {
				if _, ok := nodes[from]; !ok {
					t.Errorf("a connection comes from %q, which is not there", from)
				}
				for _, to := range outputs["main"] {
					for _, c := range to {
						if _, ok := nodes[c.Node]; !ok || c.Type != "main" {
							t.Errorf("a connection goes to %q, which is not there", c.Node)
						}
					}
				}
			}
			for _, n := range f.Nodes {
				checkNode(t, s, nodes, n)
			}
			if f.Settings.ExecutionOrder != "v1" || f.Name == "" {
				t.Error("n8n asks for a name and an execution order")
			}
		})
	}
}

func checkNode(t *testing.T, s *ast.Schema, nodes map[string]node, n node) {
	t.Helper()
	text, err := json.Marshal(n.Parameters)
	if err != nil {
		t.Fatal(err)
	}
	for _, m := range named.FindAllStringSubmatch(string(text), -1) {
		if _, ok := nodes[m[1]]; !ok {
			t.Errorf("%s speaks of %q, which is not there", n.Name, m[1])
		}
	}
	if n.Type == "n8n-nodes-base.stripeTrigger" && n.WebhookID == "" {
		t.Errorf("%s has no webhookId: n8n would make its address of the node's name, and not find it again", n.Name)
	}
	address, _ := n.Parameters["endpoint"].(string)
	if url, ok := n.Parameters["url"].(string); ok {
		address = url
	}
	if strings.Contains(address, ".mykpi }}") && (!n.RetryOnFail || n.Credentials["httpHeaderAuth"].Name == "") {
		t.Errorf("%s asks MyKPI without a credential, or does not try again", n.Name)
	}
	if strings.Contains(string(text), "Bearer ") || strings.Contains(string(text), "mykpi_") {
		t.Errorf("%s holds a secret", n.Name)
	}
	if n.Type != "n8n-nodes-base.graphql" {
		return
	}
	query, _ := n.Parameters["query"].(string)
	document, errs := gqlparser.LoadQueryWithRules(s, query, rules.NewDefaultRules())
	if errs != nil {
		t.Errorf("%s: %v", n.Name, errs)
		return
	}
	given, _ := n.Parameters["variables"].(string)
	first := ""
	if m := variable.FindStringSubmatch(given); m != nil {
		first = m[1]
	}
	for _, v := range document.Operations[0].VariableDefinitions {
		if first != v.Variable {
			t.Errorf("%s: the variable %q is not given by %q", n.Name, v.Variable, given)
		}
	}
	input := s.Types["RecordDataPointsInput"]
	if strings.Contains(query, "recordDataPoints") {
		for _, m := range regexp.MustCompile(`, (\w+):`).FindAllStringSubmatch(given, -1) {
			if input.Fields.ForName(m[1]) == nil {
				t.Errorf("%s: RecordDataPointsInput has no field %q", n.Name, m[1])
			}
		}
	}
}
