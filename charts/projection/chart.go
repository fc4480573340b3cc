package projection

import (
	"encoding/json"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/mykpi/mykpi/charts"
)

// ReadChart reads the document of a chart's settings, which is the chart as JSON. Every dashboard reads one for each of its
// charts, so that the very text that json.Marshal writes is read in one pass; whatever else there is goes to json.Unmarshal.
func ReadChart(body []byte) (*charts.Chart, error) {
	c := new(charts.Chart)
	if w := (written{rest: string(body)}); w.chart(c) {
		return c, nil
	}
	*c = charts.Chart{}
	return c, json.Unmarshal(body, c)
}

// written is what remains of a text as json.Marshal writes it: members in the order of their fields, no white space. After the
// first thing that is otherwise it reads no more.
type written struct {
	rest  string
	other bool
}

// chart reads into an empty chart and reports whether all of the text was as expected.
func (w *written) chart(c *charts.Chart) bool {
	c.ID = charts.ID(w.text(`{"id":`))
	c.Key = w.text(`,"key":`)
	c.Aggregation = charts.Aggregation(w.text(`,"aggregation":`))
	c.Name = w.text(`,"name":`)
	c.Description = w.optional(`,"description":`)
	c.Visualization = charts.Visualization(w.text(`,"visualization":`))
	c.Unit.Kind = charts.UnitKind(w.text(`,"unit":{"kind":`))
	c.Unit.Currency = w.optional(`,"currency":`)
	c.Unit.Decimals = w.number(`,"decimals":`)
	c.Unit.Suffix = w.optional(`,"suffix":`)
	w.next("}")
	if w.ahead(`,"target":`) {
		c.Target = w.decimal(`,"target":`)
	}
	c.Direction = charts.Direction(w.text(`,"direction":`))
	if w.ahead(`,"staleAfter":`) {
		c.StaleAfter = w.number(`,"staleAfter":`)
	}
	c.Status = charts.Status(w.text(`,"status":`))
	c.CreatedAt = w.time(`,"createdAt":`)
	c.ChangedAt = w.time(`,"changedAt":`)
	w.next("}")
	return !w.other && w.rest == ""
}

// ahead reports whether a text comes next.
func (w *written) ahead(text string) bool { return !w.other && strings.HasPrefix(w.rest, text) }

// next goes behind a text, which must come next.
func (w *written) next(text string) {
	if !w.ahead(text) {
		w.other = true
		return
	}
	w.rest = w.rest[len(text):]
}

// text reads a string without escapes, behind what comes before it.
func (w *written) text(before string) string {
	w.next(before)
	w.next(`"`)
	if w.other {
		return ""
	}
	for i := 0; i < len(w.rest); i++ {
		switch c := w.rest[i]; {
		case c == '"':
			s := w.rest[:i]
			w.rest = w.rest[i+1:]
			w.other = !utf8.ValidString(s)
			return s
		case c == '\\' || c < ' ':
			w.other = true
			return ""
		}
	}
	w.other = true
	return ""
}

// optional is text where it comes next, else "".
func (w *written) optional(before string) string {
	if !w.ahead(before) {
		return ""
	}
	return w.text(before)
}

// token reads up to what can't belong to a number.
func (w *written) token(before string) string {
	w.next(before)
	end := max(0, strings.IndexAny(w.rest, ",}"))
	token := w.rest[:end]
	w.rest = w.rest[end:]
	return token
}

func (w *written) number(before string) int {
	token := w.token(before)
	n, err := strconv.Atoi(token)
	if err != nil || strconv.Itoa(n) != token {
		w.other = true
	}
	return n
}

func (w *written) decimal(before string) *charts.Decimal {
	token := w.token(before)
	d, err := charts.ParseDecimal(token)
	if err != nil || d.String() != token {
		w.other = true
	}
	return &d
}

func (w *written) time(before string) (t time.Time) {
	if t.UnmarshalText([]byte(w.text(before))) != nil {
		w.other = true
	}
	return t
}
