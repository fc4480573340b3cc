package e2e

import (
	"fmt"
	"testing"
)

// TestTextThatIsNone sends keys and sources that are no text: bytes that are no UTF-8, and halves of surrogate pairs. They
// must not be mended on the way, for two keys could become one.
func TestTextThatIsNone(t *testing.T) {
	engines(t, func(t *testing.T, start starter) {
		c := start(t).admin(t)
		c.create(t, vars{"key": "sum", "aggregation": "SUM"})
		for _, text := range []string{`"a\ud800"`, `"a\udc00"`, `"\udc00\ud800"`, "\"a\xff\"", "\"\xed\xa0\x80\""} {
			for _, input := range []string{
				`"points": [{"key": ` + text + `, "value": 1}], "onInvalid": "FAIL"`,
				`"points": [{"key": "k", "value": 1}], "idempotencyKey": ` + text,
				`"points": [{"key": "k", "value": 1}], "source": ` + text,
			} {
				refused(t, c.post(t, fmt.Sprintf(`{"query": %s, "variables": {"input": {"chart": {"key": "sum"}, %s}}}`, quote(record), input)), "BAD_USER_INPUT", "")
			}
		}
		// A pair is one character, and fine.
		a := c.post(t, fmt.Sprintf(`{"query": %s, "variables": {"input": {"chart": {"key": "sum"}, "points": [{"key": "\ud83d\ude00", "value": 1}]}}}`, quote(record)))
		if points := c.points(t, "sum"); a.Errors != nil || len(points) != 1 || points[0].Key != "😀" {
			t.Errorf("%s, and then %+v", a.body, points)
		}
	})
}
