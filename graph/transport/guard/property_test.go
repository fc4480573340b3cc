package guard_test

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"github.com/99designs/gqlgen/graphql"
	"pgregory.net/rapid"

	"github.com/mykpi/mykpi/graph/transport/guard"
)

// A document of fragments costs what the same document costs with its fragments written out.
func TestFragmentsCostWhatTheyHold(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(1, 5).Draw(t, "fragments")
		bodies := make([][]string, n) // spreads as "...fN", fields as they are
		for i := range bodies {
			if i+1 < n { // each must be spread
				bodies[i] = []string{fmt.Sprintf("...f%d", i+1)}
			}
			for range rapid.IntRange(1, 4).Draw(t, "selections") {
				if i+1 < n && rapid.Bool().Draw(t, "spread") {
					bodies[i] = append(bodies[i], fmt.Sprintf("...f%d", rapid.IntRange(i+1, n-1).Draw(t, "of")))
				} else {
					bodies[i] = append(bodies[i], rapid.SampledFrom([]string{"a", "q{a b}", "members{id}", "charts(first:3){nodes{id}}"}).Draw(t, "field"))
				}
			}
		}
		var text strings.Builder
		text.WriteString("{...f0}")
		for i, body := range bodies {
			fmt.Fprintf(&text, " fragment f%d on Query{%s}", i, strings.Join(body, " "))
		}
		whole := text.String()
		plain := "{" + written(bodies, 0) + "}"
		limits := guard.Limits{Cost: 1, RootFields: 1 << 20, Repeats: 1 << 20, Tokens: 1 << 20, QueryBytes: 1 << 20}
		if a, b := says(limits, whole), says(limits, plain); a != b {
			t.Fatalf("%s\n%s\n%s\n%s", whole, a, plain, b)
		}
	})
}

func written(bodies [][]string, i int) string {
	var parts []string
	for _, s := range bodies[i] {
		var of int
		if _, err := fmt.Sscanf(s, "...f%d", &of); err == nil {
			s = written(bodies, of)
		}
		parts = append(parts, s)
	}
	return strings.Join(parts, " ")
}

// says is the guard's message, or "".
func says(limits guard.Limits, query string) string {
	e := newExecutor(guard.Options{Limits: limits})
	_, errs := e.CreateOperationContext(graphql.StartOperationTrace(context.Background()), &graphql.RawParams{Query: query})
	if errs == nil {
		return ""
	}
	return errs[0].Message
}

// Whatever the text, the guard neither panics nor lets more through than its limits.
func FuzzGuard(f *testing.F) {
	for _, q := range []string{"{a}", bomb(3, "...f%d ...f%d"), "{charts(first:3){nodes{id}}}", "query($n:Int){charts(first:$n){nodes{id}}}", "{a@skip(if:true)}", "mutation{m}", "{__schema{types{name}}}", "fragment f on Query{...f}", "{\"\"\"", "#"} {
		f.Add(q)
	}
	e := newExecutor(guard.Options{Introspect: func(context.Context) error { return nil }})
	f.Fuzz(func(t *testing.T, query string) {
		op, errs := e.CreateOperationContext(graphql.StartOperationTrace(context.Background()), &graphql.RawParams{Query: query})
		if errs == nil && strings.Count(query, "@") > 30+strings.Count(query, `"`)*1000+strings.Count(query, "#")*1000 {
			t.Errorf("%d directives in %q", strings.Count(query, "@"), query)
		}
		if errs == nil && op.Operation == nil {
			t.Error("no operation")
		}
	})
}

func BenchmarkGuard(b *testing.B) {
	dashboard := "{charts(first:20){nodes{id trend parts{id}} edges{node{id trend}}} members{id} " + aliased(10, "c(x:1)") + "}"
	for name, query := range map[string]string{"dashboard": dashboard, "bomb": bomb(30, "...f%d ...f%d")} {
		b.Run(name+"/first", func(b *testing.B) {
			for b.Loop() {
				g := guard.New(guard.Options{})
				_ = g.MutateOperationParameters(context.Background(), &graphql.RawParams{Query: query})
			}
		})
	}
	b.Run("dashboard/again", func(b *testing.B) {
		g := guard.New(guard.Options{})
		op, errs := newExecutor(guard.Options{}).CreateOperationContext(graphql.StartOperationTrace(context.Background()), &graphql.RawParams{Query: dashboard})
		if errs != nil {
			b.Fatal(errs)
		}
		for b.Loop() {
			_ = g.MutateOperationParameters(context.Background(), &graphql.RawParams{Query: dashboard})
			_ = g.MutateOperationContext(context.Background(), op)
		}
	})
}
