package scalar

import (
	"encoding/json"
	"errors"
	"math/big"
	"strings"
	"testing"
	"time"

	"github.com/99designs/gqlgen/graphql"
	"pgregory.net/rapid"

	"github.com/mykpi/mykpi/charts"
	"github.com/mykpi/mykpi/tenancy"
)

func written(m graphql.Marshaler) string {
	var b strings.Builder
	m.MarshalGQL(&b)
	return b.String()
}

// refused checks that an error is a refusal without a field.
func refused(t *testing.T, v any, err error) {
	t.Helper()
	r, ok := errors.AsType[*tenancy.Refusal](err)
	if !ok || r.Code != tenancy.BadUserInput || r.Field != "" {
		t.Errorf("%v (%T): %v, want a refusal", v, v, err)
	}
}

func TestDecimal(t *testing.T) {
	for _, c := range []struct {
		in   any
		want string
	}{
		{json.Number("12.50"), "12.5"}, {"12.50", "12.5"}, {int64(-7), "-7"}, {json.Number("9007199254740993"), ""}, // beyond the limit
		{json.Number("1e3"), "1000"}, {json.Number("999999999999.999999"), "999999999999.999999"}, {"0", "0"},
	} {
		d, err := UnmarshalDecimal(c.in)
		if c.want == "" {
			refused(t, c.in, err)
			continue
		}
		if err != nil || written(MarshalDecimal(d)) != c.want {
			t.Errorf("%v: %v, %v, want %s", c.in, d, err, c.want)
		}
	}
	for _, bad := range []any{nil, true, 1.5, float32(1), "", "NaN", "Infinity", "1,5", " 1", "0x1p4", json.Number("1e308"), json.Number("0.0000001"), []any{}, map[string]any{}} {
		_, err := UnmarshalDecimal(bad)
		refused(t, bad, err)
	}
}

func TestDateTime(t *testing.T) {
	for in, want := range map[string]string{
		"2026-03-29T01:30:00+01:00":           `"2026-03-29T00:30:00Z"`,
		"2026-03-29T00:30:00Z":                `"2026-03-29T00:30:00Z"`,
		"2026-03-29T00:30:00.5-12:00":         `"2026-03-29T12:30:00.5Z"`,
		"2026-03-29T00:30:00.000000001Z":      `"2026-03-29T00:30:00.000000001Z"`,
		"2026-03-29T00:30:00.123456789+05:45": `"2026-03-28T18:45:00.123456789Z"`,
		"2024-02-29T00:00:00Z":                `"2024-02-29T00:00:00Z"`,
		"1678-01-01T00:00:00Z":                `"1678-01-01T00:00:00Z"`,
		"2262-01-01T00:30:00+01:00":           `"2261-12-31T23:30:00Z"`,
	} {
		got, err := UnmarshalDateTime(in)
		if err != nil || written(MarshalDateTime(got)) != want {
			t.Errorf("%s: %v, %v, want %s", in, got, err, want)
		}
	}
	for _, bad := range []any{
		nil, 5, int64(1760000000), json.Number("1760000000"), time.Now(), true,
		"", "now", "2026-03-29", "2026-03-29T01:30:00", "2026-03-29 01:30:00Z", "2026-03-29T01:30Z", "20260329T013000Z",
		"2026-03-29T24:00:00Z", "2026-12-31T23:59:60Z", "2026-02-29T00:00:00Z", "2026-13-01T00:00:00Z", "2026-00-01T00:00:00Z",
		"2026-03-29T1:30:00Z", "2026-03-29T01:30:00,5Z", "2026-03-29T01:30:00.Z", "2026-03-29T01:30:00+0100",
		"2026-03-29T01:30:00+24:00", "2026-03-29T01:30:00+01:60", "2026-03-29t01:30:00z",
		"2026-03-29T01:30:00.0000000001Z", "0001-01-01T00:00:00Z", "1677-12-31T23:59:59Z", "2262-01-01T00:00:00Z",
		"9999-12-31T23:59:59Z", "-2026-03-29T01:30:00Z", "2026-03-29T01:30:00Z ", " 2026-03-29T01:30:00Z",
		"2026-03-29T01:30:00[Europe/Paris]",
	} {
		_, err := UnmarshalDateTime(bad)
		refused(t, bad, err)
	}
}

func TestDateTimesComeBackAsTheyWent(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		at := time.Unix(0, rapid.Int64Range(-9214560000000000000, 9214646399999999999).Draw(t, "nanoseconds"))
		got, err := UnmarshalDateTime(strings.Trim(written(MarshalDateTime(at)), `"`))
		if err != nil || !got.Equal(at) || got.UnixNano() != at.UnixNano() {
			t.Fatalf("%v came back as %v, %v", at, got, err)
		}
	})
}

func FuzzUnmarshalDateTime(f *testing.F) {
	for _, s := range []string{"2026-03-29T01:30:00+01:00", "2026-03-29T01:30:00.123456789Z", "", "2026-03-29T01:30:00,5Z"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		at, err := UnmarshalDateTime(s)
		if err != nil {
			refused(t, s, err)
			return
		}
		// What is taken is the instant that it says, to the last digit.
		if slow, err := time.Parse(time.RFC3339Nano, s); err != nil || !slow.Equal(at) {
			t.Fatalf("%q was read as %v, by time.Parse %v, %v", s, at, slow, err)
		}
		if back := time.Unix(0, at.UnixNano()); !back.Equal(at) {
			t.Fatalf("%q is no instant of 64 bits", s)
		}
		if strings.Contains(s, ",") || len(s) < len("2006-01-02T15:04:05Z") {
			t.Fatalf("%q was taken", s)
		}
	})
}

func FuzzUnmarshalDecimal(f *testing.F) {
	for _, s := range []string{"1.5", "-1e-6", "1e400", "0", "999999999999.999999", "NaN"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		d, err := UnmarshalDecimal(s)
		n, errNumber := UnmarshalDecimal(json.Number(s))
		if d != n || (err == nil) != (errNumber == nil) {
			t.Fatalf("%q is %v, %v as a string and %v, %v as a number", s, d, err, n, errNumber)
		}
		if err != nil {
			refused(t, s, err)
			return
		}
		want, ok := new(big.Rat).SetString(s)
		got, _ := new(big.Rat).SetString(written(MarshalDecimal(d)))
		if !ok || want.Cmp(got) != 0 {
			t.Fatalf("%q was read as %v", s, d)
		}
	})
}

func TestTimeZone(t *testing.T) {
	for _, name := range []string{"Europe/Paris", "UTC", "America/Argentina/Buenos_Aires"} {
		got, err := UnmarshalTimeZone(name)
		if err != nil || got != name || written(MarshalTimeZone(got)) != `"`+name+`"` {
			t.Errorf("%s: %q, %v", name, got, err)
		}
	}
	for _, bad := range []any{nil, "", "Local", "Mars/Olympus", "../../etc/localtime", "/etc/localtime", "+01:00", 1, "Europe/Paris\x00"} {
		_, err := UnmarshalTimeZone(bad)
		refused(t, bad, err)
	}
}

func TestStringsAndIntsAreWhatTheyAre(t *testing.T) {
	if s, err := UnmarshalString("7"); err != nil || s != "7" {
		t.Error(s, err)
	}
	for _, bad := range []any{nil, json.Number("7"), int64(7), true, 1.5} {
		_, err := UnmarshalString(bad)
		refused(t, bad, err)
	}
	for in, want := range map[any]int{json.Number("-7"): -7, int64(7): 7, 2: 2, json.Number("2147483647"): 2147483647} {
		if i, err := UnmarshalInt(in); err != nil || i != want {
			t.Error(in, i, err)
		}
	}
	for _, bad := range []any{nil, "7", json.Number("1.5"), json.Number("2147483648"), int64(-2147483649), true, 7.0} {
		_, err := UnmarshalInt(bad)
		refused(t, bad, err)
	}
}

func TestCursor(t *testing.T) {
	if c, err := UnmarshalCursor("abc"); err != nil || c != "abc" || written(MarshalCursor(c)) != `"abc"` {
		t.Error(c, err)
	}
	for _, bad := range []any{nil, json.Number("5"), strings.Repeat("x", MaxCursor+1)} {
		_, err := UnmarshalCursor(bad)
		refused(t, bad, err)
	}
}

func TestJSON(t *testing.T) {
	raw := json.RawMessage(`{"value": 123456789012.345678}`)
	if got := written(MarshalJSON(raw)); got != string(raw) {
		t.Errorf("written as %s", got)
	}
	if got := written(MarshalJSON(nil)); got != "null" {
		t.Errorf("nothing is written as %s", got)
	}
	got, err := UnmarshalJSON(map[string]any{"value": json.Number("123456789012.345678")})
	if err != nil || string(got) != `{"value":123456789012.345678}` {
		t.Errorf("%s, %v", got, err)
	}
	_, err = UnmarshalJSON(func() {})
	refused(t, "a function", err)
}

func BenchmarkUnmarshalDecimal(b *testing.B) {
	var d charts.Decimal
	for b.Loop() {
		d, _ = UnmarshalDecimal(json.Number("1234.56"))
	}
	_ = d
}
