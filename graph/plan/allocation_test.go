package plan_test

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

// Writing a field allocates nothing: a selection of many scalars costs hardly more allocations than one of a single one,
// which gqlgen's own execution pays by the field.
func TestFieldsAllocateNothing(t *testing.T) {
	s := newSubject(t)
	allocations := func(h http.Handler, fields string) float64 {
		body := `{"query": "{ charts(first: 6) { nodes { ` + fields + ` } } }"}`
		return testing.AllocsPerRun(20, func() {
			r := httptest.NewRequest(http.MethodPost, "/graphql", strings.NewReader(body))
			r.Header.Set("Content-Type", "application/json")
			w := httptest.NewRecorder()
			h.ServeHTTP(w, r)
			if w.Code != http.StatusOK || strings.Contains(w.Body.String(), `"errors"`) {
				t.Fatal(w.Body)
			}
		})
	}
	const few, many = "id", "id key visualization aggregation target direction status version createdAt updatedAt unit { kind currency decimals suffix }"
	compiled := allocations(s.compiled, many) - allocations(s.compiled, few)
	reference := allocations(s.reference, many) - allocations(s.reference, few)
	if compiled > 8 { // of the request itself, whose text is larger
		t.Errorf("12 more fields of 6 charts make %v allocations, want at most 8", compiled)
	}
	if reference < 100 {
		t.Errorf("gqlgen makes %v allocations for them: what is measured here?", reference)
	}
}
