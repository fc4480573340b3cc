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
		"too much work":        {Mapping{Value: "size([1,2,3,4,5,6,7,8,9,10].map(a, [1,2,3,4,5,6,7,8,9,10].map(b, [1,2,3,4,5,6,7,8,9,10].map(c, [1,2,3,4,5,6,7,8,9,10].map(d, [1,2,3,4,5,6,7,8,9,10].map(e, a*b*c*d*e))))))"}, `{}`, "", "", "", "cost limit"},
	} {
		t.Run(name, func(t *testing.T) {
			program, err := test.mapping.Compile()
			if err != nil {
				t.Fatal(err)
			}
			in, ok, err := program.Point(t.Context(), []byte(test.payload), nil)
			if errors.Is(err, errBusy) && test.refused == "cost limit" {
				return // cut by time, on a busy machine, before it was by cost
			}
			if err != nil || !ok {
				t.Fatal(ok, err)
			}
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
	if _, err := (Mapping{Value: strings.Repeat("1+", 2000) + "1"}).Compile(); err == nil {
		t.Error("an expression of 4,001 characters was taken")
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

// A hostile expression is cut by its cost before it takes time or memory that others would miss.
func TestHostileMappings(t *testing.T) {
	big := []byte(`{"s": "` + strings.Repeat("x", 100<<10) + `"}`)
	for _, expression := range []string{
		`size(body.s + body.s + body.s + body.s + body.s + body.s + body.s + body.s)`,
		`size([1,2,3,4,5,6,7,8].map(i, body.s + body.s))`,
		`[1,2,3,4,5,6,7,8,9].all(a, [1,2,3,4,5,6,7,8,9].all(b, [1,2,3,4,5,6,7,8,9].all(c, [1,2,3,4,5,6,7,8,9].all(d, [1,2,3,4,5,6,7,8,9].all(e, [1,2,3,4,5,6,7,8,9].all(f, true)))))) ? 1 : 0`,
	} {
		program, err := Mapping{Value: expression}.Compile()
		if err != nil {
			t.Fatal(err)
		}
		decoding := allocated(mustCompile(t, "1"), big)
		if n := allocated(program, big); n > decoding+4<<20 {
			t.Errorf("%.40s allocates %d bytes in all", expression, n-decoding)
		}
		in, _, err := program.Point(t.Context(), big, nil)
		if err == nil && in.Invalid == nil {
			t.Errorf("%.40s was let run to its end", expression)
		}
	}
}

// One comparison of a payload's lists would take longer than all steps together, and no clock is looked at meanwhile: it
// is refused before it begins.
func TestHostileComparisons(t *testing.T) {
	long := []byte(`{"l": [` + strings.Repeat("1,", 100_000) + `1], "m": {"l": [` + strings.Repeat("[1],", 10_000) + `[1]]}}`)
	for _, expression := range []string{
		`body.l == body.l`,
		`body.m != body.m`,
		`2 in body.l`,
		`[1] in body.m.l`,
		`[1,2,3,4,5,6,7,8,9].map(a, [1,2,3,4,5,6,7,8,9].map(b, body.m)) == [1,2,3,4,5,6,7,8,9].map(a, [1,2,3,4,5,6,7,8,9].map(b, body.m))`,
	} {
		in, err := whenQuiet(t, expression+` ? 1 : 0`, long)
		if err != nil || in.Invalid == nil || !strings.Contains(in.Invalid.Error(), "compares more than 5000 values") {
			t.Errorf("%s: %v, %v", expression, in.Invalid, err)
		}
	}
	for _, expression := range []string{
		`body.l == []`, `body.m.l[0] == [1]`, `"l" in body.m`, `"m" in body`, `body.l[7] in [1, 2]`, `body.m.l[0] != [2]`, `!(body == {})`,
	} {
		in, err := whenQuiet(t, `(`+expression+`) == `+fmt.Sprint(expression != `body.l == []`)+` ? 1 : 0`, long)
		if err != nil || in.Invalid != nil || in.Value.String() != "1" {
			t.Errorf("%s: %s, %v, %v", expression, in.Value, in.Invalid, err)
		}
	}
	if in, err := whenQuiet(t, `1 in body.v ? 1 : 0`, []byte(`{"v": 5}`)); err != nil || in.Invalid == nil || !strings.Contains(in.Invalid.Error(), "no such overload") {
		t.Errorf("in a number: %v, %v", in.Invalid, err)
	}
}

// whenQuiet runs an expression until the machine has the few moments for it that it may take.
func whenQuiet(t *testing.T, value string, payload []byte) (in command.PointInput, err error) {
	t.Helper()
	program := mustCompile(t, value)
	for range 20 {
		if in, _, err = program.Point(t.Context(), payload, nil); !errors.Is(err, errBusy) {
			break
		}
	}
	return in, err
}

func mustCompile(t *testing.T, value string) *Program {
	t.Helper()
	p, err := Mapping{Value: value}.Compile()
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
