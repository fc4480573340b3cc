package main

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"os"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"
	"github.com/spf13/cobra"
	"zombiezen.com/go/sqlite"
	"zombiezen.com/go/sqlite/sqlitex"
)

func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){"mykpi": main})
}

// TestScripts runs the scripts of testdata/script: the command line as a person at a terminal meets it. They know, beside
// testscript's own commands:
//
//	await FILE            waits until FILE holds a server's URL, and puts it into $URL
//	get PATH STATUS       asks $URL for PATH
//	graphql TOKEN QUERY   asks $URL with the token in the file TOKEN; - is none
//	sql FILE STATEMENT    changes a database as nobody should
func TestScripts(t *testing.T) {
	testscript.Run(t, testscript.Params{
		Dir:                 "testdata/script",
		RequireExplicitExec: true,
		RequireUniqueNames:  true,
		Cmds: map[string]func(*testscript.TestScript, bool, []string){
			"await": await, "get": get, "graphql": askGraphQL, "sql": changeDatabase,
		},
	})
}

// TestEveryCommandHasExamples holds commands to come to what --help promises.
func TestEveryCommandHasExamples(t *testing.T) {
	var walk func(c *cobra.Command)
	walk = func(c *cobra.Command) {
		if c.Short == "" || c.Example == "" {
			t.Errorf("%s: --help shows no examples", c.CommandPath())
		}
		for _, example := range strings.Split(strings.TrimSpace(c.Example), "\n") {
			if !strings.Contains(example, "mykpi ") {
				t.Errorf("%s: %q is no command to paste", c.CommandPath(), example)
			}
		}
		for _, sub := range c.Commands() {
			walk(sub)
		}
	}
	walk(newRoot(os.LookupEnv))
}

var serverURL = regexp.MustCompile(`http://127\.0\.0\.1:\d+`)

func await(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 1 {
		ts.Fatalf("usage: await FILE")
	}
	for end := time.Now().Add(time.Minute); time.Now().Before(end); time.Sleep(20 * time.Millisecond) {
		text, err := os.ReadFile(ts.MkAbs(args[0]))
		if url := serverURL.Find(text); err == nil && url != nil {
			ts.Setenv("URL", string(url))
			return
		}
	}
	text, err := os.ReadFile(ts.MkAbs(args[0]))
	ts.Fatalf("no URL in %s: %s %v", args[0], text, err)
}

func get(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 2 {
		ts.Fatalf("usage: get PATH STATUS")
	}
	response, err := http.Get(ts.Getenv("URL") + args[0])
	ts.Check(err)
	show(ts, response)
	if status := fmt.Sprint(response.StatusCode); status != args[1] {
		ts.Fatalf("status %s, want %s", status, args[1])
	}
}

func askGraphQL(ts *testscript.TestScript, neg bool, args []string) {
	if len(args) != 2 {
		ts.Fatalf("usage: graphql TOKEN QUERY")
	}
	body, err := json.Marshal(map[string]string{"query": args[1]})
	ts.Check(err)
	request, err := http.NewRequest(http.MethodPost, ts.Getenv("URL")+"/graphql", strings.NewReader(string(body)))
	ts.Check(err)
	request.Header.Set("Content-Type", "application/json")
	if args[0] != "-" {
		request.Header.Set("Authorization", "Bearer "+strings.TrimSpace(ts.ReadFile(args[0])))
	}
	response, err := http.DefaultClient.Do(request)
	ts.Check(err)
	if failed := strings.Contains(show(ts, response), `"errors"`); failed != neg {
		ts.Fatalf("errors: %v", failed)
	}
}

// show prints a response for the script's next line to match, and answers its text.
func show(ts *testscript.TestScript, response *http.Response) string {
	defer response.Body.Close()
	text, err := io.ReadAll(response.Body)
	ts.Check(err)
	fmt.Fprintf(ts.Stdout(), "%s\n", text)
	return string(text)
}

func changeDatabase(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 2 {
		ts.Fatalf("usage: sql FILE STATEMENT")
	}
	conn, err := sqlite.OpenConn(ts.MkAbs(args[0]), sqlite.OpenReadWrite)
	ts.Check(err)
	ts.Check(sqlitex.ExecuteScript(conn, args[1], nil))
	ts.Check(conn.Close())
}
