package rawjson_test

import (
	"encoding/json"
	"maps"
	"slices"
	"testing"

	"github.com/mykpi/mykpi/rawjson"
)

// FuzzWalk compares what is found in valid JSON with what encoding/json finds, and walks whatever else there is.
func FuzzWalk(f *testing.F) {
	for _, seed := range []string{
		` [ {"value" : 1.5e3, "at":"2026-03-29T01:30:00+01:00"} , [[]], "a\"]\\" ,null,-1 ] `,
		`{"a":{"b":[1,2,{"c":"}"}]},"\u0061":"\ud83d\ude00", "A":true,"a":"ÿ"}`, `{"Kelvin":1,"` + "\u212a" + `elvin":2,"ſource":3}`,
		`[`, `{"a"`, `{"a":}`, `"`, `[1,,2]`, `{]`, ``, ` `, `[]`, `{}`, "[\"\xff\"]", `,`, `[,`, `}`,
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		elements := slices.Collect(rawjson.Elements(b))
		members := []member{}
		for name, value := range rawjson.Members(b) {
			members = append(members, member{name, value})
		}
		rawjson.Text(b)
		if !json.Valid(b) {
			return
		}
		var wanted []json.RawMessage
		if json.Unmarshal(b, &wanted) == nil {
			if !slices.EqualFunc(elements, wanted, func(a, b json.RawMessage) bool { return string(a) == string(b) }) {
				t.Fatalf("%s: elements %s, want %s", b, elements, wanted)
			}
		} else if len(elements) > 0 {
			t.Fatalf("%s is no array and has elements %s", b, elements)
		}
		var object map[string]json.RawMessage
		if json.Unmarshal(b, &object) == nil {
			found := map[string]json.RawMessage{}
			for _, m := range members {
				name, ok := rawjson.Text(m.name)
				if !ok {
					t.Fatalf("%s: the name %s can't be read", b, m.name)
				}
				found[name] = m.value
			}
			if !maps.EqualFunc(found, object, func(a, b json.RawMessage) bool { return string(a) == string(b) }) {
				t.Fatalf("%s: members %s, want %s", b, found, object)
			}
		} else if len(members) > 0 {
			t.Fatalf("%s is no object and has members %s", b, members)
		}
		// Which of several members that could be a field is the field's: the last.
		var fields struct{ Kelvin, Source json.RawMessage }
		if json.Unmarshal(b, &fields) == nil {
			var kelvin, source json.RawMessage
			for _, m := range members {
				if m.name.Is("kelvin") {
					kelvin = m.value
				}
				if m.name.Is("source") {
					source = m.value
				}
			}
			if string(kelvin) != string(fields.Kelvin) || string(source) != string(fields.Source) {
				t.Fatalf("%s: fields %s and %s, want %s and %s", b, kelvin, source, fields.Kelvin, fields.Source)
			}
		}
		var text string
		if b[0] == '"' && json.Unmarshal(b, &text) == nil && b[len(b)-1] == '"' {
			if found, ok := rawjson.Text(b); !ok || found != text {
				t.Fatalf("%s says %q, want %q", b, found, text)
			}
		}
	})
}

type member struct {
	name  rawjson.Name
	value json.RawMessage
}
