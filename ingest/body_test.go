package ingest_test

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/mykpi/mykpi/ingest"
	"github.com/mykpi/mykpi/ingest/source"
)

func ingestVerify(k source.Kind, header http.Header) error {
	return ingest.Verify(&source.Source{Kind: k}, time.Unix(1, 0), header, []byte(`{}`))
}

func FuzzBody(f *testing.F) {
	for _, seed := range []string{`{"value":1}`, `[{"value":"1,5","at":null}]`, `{"points":[{"value":1e3}],"chart":"c"}`, `"\ud800"`, `[null]`, "[\"\xff\"]", `{"a":1,"a":2}`, "\ufeff1", strings.Repeat("[", 10_000) + strings.Repeat("]", 10_000), strings.Repeat("[", 10_001) + strings.Repeat("]", 10_001)} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		// Go reads a half surrogate as the replacement character, so one that it finds must have been there.
		var text string
		if json.Unmarshal(body, &text) == nil && !strings.Contains(string(body), "\ufffd") && !strings.Contains(strings.ToLower(string(body)), `\ufffd`) && strings.ToValidUTF8(string(body), "") == string(body) {
			if ingest.HasLoneSurrogate(body) != strings.Contains(text, "\ufffd") {
				t.Fatalf("%s: a half surrogate is told as %v", body, ingest.HasLoneSurrogate(body))
			}
		}
		if valid := utf8.Valid(body) && !ingest.HasLoneSurrogate(body) && json.Valid(body); valid != (ingest.CheckJSON(body) == nil) {
			t.Fatalf("%q: valid is %v, and the check says %v", body, valid, ingest.CheckJSON(body))
		}
		points, err := ingest.ParseBody(body)
		if err != nil {
			return
		}
		for _, in := range points {
			if in.Invalid == nil && in.At != nil && in.At.Year() < 1678 {
				t.Fatalf("%s was read as %s", in.Raw, in.At)
			}
		}
	})
}

// BenchmarkBody reads the body of a webhook: "ns/point" of 1,000.
func BenchmarkBody(b *testing.B) {
	body := []byte(asBatches(minutes())[0].body)
	for b.Loop() {
		if points, err := ingest.ParseBody(body); err != nil || len(points) != benchBatch {
			b.Fatal(len(points), err)
		}
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N*benchBatch), "ns/point")
}
