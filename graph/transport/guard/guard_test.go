package guard_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/99designs/gqlgen/graphql"
	"github.com/99designs/gqlgen/graphql/executor"
	"github.com/vektah/gqlparser/v2"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"

	"github.com/mykpi/mykpi/graph/transport/guard"
)

var schema = gqlparser.MustLoadSchema(&ast.Source{Input: `
type Query { charts(first: Int = 50): Charts! members: [Member!]! sized: [Member!]! q: Query a: Int b: Int c(x: Int): Int pages(first: Int, last: Int): Charts! }
type Charts { nodes: [Chart!]! edges: [Edge!]! }
type Edge { node: Chart! }
type Chart { id: ID! trend: [Int!]! parts: [Part!]! }
type Part { id: ID! }
type Member { id: ID! }
type Mutation { m(x: Int): Int }
`})

type executable struct{}

func (executable) Schema() *ast.Schema { return schema }
func (executable) Complexity(context.Context, string, string, int, map[string]any) (int, bool) {
	return 0, false
}
func (executable) Exec(context.Context) graphql.ResponseHandler { return nil }

func newExecutor(o guard.Options) *executor.Executor {
	e := executor.New(executable{})
	e.SetDisableSuggestion(true)
	e.Use(guard.New(o))
	return e
}

// check is what a server with the guard says to a query before it runs.
func check(t testing.TB, o guard.Options, query string, vars map[string]any) gqlerror.List {
	t.Helper()
	_, errs := newExecutor(o).CreateOperationContext(graphql.StartOperationTrace(context.Background()), &graphql.RawParams{Query: query, Variables: vars})
	return errs
}

// bomb is n fragments, each of which spreads the next twice.
func bomb(n int, body string) string {
	var b strings.Builder
	b.WriteString("{...f0}")
	for i := range n {
		fmt.Fprintf(&b, " fragment f%d on Query{"+body+"}", i, i+1, i+1)
	}
	fmt.Fprintf(&b, " fragment f%d on Query{a}", n)
	return b.String()
}

func aliased(n int, field string) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, " x%d:%s", i, field)
	}
	return b.String()
}

func TestAttacks(t *testing.T) {
	deep := func(n int) string { return strings.Repeat("{q", n-1) + "{a" + strings.Repeat("}", n) }
	for _, c := range []struct{ name, query, code, says string }{
		{"plain", "{a}", "", ""},
		{"30 aliases", "{q{" + aliased(30, "a") + "}}", "", ""},
		{"31 aliases", "{q{" + aliased(31, "a") + "}}", "QUERY_TOO_COMPLEX", "aliases 31, and at most 30"},
		{"101 aliases", "{" + aliased(101, "a") + "}", "QUERY_TOO_COMPLEX", "root fields 101, and at most 20"},
		{"20 root fields", "{" + aliased(20, "a") + "}", "", ""},
		{"root fields by fragments", "{...f ...f} fragment f on Query{" + aliased(11, "a") + "}", "QUERY_TOO_COMPLEX", "root fields 22"},
		{"30 directives", "{q{a" + strings.Repeat(" q@skip(if:true){a}", 15) + strings.Repeat(" ...@skip(if:true){b}", 15) + "}}", "", ""},
		{"31 directives", "{q{a" + strings.Repeat(" ...@skip(if:true){b}", 31) + "}}", "QUERY_TOO_COMPLEX", "directives 31"},
		{"10,000 directives", "{a" + strings.Repeat("@a", 10000) + "}", "QUERY_TOO_COMPLEX", "bytes 20003, and at most 16384"},
		{"directives on a fragment", "{a ...f} fragment f on Query" + strings.Repeat("@a", 31) + "{b}", "QUERY_TOO_COMPLEX", "directives 31"},
		{"directives on a variable's operation", "query" + strings.Repeat("@a", 31) + "{b}", "QUERY_TOO_COMPLEX", "directives 31"},
		{"depth 12", deep(12), "", ""},
		{"depth 13", deep(13), "QUERY_TOO_COMPLEX", "depth 13, and at most 12"},
		{"depth by fragments", "{q{q{q{q{q{q{...f}}}}}}} fragment f on Query{q{q{q{q{q{q{a}}}}}}}", "QUERY_TOO_COMPLEX", "depth 13"},
		{"depth in an operation that is not run", "query a{a} query b" + deep(50), "QUERY_TOO_COMPLEX", "depth 50"},
		{"one field 10,000 times", "{" + strings.Repeat("a ", 10000) + "}", "QUERY_TOO_COMPLEX", "bytes"},
		{"one field 1,990 times", "{q{" + strings.Repeat("a ", 1990) + "}}", "QUERY_TOO_COMPLEX", "repeats of one field 1990, and at most 300"},
		{"2,001 tokens", "{" + strings.Repeat("a,", 1999) + "}", "QUERY_TOO_COMPLEX", "tokens 2001, and at most 2000"},
		{"fragment bomb", bomb(30, "...f%d ...f%d"), "QUERY_TOO_COMPLEX", "beyond counting"},
		{"nested fragment bomb", bomb(9, "q{...f%d} q{...f%d}"), "", ""},
		{"nested fragment bomb by cost", bomb(10, "q{...f%d} q{...f%d} members{id}"), "QUERY_TOO_COMPLEX", "cost"},
		{"cycle", "{...f} fragment f on Query{a ...f}", "GRAPHQL_VALIDATION_FAILED", "Cannot spread"},
		{"cycle by two", "{...f} fragment f on Query{q{...g}} fragment g on Query{q{...f}}", "GRAPHQL_VALIDATION_FAILED", "Cannot spread"},
		{"unused fragment", "{a} fragment f on Query{" + aliased(31, "a") + "}", "QUERY_TOO_COMPLEX", "aliases 31"},
		{"@defer", "{...@defer{a}}", "BAD_USER_INPUT", "@defer"},
		{"@stream", "{members @stream{id}}", "BAD_USER_INPUT", "@stream"},
		{"syntax", "{", "GRAPHQL_PARSE_FAILED", ""},
		{"no token", "{a \x00}", "GRAPHQL_PARSE_FAILED", ""},
		{"typo", "{chart{id}}", "GRAPHQL_VALIDATION_FAILED", "Cannot query field"},
		{"million", "{charts(first:1000000){nodes{id}}}", "QUERY_TOO_COMPLEX", "cost 2000001, and at most 10000"},
		{"schema", "{__schema{types{name}}}", "FORBIDDEN", "schema"},
		{"schema in a fragment", "{...f} fragment f on Query{__type(name:\"Query\"){name}}", "FORBIDDEN", "schema"},
		{"typename", "{__typename}", "", ""},
	} {
		errs := check(t, guard.Options{}, c.query, nil)
		switch {
		case c.code == "" && errs != nil:
			t.Errorf("%s: %v", c.name, errs)
		case c.code != "" && (len(errs) == 0 || errs[0].Extensions["code"] != c.code || !strings.Contains(errs[0].Message, c.says)):
			t.Errorf("%s: %v, want %s %s", c.name, errs, c.code, c.says)
		case len(errs) > 0 && strings.Contains(errs[0].Message, "Did you mean"):
			t.Errorf("%s: a suggestion: %v", c.name, errs)
		}
	}
}

func TestCost(t *testing.T) {
	for _, c := range []struct {
		query string
		vars  map[string]any
		cost  int
	}{
		{"{a}", nil, 1},
		{"{a b q{a}}", nil, 4},
		{"{charts{nodes{id}}}", nil, 1 + 50*(1+1)},
		{"{charts(first:7){nodes{id trend}}}", nil, 1 + 7*(1+2)},
		{"{charts(first:7){edges{node{id}}}}", nil, 1 + 7*(1+1*(1+1))},
		{"{charts(first:7){nodes{parts{id}}}}", nil, 1 + 7*(1+1+10*1)},
		{"query($n:Int){charts(first:$n){nodes{id}}}", map[string]any{"n": 3}, 1 + 3*2},
		{"query($n:Int=4){charts(first:$n){nodes{id}}}", nil, 1 + 4*2},
		{"query($n:Int){charts(first:$n){nodes{id}}}", nil, 1 + 50*2},
		{"{charts(first:-5){nodes{id}}}", nil, 1 + 1*2},
		{"{charts(first:0){nodes{id}}}", nil, 1 + 1*2},
		{"{pages(last:3){nodes{id}}}", nil, 1 + 3*2},
		{"{pages{nodes{id}}}", nil, 1 + 20*2},
		{"{members{id}}", nil, 1 + 10},
		{"{sized{id}}", nil, 1 + 200},
		{"{charts(first:1001){nodes{id}}}", nil, 1 + 1000*2},
		{"{charts(first:7){...f}} fragment f on Charts{nodes{id}}", nil, 1 + 7*2},
		{"{charts(first:7){...{nodes{...f ...f}}}} fragment f on Chart{id}", nil, 1 + 7*3},
	} {
		o := guard.Options{Limits: guard.Limits{Cost: 1, PageSize: 20, MaxPageSize: 1000}, Sizes: map[string]int{"Query.sized": 200}}
		if c.cost == 1 {
			if errs := check(t, o, c.query, c.vars); errs != nil {
				t.Errorf("%s: %v", c.query, errs)
			}
			continue
		}
		errs := check(t, o, c.query, c.vars)
		if want := fmt.Sprintf("cost %d, and at most 1 ", c.cost); len(errs) == 0 || !strings.Contains(errs[0].Message, want) {
			t.Errorf("%s: %v, want %s", c.query, errs, want)
		}
	}
}

func TestIntrospection(t *testing.T) {
	o := guard.Options{Introspect: func(context.Context) error { return nil }}
	// What GraphiQL and code generators ask.
	const full = `query IntrospectionQuery { __schema { queryType { name } types { ...FullType } directives { name args { ...InputValue } } } }
		fragment FullType on __Type { kind name fields(includeDeprecated: true) { name args { ...InputValue } type { ...TypeRef } } inputFields { ...InputValue } interfaces { ...TypeRef } enumValues(includeDeprecated: true) { name } possibleTypes { ...TypeRef } }
		fragment InputValue on __InputValue { name type { ...TypeRef } defaultValue }
		fragment TypeRef on __Type { kind name ofType { kind name ofType { kind name ofType { kind name ofType { kind name ofType { kind name ofType { kind name ofType { kind name ofType { kind name ofType { kind name } } } } } } } } } }`
	op, errs := newExecutor(o).CreateOperationContext(graphql.StartOperationTrace(context.Background()), &graphql.RawParams{Query: full})
	if errs != nil || op.DisableIntrospection {
		t.Errorf("%v, disabled: %v", errs, op.DisableIntrospection)
	}
	circular := "{__schema{types" + strings.Repeat("{fields{type", 10) + "{name}" + strings.Repeat("}}", 10) + "}}"
	if errs := check(t, o, circular, nil); errs == nil {
		t.Error("circular introspection was let through")
	}
	op, errs = newExecutor(o).CreateOperationContext(graphql.StartOperationTrace(context.Background()), &graphql.RawParams{Query: "{a}"})
	if errs != nil || !op.DisableIntrospection {
		t.Errorf("%v, disabled: %v", errs, op.DisableIntrospection)
	}
}

func TestMutationsAreCounted(t *testing.T) {
	counted := 0
	o := guard.Options{Mutations: func(_ context.Context, n int) error {
		counted += n
		if counted > 20 {
			return errors.New("over the rate")
		}
		return nil
	}}
	for query, n := range map[string]int{
		"{a}":         0,
		"mutation{m}": 1,
		"mutation{" + aliased(15, "m(x:1)") + "}":                           15,
		"mutation{a:m ...f} fragment f on Mutation{b:m c:m @skip(if:true)}": 3,
	} {
		counted = 0
		if errs := check(t, o, query, nil); errs != nil || counted != n {
			t.Errorf("%s: %d %v", query, counted, errs)
		}
	}
	counted = 1
	if errs := check(t, o, "mutation{"+aliased(20, "m")+"}", nil); errs == nil {
		t.Error("over the rate and run")
	}
}

func TestSizesAreChecked(t *testing.T) {
	for name, ok := range map[string]bool{"Query.members": true, "Query.nothing": false, "Nothing.a": false, "Query": false} {
		if err := guard.New(guard.Options{Sizes: map[string]int{name: 1}}).Validate(executable{}); (err == nil) != ok {
			t.Errorf("%s: %v", name, err)
		}
	}
}
