// Package mykpi holds the test of the house's laws of imports. It has no code.
package mykpi

import (
	"encoding/json"
	"io"
	"os/exec"
	"slices"
	"strings"
	"testing"

	"github.com/mykpi/mykpi/charts/transfer"
)

const module = "github.com/mykpi/mykpi"

// laws says what each package may import, besides the standard library: packages of this module by their folder, others
// by a prefix of their path. A folder that ends in /... is all below it. Tests may import what they like.
//
// The reasons: the heart (charts) and the waist (eventstore) know no driver, no HTTP, no GraphQL and no AWS, so that they
// can be tested alone and outlive them; engines know no charts; graph knows no store; wiring is in cmd alone.
var laws = map[string][]string{
	"tenancy":                       {},
	"rawjson":                       {},
	"lru":                           {"github.com/hashicorp/golang-lru/"},
	"eventstore":                    {"tenancy"},
	"charts":                        {"tenancy"},
	"charts/projection":             {"charts", "eventstore"},
	"charts/journal":                {"charts", "charts/projection", "eventstore", "tenancy", "tenancy/directory", "golang.org/x/sync/singleflight", "lru"},
	"charts/command":                {"charts", "charts/journal", "charts/projection", "eventstore", "rawjson", "tenancy"},
	"charts/query":                  {"charts", "charts/journal", "charts/projection", "eventstore", "eventstore/versions", "tenancy", "tenancy/directory", "tenancy/turns", "lru"},
	"charts/transfer":               {"charts", "charts/journal", "charts/projection", "charts/query", "eventstore", "tenancy"},
	"charts/live":                   {"charts", "charts/journal", "charts/query", "tenancy"},
	"cluster":                       {"charts", "charts/journal", "tenancy", "github.com/nats-io/nats.go"},
	"eventstore/storetest":          {"eventstore", "tenancy", "pgregory.net/rapid"},
	"eventstore/versions":           {"eventstore", "tenancy"},
	"eventstore/sqlite":             {"eventstore", "tenancy", "zombiezen.com/go/sqlite"},
	"eventstore/dynamo":             {"eventstore", "tenancy", "github.com/aws/", "github.com/guregu/dynamo/", "golang.org/x/sync/errgroup"},
	"eventstore/dynamo/dynamolocal": {"github.com/aws/", "golang.org/x/sys/"},
	"eventstore/dynamo/meter":       {"github.com/aws/", "github.com/guregu/dynamo/"},
	"tenancy/directory":             {"charts", "eventstore", "tenancy"},
	"tenancy/recall":                {"github.com/hashicorp/golang-lru/"},
	"tenancy/access":                {"eventstore", "tenancy", "tenancy/directory", "tenancy/httpauth", "tenancy/members", "tenancy/recall"},
	"tenancy/apikey":                {"eventstore", "tenancy", "tenancy/httpauth", "tenancy/recall"},
	"tenancy/members":               {"eventstore", "tenancy", "tenancy/httpauth"},
	"tenancy/turns":                 {"tenancy"},
	"tenancy/quota":                 {"eventstore", "tenancy", "tenancy/directory"},
	"tenancy/httpauth":              {"tenancy"},
	"tenancy/cognito":               {"tenancy", "tenancy/httpauth", "github.com/MicahParks/", "github.com/golang-jwt/", "github.com/hashicorp/golang-lru/"},
	"tenancy/devissuer":             {"tenancy", "tenancy/cognito", "github.com/golang-jwt/"},
	"graph":                         {"graph/...", "charts", "charts/command", "charts/live", "charts/query", "ingest/source", "tenancy", "tenancy/apikey", "tenancy/directory", "tenancy/httpauth", "tenancy/members", "tenancy/quota", "github.com/99designs/gqlgen/", "github.com/vektah/gqlparser/"},
	"graph/graphiql":                {},
	"graph/internal/...":            {"graph/...", "charts", "charts/command", "charts/live", "charts/query", "ingest/source", "tenancy", "tenancy/apikey", "tenancy/directory", "tenancy/members", "tenancy/quota", "github.com/99designs/gqlgen/", "github.com/vektah/gqlparser/"},
	"graph/memory":                  {"lru", "onewrite", "tenancy", "tenancy/httpauth", "github.com/99designs/gqlgen/", "github.com/vektah/gqlparser/"},
	"graph/plan":                    {"graph/transport", "github.com/99designs/gqlgen/", "github.com/vektah/gqlparser/", "github.com/hashicorp/golang-lru/"},
	"graph/plan/plugin":             {"github.com/99designs/gqlgen/", "github.com/vektah/gqlparser/"},
	"graph/transport":               {"graph/transport/...", "github.com/99designs/gqlgen/", "github.com/vektah/gqlparser/", "github.com/gorilla/websocket", "github.com/klauspost/compress/", "lru", "onewrite"},
	"graph/transport/...":           {"graph/transport/...", "github.com/99designs/gqlgen/", "github.com/vektah/gqlparser/"},
	"dashboard":                     {},
	"onewrite":                      {},
	"patience":                      {},
	"yield":                         {},
	"ingest":                        {"ingest/source", "patience", "charts", "charts/command", "rawjson", "tenancy", "tenancy/directory", "tenancy/httpauth", "github.com/go-json-experiment/json/jsontext"},
	"ingest/source":                 {"charts", "charts/command", "charts/journal", "eventstore", "tenancy", "github.com/google/cel-go/", "github.com/hashicorp/golang-lru/"},
	"cmd/mykpi":                     {"..."},
	"test/...":                      {"..."},
	"bench/...":                     {"..."},
}

// forbidden is what the packages of the heart and the waist must not reach by any way, the standard library included.
var forbidden = map[string][]string{
	"charts/...": {"net/http", "database/sql", "github.com/99designs/", "github.com/vektah/", "github.com/aws/", "github.com/guregu/", "zombiezen.com/"},
	"eventstore": {"net/http", "database/sql", "github.com/99designs/", "github.com/vektah/", "github.com/aws/", "github.com/guregu/", "zombiezen.com/"},
	"tenancy":    {"net/http"},
	"graph/...":  {module + "/eventstore/sqlite", module + "/eventstore/dynamo", "github.com/aws/", "zombiezen.com/"},
}

type goPackage struct {
	ImportPath string
	GoFiles    []string
	Imports    []string
	Deps       []string
	Standard   bool
}

func TestImportsFollowTheLaws(t *testing.T) {
	used := map[string]bool{}
	for _, p := range listPackages(t) {
		folder := strings.TrimPrefix(strings.TrimPrefix(p.ImportPath, module), "/")
		if len(p.GoFiles) == 0 {
			continue // tests alone
		}
		law, ok := lawOf(folder)
		if !ok {
			t.Errorf("package %s has no row in laws: say what it may import, and why it is a package of its own", folder)
			continue
		}
		used[law] = true
		for _, imported := range p.Imports {
			if !allowed(imported, laws[law]) {
				t.Errorf("%s imports %s, which its row in laws does not allow", folder, imported)
			}
		}
		for pattern, paths := range forbidden {
			if !matches(pattern, folder) {
				continue
			}
			for _, dep := range p.Deps {
				if slices.ContainsFunc(paths, func(f string) bool { return dep == f || strings.HasSuffix(f, "/") && strings.HasPrefix(dep, f) }) {
					t.Errorf("%s reaches %s", folder, dep)
				}
			}
		}
	}
	for law := range laws {
		if !used[law] {
			t.Errorf("the row %s of laws is used by no package: remove it", law)
		}
	}
}

// Only packages that verify a caller, and the command line, may make an Identity.
func TestIdentitiesAreMadeByVerifiersAlone(t *testing.T) {
	out, err := exec.Command("grep", "-rl", "--include=*.go", "--exclude=*_test.go", `tenancy\.Verified(`, ".").Output()
	if err != nil {
		t.Fatalf("grep: %v", err)
	}
	for _, file := range strings.Fields(string(out)) {
		folder := strings.TrimPrefix(file[:strings.LastIndexByte(file, '/')], "./")
		switch folder {
		case "tenancy/cognito", "tenancy/apikey", "tenancy/members", "cmd/mykpi", "ingest/source": // a source is verified by its signature
		default:
			if !strings.HasPrefix(folder, "test") && !strings.HasPrefix(folder, "bench") {
				t.Errorf("%s makes an Identity", file)
			}
		}
	}
}

// Every kind of stream is one that a copy of a tenant takes along.
func TestEveryKindOfStreamIsCopied(t *testing.T) {
	out, err := exec.Command("grep", "-rhoE", "--include=*.go", "--exclude=*_test.go", "--exclude-dir=storetest", `Stream\{Kind: "[A-Z]+"`, ".").Output()
	if err != nil {
		t.Fatalf("grep: %v", err)
	}
	for found := range strings.Lines(string(out)) {
		kind := strings.Split(found, `"`)[1]
		if !slices.Contains(transfer.Kinds(), kind) {
			t.Errorf("transfer.Kinds has no %s", kind)
		}
	}
}

func lawOf(folder string) (string, bool) {
	if _, ok := laws[folder]; ok {
		return folder, true
	}
	best := ""
	for law := range laws {
		if strings.HasSuffix(law, "/...") && matches(law, folder) && len(law) > len(best) {
			best = law
		}
	}
	return best, best != ""
}

// matches reports whether a folder is one that a pattern names.
func matches(pattern, folder string) bool {
	if above, ok := strings.CutSuffix(pattern, "..."); ok {
		return strings.HasPrefix(folder+"/", above)
	}
	return folder == pattern
}

func allowed(imported string, law []string) bool {
	folder, ours := strings.CutPrefix(imported, module+"/")
	if !ours && !strings.Contains(strings.Split(imported, "/")[0], ".") {
		return true // the standard library
	}
	return slices.ContainsFunc(law, func(entry string) bool {
		switch {
		case entry == "...":
			return true
		case ours:
			return matches(entry, folder)
		}
		return imported == entry || strings.HasPrefix(imported, strings.TrimSuffix(entry, "/")+"/")
	})
}

func listPackages(t *testing.T) []goPackage {
	t.Helper()
	out, err := exec.Command("go", "list", "-json=ImportPath,GoFiles,Imports,Deps,Standard", "./...").Output()
	if err != nil {
		t.Fatalf("go list: %v", err)
	}
	var packages []goPackage
	for decoder := json.NewDecoder(strings.NewReader(string(out))); ; {
		var p goPackage
		if err := decoder.Decode(&p); err == io.EOF {
			return packages
		} else if err != nil {
			t.Fatalf("go list: %v", err)
		}
		packages = append(packages, p)
	}
}
