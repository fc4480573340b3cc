package scalar

import (
	"bytes"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/mykpi/mykpi/charts"
)

// What is appended is what the marshaler writes, of every instant that there can be.
func TestDateTimesAreAppendedAsTheyAreMarshaled(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		at := time.Unix(rapid.Int64Range(-1<<37, 1<<38).Draw(t, "second"), rapid.SampledFrom([]int64{0, 0, 1, 120_000_000, 999_999_999}).Draw(t, "nanosecond"))
		var want bytes.Buffer
		MarshalDateTime(at).MarshalGQL(&want)
		if got := AppendDateTime([]byte("x"), at); string(got) != "x"+want.String() {
			t.Fatalf("appended %s, marshaled %s", got, want.String())
		}
		if i := charts.InstantOf(at); i.Time().Equal(at) { // not beyond what an Instant can tell
			if got := AppendInstant([]byte("x"), i); string(got) != "x"+want.String() {
				t.Fatalf("appended the instant %s, marshaled %s", got, want.String())
			}
		}
	})
}

func BenchmarkAppendDateTime(b *testing.B) {
	at, text := time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC), make([]byte, 0, 64)
	for b.Loop() {
		text = AppendDateTime(text[:0], at)
	}
}
