package charts

import (
	"regexp"
	"testing"
	"time"
)

// asWritten is the shape that RFC 3339 gives what time.Parse has read.
var asWritten = regexp.MustCompile(`^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,9})?(Z|[+-]([01]\d|2[0-3]):[0-5]\d)$`)

// FuzzParseRFC3339 compares with time.Parse.
func FuzzParseRFC3339(f *testing.F) {
	for _, seed := range []string{
		"2026-03-29T01:30:00Z", "2026-03-29T01:30:00.123456789+23:59", "2026-03-29T01:30:00.1-00:30", "2024-02-29T00:00:00Z", "2023-02-29T00:00:00Z",
		"2026-04-31T00:00:00Z", "0000-01-01T00:00:00+00:01", "9999-12-31T23:59:59-23:59", "2026-00-10T00:00:00Z", "2026-13-10T00:00:00Z", "2026-01-00T00:00:00Z",
		"2026-03-29T1:30:00,5Z", "2026-03-29T01:30:00.Z", "2026-03-29T01:30:00.1234567890Z", "2026-03-29T01:30:00+24:00", "2026-03-29T01:30:00+01:60",
		"2026-03-29T24:00:00Z", "2026-03-29T23:60:00Z", "2026-03-29T23:59:60Z", "2026-03-29T01:30:00", "2026-03-29t01:30:00z", "2026-03-29 01:30:00Z",
		"2026-03-29T01:30:00Z ", "2026-03-29T01:30:00+0100", "2026-03-2xT01:30:00Z", "", "٢٠٢٦-03-29T01:30Z",
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		want, err := time.Parse(time.RFC3339Nano, text)
		taken := err == nil && asWritten.MatchString(text)
		for _, read := range []func() (time.Time, bool){
			func() (time.Time, bool) { return ParseRFC3339(text) },
			func() (time.Time, bool) { return ParseRFC3339([]byte(text)) },
		} {
			if got, ok := read(); ok != taken || ok && got != want.UTC() {
				t.Fatalf("%q is read as %v, %v; want %v, %v", text, got, ok, want.UTC(), taken)
			}
		}
	})
}

func BenchmarkParseRFC3339(b *testing.B) {
	for b.Loop() {
		if _, ok := ParseRFC3339("2026-06-15T12:00:00.000+02:00"); !ok {
			b.Fatal()
		}
	}
}
