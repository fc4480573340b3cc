package source

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"strings"
	"testing"

	"github.com/mykpi/mykpi/charts/command"
	"github.com/mykpi/mykpi/tenancy"
)

func TestMapping(t *testing.T) {
	for name, test := range map[string]struct {
		mapping Mapping
		payload string
		value   string // "" where refused
		at, key string
		refused string
	}{
		"a number":             {Mapping{Value: "body.v"}, `{"v": 12.5}`, "12.5", "", "", ""},
		"a text":               {Mapping{Value: "body.v"}, `{"v": "12.50"}`, "12.5", "", "", ""},
		"arithmetic":           {Mapping{Value: "body.a + body.b"}, `{"a": 0.1, "b": 0.2}`, "0.3", "", "", ""},
		"a division":           {Mapping{Value: "double(body.cents) / 100.0"}, `{"cents": 1999}`, "19.99", "", "", ""},
		"a list":               {Mapping{Value: "size(body.items.filter(i, i.paid))"}, `{"items": [{"paid": true}, {"paid": false}]}`, "1", "", "", ""},
		"yen":                  {Mapping{Value: "money(500, 'JPY')"}, `{}`, "500", "", "", ""},
		"dinars":               {Mapping{Value: "money(-5, 'kwd')"}, `{}`, "-0.005", "", "", ""},
		"cents":                {Mapping{Value: "money(5, 'eur')"}, `{}`, "0.05", "", "", ""},
		"seconds":              {Mapping{Value: "1", At: "body.t"}, `{"t": 1780000000}`, "1", "2026-05-28T20:26:40Z", "", ""},
		"a timestamp":          {Mapping{Value: "1", At: "timestamp(body.t)"}, `{"t": "2026-05-28T22:26:40+02:00"}`, "1", "2026-05-28T20:26:40Z", "", ""},
		"a numeric key":        {Mapping{Value: "1", Key: "body.id"}, `{"id": 17}`, "1", "", "17", ""},
		"defaults":             {DefaultMapping(GenericJSON), `{"value": 3}`, "3", "", "", ""},
		"milliseconds":         {Mapping{Value: "1", At: "body.t"}, `{"t": 1780000000000}`, "", "", "", "divide milliseconds"},
		"a field that is not":  {Mapping{Value: "body.nope"}, `{}`, "", "", "", "no such key: nope"},
		"a truth":              {Mapping{Value: "true"}, `{}`, "", "", "", "must be a number, is bool"},
		"a comma":              {Mapping{Value: "body.v"}, `{"v": "1,5"}`, "", "", "", "holds a comma"},
		"infinite":             {Mapping{Value: "1.0 / 0.0"}, `{}`, "", "", "", "mapping.value"},
		"nested":               {Mapping{Value: "1"}, strings.Repeat("[", 70) + strings.Repeat("]", 70), "", "", "", "nested deeper"},
		"a filter of no truth": {Mapping{Filter: "body.v", Value: "1"}, `{"v": 1}`, "", "", "", "must be true or false"},
	} {
		t.Run(name, func(t *testing.T) {
			in := point(t, compiled(t, test.mapping), []byte(test.payload))
			if test.refused != "" {
				if in.Invalid == nil || !strings.Contains(in.Invalid.Error(), test.refused) {
					t.Errorf("%v, want %q", in.Invalid, test.refused)
				}
				return
			}
			if in.Invalid != nil || in.Value.String() != test.value {
				t.Errorf("%s, %v, want %s", in.Value, in.Invalid, test.value)
			}
			if test.at != "" && (in.At == nil || in.At.Format("2006-01-02T15:04:05Z07:00") != test.at) || test.key != "" && (in.Key == nil || *in.Key != test.key) {
				t.Errorf("at %v, key %v", in.At, in.Key)
			}
		})
	}
}

func TestMappingsThatAreRefused(t *testing.T) {
	for field, m := range map[string]Mapping{
		"mapping.value":  {},
		"mapping.filter": {Filter: "body.", Value: "1"},
		"mapping.at":     {Value: "1", At: "nothing.here"},
		"mapping.key":    {Value: "1", Key: `body.id.matches("(a+)+$")`},
	} {
		_, err := m.Compile()
		refused, ok := errors.AsType[*tenancy.Refusal](err)
		if !ok || refused.Field != field || refused.Code != tenancy.BadUserInput {
			t.Errorf("%+v: %v, want %s", m, err, field)
		}
	}
}

// allocated is what running a mapping allocates in bytes, at most: heap that was given and taken back counts too.
func allocated(p *Program, payload []byte) (bytes uint64) {
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	_, _, _ = p.Point(context.Background(), payload, map[string]string{"h": "x"}) // whatever it says, it ends
	runtime.ReadMemStats(&after)
	return after.TotalAlloc - before.TotalAlloc
}

// nine and nested are lists that take an expression from little to much.
const nine = "[1,2,3,4,5,6,7,8,9]"

func nested(inner string) string {
	for _, name := range "edcba" {
		inner = fmt.Sprintf("%s.map(%c, %s)", nine, name, inner)
	}
	return "size(" + inner + ")"
}

// A hostile expression is refused by what it costs, on every machine alike, before it takes time or memory that others
// would miss. What reading the payload takes is not its doing.
func TestHostileMappings(t *testing.T) {
	text := `{"s": "` + strings.Repeat("x", 30<<10) + `", "odd": "` + strings.Repeat("\ue000", 10<<10) + `", "huge": "` + strings.Repeat("x", 100<<10) + `"}`
	lists := `{"l": [` + strings.Repeat(`{"a": 1},`, 20_000) + `1], "n": [` + strings.Repeat("1,", 20_000) + `1]}`
	const steps, made = "takes too many steps", "can't hold another one that it makes"
	for expression, why := range map[string]string{
		// Loops, and what a step of one can make.
		nested("a * b * c * d * e"):     steps,
		nested("'aaaaaaa' + 'b'"):       steps,
		nested("string(1e300)"):         steps,
		nested("{'a': 1}"):              steps,
		nested("{'a': 1}.map(k, k)"):    steps,
		nested("headers.h"):             steps,
		nested("dyn(body) + 1 == 1"):    steps,
		nested("body.s == '' || true"):  steps,
		"size(body.n.map(i, i * 2))":    steps,
		"size(body.l.filter(i, true))":  steps,
		"body.l.exists(i, i.b) ? 1 : 0": steps,
		// Lists and objects that are written out.
		nested("[" + strings.Repeat("1,", 800) + "1]"):      steps,
		nested("{" + strings.Repeat("1: 1,", 300) + "1:1}"): steps,
		// Doubling.
		"size(['" + strings.Repeat("x", 200) + "']" + strings.Repeat(".map(a, a + a)", 10) + "[0])": steps,
		"[[1]]" + strings.Repeat(".map(a, a + a)", 10) + "[0]":                                      made,
		"[1]" + strings.Repeat(".map(a, [a, a])", 10) + "[0]":                                       made,
		"body[[1]" + strings.Repeat(".map(a, [a, a])", 10) + "[0]]":                                 made,
		"size([1].map(a, {1: a}).map(a, {1: a, 2: a}))":                                             made,
		"size(body.n + body.n)": "makes a list of more than 5000 values",
		"size(body.s + body.s + body.s + body.s + body.s + body.s)": steps,
		"size(" + nine + ".map(a, bytes(body.s) + bytes(body.s)))":  steps,
		// Long texts, in what is told too.
		"body.huge":                          "longer than an expression may read",
		"body[body.odd]":                     "no such key",
		"int(body.odd)":                      "type conversion error",
		"timestamp(1).getHours(body.odd)":    "file name too long",
		nine + ".map(a, body.s < body.s)[0]": steps,
		// Files.
		nested("timestamp(1).getHours('America/New_York')"):      steps,
		nested("timestamp(1).getHours('No/Where') == 1 || true"): steps,
		// Comparisons: no clock is looked at while one runs.
		"body.l == body.l ? 1 : 0":                      "compares more than 2000 values",
		"body.l != body.l ? 1 : 0":                      "compares more than 2000 values",
		"2 in body.n ? 1 : 0":                           "compares more than 2000 values",
		"{'a': 2} in body.l ? 1 : 0":                    "compares more than 2000 values",
		nine + ".exists(a, {'a': 2} in body.l) ? 1 : 0": steps,
		"[" + strings.Repeat("body.s,", 200) + "''].exists(a, a in [" + strings.Repeat("body.s,", 50) + "'']) ? 1 : 0": steps,
	} {
		payload := []byte(text)
		if strings.Contains(expression, "body.l") || strings.Contains(expression, "body.n") {
			payload = []byte(lists)
		}
		program := compiled(t, Mapping{Value: expression})
		if in := point(t, program, payload); in.Invalid == nil || in.Invalid.Field != "mapping.value" || !strings.Contains(in.Invalid.Message, why) || len(in.Invalid.Message) > 400 {
			t.Errorf("%.60s: %v, want %q", expression, in.Invalid, why)
		}
		if n := allocated(program, payload) - allocated(compiled(t, Mapping{Value: "1"}), payload); int64(n) > 1<<20 {
			t.Errorf("%.60s allocates %d bytes in all", expression, n)
		}
	}
}

// What is hostile to the compiler is refused before it takes much, and what is not is compiled in little.
func TestHostileExpressionsAreCompiledInLittle(t *testing.T) {
	within := strings.Repeat("[", 21) + "1" + strings.Repeat("]", 21)
	for expression, why := range map[string]string{
		strings.Repeat("1+", 2000) + "1":                                        "at most 2000 bytes",
		strings.Repeat("1+", 900) + "1":                                         "recursion",
		strings.Repeat("(", 900) + "1" + strings.Repeat(")", 900):               "recursion",
		"[1]" + strings.Repeat(".map(a, a)", 11):                                "has 11 loops, such as map and filter: at most 10",
		strings.Repeat("[1].filter(a, ", 11) + "true" + strings.Repeat(")", 11): "has 11 loops",
		"[1]" + strings.Repeat(".map(a, [[[a]]])", 10):                          "has 30 lists and objects within others: at most 20",
		"[1]" + strings.Repeat(".map(a, {1: {1: {1: a}}})", 10):                 "has 30 lists and objects",
		"[" + strings.Repeat(within+",", 40) + "1]":                             "lists and objects within others",
		// All that is wrong is not told.
		"[" + strings.Repeat("a,", 990) + "1]":       "undeclared reference to 'a'",
		strings.Repeat("has(a.b)&&", 199) + "true":   "undeclared reference to 'a'",
		"[" + strings.Repeat("1+'a',", 330) + "1]":   "no matching overload",
		"[" + strings.Repeat("?body.?a,", 200) + "]": "unsupported syntax",
		strings.Repeat("\U0001f600", 500):            "token recognition error",
		strings.Repeat("§a", 660):                    "token recognition error",
		// Within the bounds.
		"[1]" + strings.Repeat(".map(a, [[a]])", 10) + "[0]": "",
		"[1]" + strings.Repeat(".map(a, {1: {1: a}})", 10):   "",
		"[" + strings.Repeat("1,", 990) + "1][0]":            "",
		"{" + strings.Repeat("1:1,", 490) + "1:1}[1]":        "",
		"'" + strings.Repeat("é", 990) + "'":                 "",
		within:                                               "",
	} {
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		_, err := Mapping{Value: expression}.Compile()
		runtime.ReadMemStats(&after)
		if why == "" && err != nil || why != "" && (err == nil || !strings.Contains(err.Error(), why)) {
			t.Errorf("%.60s: %v, want %q", expression, err, why)
		}
		if n := after.TotalAlloc - before.TotalAlloc; n > 6<<20 {
			t.Errorf("%.60s: compiling allocates %d bytes", expression, n)
		}
	}
}

// The expressions of a mapping share what they may cost.
func TestMappingsShareTheirSteps(t *testing.T) {
	payload := []byte(`{"n": [` + strings.Repeat("1,", 400) + `1]}`)
	most := `body.n.all(i, i == 1)`
	if in := point(t, compiled(t, Mapping{Filter: most, Value: "1", Key: most + ` ? "a" : "b"`}), payload); in.Invalid != nil {
		t.Errorf("two: %v", in.Invalid)
	}
	if in := point(t, compiled(t, Mapping{Filter: most, Value: most + ` ? 1 : 0`, Key: most + ` ? "a" : "b"`}), payload); in.Invalid == nil || in.Invalid.Field != "mapping.key" {
		t.Errorf("three: %v", in.Invalid)
	}
}

// What is bounded still serves as CEL has it.
func TestBoundedSteps(t *testing.T) {
	payload := []byte(`{"l": [` + strings.Repeat("1,", 1000) + `1], "m": {"l": [[1], [1]]}, "n": {"l": [[1], [1]]}, "v": 5}`)
	for _, expression := range []string{
		`body.l != []`, `body.m.l[0] == [1]`, `"l" in body.m`, `"m" in body`, `!("x" in body)`, `body.l[7] in [1, 2]`, `body.m.l[0] != [2]`,
		`!(body == {})`, `body.m == body.n`, `[1] in body.m.l`, `size(body.l + body.m.l) == 1003`, `[1] + [2, 3] == [1, 2, 3]`,
		`[1] + [] == [1]`, `([1] + [2])[1] == 2`, `[1, 2].map(i, i + 1) + [4] == [2, 3, 4]`, `{"a": body.m}.a.l[0] == [1]`, `size([body.m, body.m]) == 2`,
		`[[1], [2]][1] == [2] || true`, `"a" + "b" == "ab"`, `1.5 + 1.5 == 3.0`, `timestamp(0) + duration("1h") == timestamp(3600)`,
	} {
		if in := point(t, compiled(t, Mapping{Value: expression + " ? 1 : 0"}), payload); in.Invalid != nil || in.Value.String() != "1" {
			t.Errorf("%s: %s, %v", expression, in.Value, in.Invalid)
		}
	}
	if in := point(t, compiled(t, Mapping{Value: "1 in body.v ? 1 : 0"}), payload); in.Invalid == nil || !strings.Contains(in.Invalid.Message, "no such overload") {
		t.Errorf("in a number: %v", in.Invalid)
	}
}

// point maps a payload, as often as it takes until the machine has the moment for it that it may take.
func point(t *testing.T, p *Program, payload []byte) command.PointInput {
	t.Helper()
	for {
		in, ok, err := p.Point(t.Context(), payload, map[string]string{"h": "x"})
		if errors.Is(err, errBusy) && t.Context().Err() == nil {
			continue
		}
		if err != nil || !ok {
			t.Fatal(ok, err)
		}
		return in
	}
}

func compiled(t *testing.T, m Mapping) *Program {
	t.Helper()
	p, err := m.Compile()
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func TestIDs(t *testing.T) {
	for _, name := range []string{"t1", "t10", "A.b_c-d", strings.Repeat("x", tenancy.MaxIDLength)} {
		tenant := tenancy.MustParseID(name)
		id := newID(tenant, "ABCDEFGHIJKLMNOPQRSTUVWXYZ")
		if got, ok := TenantOf(id); !ok || got != tenant || stream(id).Validate() != nil {
			t.Errorf("%s: %s, %v of %v", name, id, ok, got)
		}
	}
	for _, id := range []string{"", "src_", "src__a", "src_!!_a", "src_00_", "src_00_A#", "ing_00_a"} {
		if _, ok := TenantOf(id); ok {
			t.Errorf("%q names a tenant", id)
		}
	}
}

func FuzzMapping(f *testing.F) {
	f.Add("body.v", `{"v": 1}`)
	f.Add(`money(body.a, body.c)`, `{"a": 1, "c": "eur"}`)
	f.Add(`[1,2,3].map(x, x * 2)[0]`, `[]`)
	f.Fuzz(func(t *testing.T, expression, payload string) {
		program, err := Mapping{Value: expression, At: "", Key: ""}.Compile()
		if err != nil {
			return
		}
		if in, _, err := program.Point(t.Context(), []byte(payload), nil); err == nil && in.Invalid == nil && in.Value.String() == "" {
			t.Fatal("a value without digits")
		}
	})
}
