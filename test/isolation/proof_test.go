package isolation

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/vektah/gqlparser/v2/ast"
)

// TestTheWallStands is the proof, on both engines.
func TestTheWallStands(t *testing.T) {
	schema := loadSchema(t)
	asked := map[string][]question{}
	engines := []string{onSQLite, onDynamoDB}
	for _, engine := range engines {
		t.Run(engine, func(t *testing.T) {
			questions, violations := prove(t, schema, start(t, binary, engine, generous...), "")
			for _, v := range violations {
				t.Error(v)
			}
			asked[engine] = questions
		})
	}
	if file := os.Getenv("MYKPI_ISOLATION_REPORT"); file != "" && !t.Failed() {
		if err := os.WriteFile(file, report(engines, asked), 0o644); err != nil {
			t.Fatal(err)
		}
	}
}

// generous lets the proof select everything at once.
var generous = []string{"--max-query-cost", "100000000", "--max-query-tokens", "20000", "--max-query-bytes", "200000", "--max-query-aliases", "1000",
	"--rate-mutations", "0", "--rate-tenant", "0", "--rate-address", "0"}

// TestEveryLeafHasACase fails where the schema has grown a place that nobody has thought of, or a case is about none.
func TestEveryLeafHasACase(t *testing.T) {
	schema := loadSchema(t)
	used := map[string]bool{}
	for _, l := range leaves(schema) {
		c, ok := cases[l.row]
		if !ok || (c.kind == nothing) == (c.why == "") {
			t.Errorf("%s can carry what another tenant has: give %s a row in cases", l, l.row)
		}
		used[l.row] = true
	}
	for row := range cases {
		if !used[row] {
			t.Errorf("the row %s of cases is about nothing in the schema: remove it", row)
		}
	}
}

// TestAGrownSchemaFails shows that the walk sees a new argument, a new input field and a field below a type.
func TestAGrownSchemaFails(t *testing.T) {
	schema := loadSchema(t)
	name := ast.NonNullNamedType("ID", nil)
	schema.Query.Fields.ForName("charts").Arguments = append(schema.Query.Fields.ForName("charts").Arguments, &ast.ArgumentDefinition{Name: "of", Type: name})
	schema.Types["ChartRef"].Fields = append(schema.Types["ChartRef"].Fields, &ast.FieldDefinition{Name: "alias", Type: name})
	schema.Types["Kpi"].Fields = append(schema.Types["Kpi"].Fields, &ast.FieldDefinition{Name: "of", Type: name, Arguments: ast.ArgumentDefinitionList{{Name: "chart", Type: name}}})
	missing := map[string]bool{}
	for _, l := range leaves(schema) {
		if _, ok := cases[l.row]; !ok {
			missing[l.row] = true
		}
	}
	for _, row := range []string{"Query.charts.of", "ChartRef.alias", "Kpi.of.chart"} {
		if !missing[row] {
			t.Errorf("the walk does not see %s", row)
		}
	}
}

// figureOfB is in every point of B, and in none of A.
const figureOfB = 424242

// difference shows where two texts part.
func difference(a, b string) string {
	i := 0
	for i < min(len(a), len(b)) && a[i] == b[i] {
		i++
	}
	around := func(s string) string { return s[max(0, i-200):min(len(s), i+100)] }
	return around(a) + "\n" + around(b)
}

// question is one leaf asked with one value, and what came of it.
type question struct {
	leaf    string
	kind    kind
	outcome string
}

// prove asks for the leaves whose names begin so, and answers what was asked and where the wall has a hole.
func prove(t *testing.T, schema *ast.Schema, s *server, prefix string) (asked []question, violations []string) {
	a, b := s.tenant(t, unique()), s.tenant(t, unique())
	own := furnish(t, a, 1)
	theirs := furnish(t, b, figureOfB)
	before := everything(t, schema, b)
	p := &prover{t: t, schema: schema, a: a, own: own}
	for _, l := range leaves(schema) {
		if !strings.HasPrefix(l.String(), prefix) {
			continue
		}
		kind := cases[l.row].kind
		for _, value := range theirs[kind] {
			got, nobodys := p.ask(l, value), p.ask(l, stranger(value))
			asked = append(asked, question{l.String(), kind, got.outcome()})
			if got.normal != nobodys.normal {
				violations = append(violations, fmt.Sprintf("%s tells B's %s from what never was:\n%s", l, kind, difference(got.normal, nobodys.normal)))
			}
			if strings.Contains(got.body, strconv.Itoa(figureOfB)) {
				violations = append(violations, fmt.Sprintf("%s shows B's figures, asked with its %s", l, kind))
			}
			if lookups[kind] && l.parent == schema.Query {
				if mine := (&prover{t: t, schema: schema, a: b, own: theirs}).ask(l, value); mine.normal == got.normal {
					violations = append(violations, fmt.Sprintf("%s is asked in a way that even B gets nothing: %s", l, mine.normal))
				}
			}
		}
	}
	if after := everything(t, schema, b); after != before {
		violations = append(violations, fmt.Sprintf("A has changed what B has:\n%s", difference(before, after)))
	}
	return asked, violations
}

// everything is all that a tenant can read of itself.
func everything(t *testing.T, schema *ast.Schema, c *caller) string {
	t.Helper()
	text := ""
	for _, field := range schema.Query.Fields {
		if strings.HasPrefix(field.Name, "__") || field.Name == "node" || field.Name == "chart" || field.Name == "viewer" || field.Name == "version" {
			continue
		}
		status, body, err := c.ask("{ "+field.Name+" "+selection(schema, field.Type, 5)+" }", nil)
		if err != nil || status != 200 || strings.Contains(body, `"errors"`) {
			t.Fatalf("%s: %d %v %s", field.Name, status, err, body)
		}
		text += body + "\n"
	}
	return moments.ReplaceAllString(text, "MOMENT")
}

// moments are figures that follow the clock or the connections: of kpi and trend, and sockets.
var moments = regexp.MustCompile(`"(chart_)?(kpi|trend)":\{[^{}]*(\{[^{}]*\}[^{}]*)*\}|"sockets":\d+`)

// prover asks as A.
type prover struct {
	t      *testing.T
	schema *ast.Schema
	a      *caller
	own    world
	fresh  []string // IDs and keys of what was made for the question at hand
}

// answer is what came back: normal is without what differs between any two answers.
type answer struct{ body, normal string }

func (a answer) outcome() string {
	if code := codes.FindStringSubmatch(a.body); code != nil {
		return code[1]
	}
	var decoded struct {
		Data map[string]any
	}
	if json.Unmarshal([]byte(a.body), &decoded) == nil {
		for _, v := range decoded.Data {
			if v == nil {
				return "null"
			}
		}
	}
	return "A's own"
}

// ask asks for a leaf with a value there, and with A's own wherever else one is needed.
func (p *prover) ask(l leaf, value string) answer {
	p.t.Helper()
	p.fresh = nil
	variables := vars{}
	var declared, passed []string
	for _, argument := range l.field.Arguments {
		onPath := argument.Name == l.path[0]
		if !onPath && (!argument.Type.NonNull || argument.DefaultValue != nil) {
			continue
		}
		declared = append(declared, "$"+argument.Name+": "+argument.Type.String())
		passed = append(passed, argument.Name+": $"+argument.Name)
		var path []string
		if onPath {
			path = l.path[1:]
		}
		variables[argument.Name] = p.value(argument.Type, l.parent.Name+"."+l.field.Name+"."+argument.Name, onPath, path, value)
	}
	field := l.field.Name + "(" + strings.Join(passed, ", ") + ") " + selection(p.schema, l.field.Type, 4)
	head := "(" + strings.Join(declared, ", ") + ") "
	var body string
	switch l.parent {
	case p.schema.Query:
		body = p.post("query"+head+"{ "+field+" }", variables)
	case p.schema.Mutation:
		body = p.post("mutation"+head+"{ "+field+" }", variables)
	case p.schema.Subscription:
		body = follow(p.t, p.a, "subscription"+head+"{ "+field+" }", variables)
	case p.schema.Types["Chart"]:
		variables["own"] = p.own[chartIDs][0]
		body = p.post("query("+strings.Join(append(declared, "$own: ID!"), ", ")+") { chart(by: {id: $own}) { "+field+" } }", variables)
	default:
		p.t.Fatalf("%s: say in ask how to reach a %s", l, l.parent.Name)
	}
	return answer{body, p.normal(body, value)}
}

func (p *prover) post(query string, variables vars) string {
	p.t.Helper()
	status, body, err := p.a.ask(query, variables)
	if err != nil {
		p.t.Fatal(err)
	}
	if strings.Contains(body, "GRAPHQL_VALIDATION_FAILED") || strings.Contains(body, "QUERY_TOO_COMPLEX") || status == 429 || status >= 500 {
		p.t.Fatalf("%s %v\nis not answered: %d %s", query, variables, status, body)
	}
	return body
}

// value is a value of a type: the asked one at the end of the path, and A's own or any where there is no path.
func (p *prover) value(typ *ast.Type, row string, onPath bool, path []string, asked string) any {
	if typ.Elem != nil {
		return []any{p.value(typ.Elem, row, onPath, path, asked)}
	}
	def := p.schema.Types[typ.Name()]
	if def.Kind != ast.InputObject {
		if onPath && len(path) == 0 {
			return asked
		}
		return p.filler(def, row)
	}
	if def.Directives.ForName("oneOf") != nil {
		if onPath {
			return vars{path[0]: p.value(def.Fields.ForName(path[0]).Type, def.Name+"."+path[0], true, path[1:], asked)}
		}
		return vars{"id": p.freshChart()}
	}
	object := vars{}
	for _, field := range def.Fields {
		name := def.Name + "." + field.Name
		next := onPath && path[0] == field.Name
		switch {
		case next:
			object[field.Name] = p.value(field.Type, name, true, path[1:], asked)
		case field.Type.NonNull && field.DefaultValue == nil, also[name]:
			object[field.Name] = p.value(field.Type, name, false, nil, asked)
		}
	}
	return object
}

// filler is any good value that is not asked about.
func (p *prover) filler(def *ast.Definition, row string) any {
	switch def.Name {
	case "Int", "Decimal":
		return 1
	case "Boolean":
		return false
	case "DateTime":
		return "2026-01-01T00:00:00Z"
	case "TimeZone":
		return "UTC"
	case "JSON":
		return vars{}
	}
	if def.Kind == ast.Enum {
		return def.EnumValues[0].Name
	}
	if cases[row].kind == emails {
		return p.remember(unique() + "@a.example")
	}
	if values := p.own[cases[row].kind]; len(values) > 0 && strings.HasSuffix(row, ".id") {
		return values[0]
	}
	return p.remember(unique())
}

// freshChart makes a chart of A: so two questions find the same.
func (p *prover) freshChart() string {
	key := p.remember(unique())
	data := p.a.must(p.t, `mutation($key: String!) { createChart(input: {key: $key, name: "Fresh", aggregation: SUM}) { chart { id } } }`, vars{"key": key})
	return p.remember(at(data, "createChart", "chart", "id").(string))
}

func (p *prover) remember(value string) string {
	p.fresh = append(p.fresh, value)
	return value
}

var (
	codes   = regexp.MustCompile(`"code":"([A-Z_]+)"`)
	traces  = regexp.MustCompile(`[0-9a-f]{32}`)
	secrets = regexp.MustCompile(`mykpi_live_[a-z2-7_]+`)
	ids     = regexp.MustCompile(`\b((chart|key|member)_[a-z0-9]{12,}|(run|ing|lone|src)_[A-Za-z0-9_.-]+|[a-z2-7]{26})\b`)
	times   = regexp.MustCompile(`\d{4}-\d\d-\d\dT[0-9:.]+Z`)
	cursors = regexp.MustCompile(`([cC]ursor"):"[^"]+"`)
)

// normal takes out of an answer what differs between any two: the value that was sent, what was made for the question,
// and what the server makes at random or by the clock.
func (p *prover) normal(body, value string) string {
	body = strings.ReplaceAll(body, value, "VALUE")
	for _, made := range p.fresh {
		body = strings.ReplaceAll(body, made, "MADE")
	}
	body = traces.ReplaceAllString(body, "TRACE")
	body = secrets.ReplaceAllString(body, "SECRET")
	body = ids.ReplaceAllString(body, "ID")
	body = times.ReplaceAllString(body, "TIME")
	return cursors.ReplaceAllString(body, `$1:"CURSOR"`)
}

// report is docs/isolation.md.
func report(engines []string, asked map[string][]question) []byte {
	var out bytes.Buffer
	fmt.Fprintf(&out, `# The wall between tenants

Made by `+"`make isolation`"+` from the schema: do not edit. Tenant A asked each field with values of tenant B and with values of the same
shape that name nothing. The answers were the same bytes, on %s, and B had afterwards what it had before. What A got:

| asked | with B's | A gets |
|---|---|---|
`, strings.Join(engines, " and "))
	var rows []string
	for _, q := range asked[engines[0]] {
		outcomes := []string{}
		for _, engine := range engines {
			for _, other := range asked[engine] {
				if other.leaf == q.leaf && other.kind == q.kind && !slices.Contains(outcomes, other.outcome) {
					outcomes = append(outcomes, other.outcome)
				}
			}
		}
		rows = append(rows, fmt.Sprintf("| `%s` | %s | %s |\n", q.leaf, q.kind, strings.Join(outcomes, ", ")))
	}
	for _, row := range slices.Compact(rows) {
		out.WriteString(row)
	}
	out.WriteString("\n\"A's own\" is what A has, or has just made, under that name: the same key, name or address may be in both tenants.\n\nNot asked, since they name nothing that a tenant has:\n\n")
	var skipped []string
	for row, c := range cases {
		if c.kind == nothing {
			skipped = append(skipped, fmt.Sprintf("- `%s`: %s\n", row, c.why))
		}
	}
	slices.Sort(skipped)
	out.WriteString(strings.Join(skipped, ""))
	return out.Bytes()
}
