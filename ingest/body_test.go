package ingest_test

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/mykpi/mykpi/charts/command"
	"github.com/mykpi/mykpi/ingest"
	"github.com/mykpi/mykpi/ingest/source"
)

func ingestVerify(k source.Kind, header http.Header) error {
	return ingest.Verify(&source.Source{Kind: k}, time.Unix(1, 0), header, []byte(`{}`))
}

func FuzzBody(f *testing.F) {
	for _, seed := range []string{`{"value":1}`, `[{"value":"1,5","at":null}]`, `{"points":[{"value":1e3}],"chart":"c"}`, `"\ud800"`, `[null]`} {
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
		points, err := ingest.ParseBody(body)
		if err != nil {
			return
		}
		for _, raw := range points {
			if in := command.ReadPoint(raw); in.Invalid == nil && in.At != nil && in.At.Year() < 1678 {
				t.Fatalf("%s was read as %s", raw, in.At)
			}
		}
	})
}
