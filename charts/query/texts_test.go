package query_test

import (
	"bytes"
	"fmt"
	"testing"
	"time"

	"github.com/mykpi/mykpi/charts"
	"github.com/mykpi/mykpi/charts/query"
	"github.com/mykpi/mykpi/tenancy"
	"github.com/mykpi/mykpi/tenancy/directory"
	"github.com/mykpi/mykpi/test/core"
)

// shelved is a tenant of one chart that is kept, and a look at the chart as it is now.
func shelved(t *testing.T) (c *core.Core, as tenancy.Identity, id charts.ID, look func() *query.Chart) {
	c = core.New(t, core.At(time.Date(2026, 11, 23, 15, 30, 0, 0, time.UTC)))
	as = c.Tenant(t, "UTC", directory.Monday)
	id = c.Chart(t, as, charts.Sum)
	return c, as, id, func() *query.Chart {
		all, err := c.Reader.All(t.Context(), as.Tenant())
		if err != nil {
			t.Fatal(err)
		}
		return all[0]
	}
}

// What is written of a chart that has changed meanwhile takes nothing of the memory for what comes after.
func TestWhatIsWrittenTooLateIsNotCounted(t *testing.T) {
	c, as, id, look := shelved(t)
	written := bytes.Repeat([]byte("x"), 10_000)
	c.Reader.Memory = 40 * len(written)
	late := look()
	for n := range 40 {
		c.Record(t, as, id, core.Point(c.Clock.Now(), fmt.Sprint(n)))
		newer := look()
		late.Keep(1, "", written)
		late = newer
	}
	late = look()
	late.Keep(1, "", written)
	if late.Recall(1, "") == nil {
		t.Error("what is written of the chart is not kept any more")
	}
}

// Those who write the same at once keep it once.
func TestWhatIsWrittenTwiceIsKeptOnce(t *testing.T) {
	_, _, _, look := shelved(t)
	looks := []*query.Chart{look(), look(), look(), look(), look(), look(), look(), look(), look()}
	looks[0].Keep(1, "", []byte("one"))
	for _, l := range looks {
		l.Keep(2, "", []byte("two"))
	}
	if got := look().Recall(1, ""); string(got) != "one" {
		t.Errorf("after another text came nine times, %q is kept", got)
	}
}
