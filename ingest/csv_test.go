package ingest_test

import (
	"bytes"
	"fmt"
	"maps"
	"strings"
	"testing"
	"time"

	"github.com/mykpi/mykpi/charts"
	"github.com/mykpi/mykpi/charts/command"
	"github.com/mykpi/mykpi/ingest"
)

func TestCSV(t *testing.T) {
	engines(t, func(t *testing.T, newStation opener) {
		const typ = "Content-Type"
		for name, test := range map[string]struct {
			query, file string
			counts      [4]int
			points      map[string]string
			refused     []string // the beginnings of messages
		}{
			"a header":       {"", "date,value\n2026-01-05T10:00:00Z,1\n2026-01-06T10:00:00Z,2\n", [4]int{2}, map[string]string{"2026-01-05T10:00:00Z": "1", "2026-01-06T10:00:00Z": "2"}, nil},
			"other names":    {"", "ID;Customer;Amount;Time\nk1;Ana;3.5;2026-01-05T10:00:00+01:00\n", [4]int{1}, map[string]string{"k1": "3.5"}, nil},
			"no header":      {"", "2026-01-05T10:00:00Z,1,a\n", [4]int{1}, map[string]string{"a": "1"}, nil},
			"tabs and a BOM": {"", "\ufeffvalue\tkey\r\n1\ta\r\n\r\n\t\r\n2\tb\r\n", [4]int{2}, map[string]string{"a": "1", "b": "2"}, nil},
			"days of the tenant": {"", "date,value\n2026-01-05,1\n2026-07-05,2\n2026-01-06 08:30,3\n", [4]int{3},
				map[string]string{"2026-01-04T23:00:00Z": "1", "2026-01-06T07:30:00Z": "3"}, nil},
			"a decimal comma": {"?decimal=comma", "date;value\n2026-01-05;1 234,5\n2026-01-06;1.5\n", [4]int{1, 0, 0, 1}, map[string]string{"2026-01-04T23:00:00Z": "1234.5"},
				[]string{"row 3: value: holds a point"}},
			"thousands":         {"", "key,value\na,\"1,234.5\"\nb,\"-1,234,567.89\"\nc,\"1,234\"\nd,\"12,34.5\"\n", [4]int{2, 0, 0, 2}, map[string]string{"a": "1234.5", "b": "-1234567.89"}, []string{"row 4: value: holds a comma", "row 5: value: holds a comma"}},
			"thousands' points": {"?decimal=comma", "key;value\na;1.234,5\nb;-1.234.567,89\nc;1.234\nd;1,2,3\ne;.5,1\n", [4]int{2, 0, 0, 3}, map[string]string{"a": "1234.5", "b": "-1234567.89"}, []string{"row 4: value: holds a point", "row 5: value: holds several commas", "row 6: value: holds a point"}},
			"Excel's separator": {"", "\ufeffsep=;\r\ndate;value;key\r\n2026-01-05;1;a,b\r\n", [4]int{1}, map[string]string{"a,b": "1"}, nil},
			"empty rows before": {"", "\n  \n,,\nkey,value\na,1\n", [4]int{1}, map[string]string{"a": "1"}, nil},
			"quoted line feeds": {"", "key,note,value\na,\"two\nlines\",1\nb,,x\n", [4]int{1, 0, 0, 1}, map[string]string{"a": "1"}, []string{"row 4: value: not a decimal"}},
			"numbers":           {"", "key,value\na,1e3\nb,-0\nc,NaN\nd,1e308\ne,1.2345678\nf,999999999999.999999\n", [4]int{3, 0, 0, 3}, map[string]string{"a": "1000", "b": "0", "f": "999999999999.999999"}, []string{"row 4: value: not a decimal", "row 5: value: not a decimal: too large", "row 6: value: not a decimal: more than 6"}},
			"rows that are refused": {"", "date,value,key\n2026-01-05,x,a\n05/01/2026,1,b\n,1,\n2026-01-05,\"1\"2\",c\n2026-01-05,1,good\n", [4]int{1, 0, 0, 4}, map[string]string{"good": "1"},
				[]string{"row 2: value: not a decimal", "row 3: at: must be a date", "row 4: at: is empty", "row 5: is not CSV"}},
			"the same row twice": {"", "date,value\n2026-01-05,1\n2026-01-05,1\n2026-01-05,2\n", [4]int{1, 1, 1}, map[string]string{"2026-01-04T23:00:00Z": "2"}, nil},
			"not UTF-8":          {"", "key,value\nk\xff,1\nb,2\n", [4]int{1, 0, 0, 1}, map[string]string{"b": "2"}, []string{"row 2: is not UTF-8"}},
			"a short row":        {"", "key,date,value\na,2026-01-05\nb,2026-01-05,2\n", [4]int{1, 0, 0, 1}, map[string]string{"b": "2"}, []string{"row 2: value: is empty"}},
		} {
			t.Run(name, func(t *testing.T) {
				s := newStation(t)
				if name == "days of the tenant" {
					test.file = strings.Replace(test.file, "2026-07-05", "2026-06-05", 1)
					test.points["2026-06-04T22:00:00Z"] = "2"
				}
				a := s.post("/webhooks/charts/revenue"+test.query, test.file, typ, "text/csv; charset=utf-8")
				if a.status != 200 || a.counts() != test.counts {
					t.Fatalf("%d %s, want %v", a.status, a.body, test.counts)
				}
				for i, want := range test.refused {
					if !strings.HasPrefix(a.Rejected[i].Message, want) {
						t.Errorf("refused %q, want %q", a.Rejected[i].Message, want)
					}
				}
				if got := s.points("revenue"); !maps.Equal(got, test.points) {
					t.Errorf("the points are %v, want %v", got, test.points)
				}
				if n := len(s.rejected()); n != len(test.refused) {
					t.Errorf("%d are kept as refused, want %d", n, len(test.refused))
				}
				if again := s.post("/webhooks/charts/revenue"+test.query, test.file, typ, "text/csv"); again.Recorded != 0 || name != "the same row twice" && again.Corrected != 0 {
					t.Errorf("again: %s", again.body)
				}
				if i := s.ingestions(); len(i) == 0 || a.IngestionID == "" {
					t.Errorf("%d ingestions, %s", len(i), a.body)
				}
			})
		}
	})
}

func TestFilesThatAreRefused(t *testing.T) {
	s := newStation(t)
	for file, want := range map[string]string{
		"":                              "empty",
		"\n \n":                         "empty",
		"sep=;\n":                       "empty",
		"=F(\"x\"),1\n":                 "the first row is not CSV",
		"\xff\xfed\x00a\x00t\x00e\x00":  "save it as CSV UTF-8",
		"date,value\r2026-01-05,1\r":    "carriage return",
		"hello\n1\n":                    "neither a header nor",
		"date,total,amount\n":           "two columns",
		"date,note\n":                   "no column value",
		"value\n1\n":                    "neither a date nor a key",
		strings.Repeat("x,", 50) + "\n": "neither a header nor",
	} {
		if a := s.post("/webhooks/charts/revenue", file, "Content-Type", "text/csv"); a.status != 422 || !strings.Contains(a.Errors[0].Message, want) {
			t.Errorf("%.20q: %d %s, want %q", file, a.status, a.body, want)
		}
	}
	huge := "key,value\n" + strings.Repeat("k,1\n", 3<<20)
	if a := s.post("/webhooks/charts/revenue", huge, "Content-Type", "text/csv"); a.status != 413 {
		t.Errorf("12 MiB: %d %s", a.status, a.body)
	}
	// Without a length, what fits is recorded, and the answer says how much that is.
	a, err := s.try("/webhooks/charts/revenue", struct{ *bytes.Buffer }{bytes.NewBufferString("key,value\n" + strings.Repeat("k,1\n", 3<<20))}, "Content-Type", "text/csv")
	if err != nil || a.status != 413 || !strings.Contains(a.Errors[0].Message, "rows up to") {
		t.Errorf("12 MiB in chunks: %v %d %s", err, a.status, a.body)
	}
}

// A file that is sent again under its key is answered as the first time, batch by batch.
func TestCSVByKey(t *testing.T) {
	engines(t, func(t *testing.T, newStation opener) {
		s := newStation(t)
		var file strings.Builder
		file.WriteString("key,value\n")
		for i := range 2300 {
			fmt.Fprintf(&file, "k%d,%d\n", i, i)
		}
		first := s.post("/webhooks/charts/revenue", file.String(), "Content-Type", "text/csv", "Idempotency-Key", "file-1")
		second := s.post("/webhooks/charts/revenue", file.String(), "Content-Type", "text/csv", "Idempotency-Key", "file-1")
		if first.Recorded != 2300 || second.counts() != first.counts() {
			t.Errorf("%s, then %s", first.body, second.body)
		}
		if n := len(s.ingestions()); n != 1 {
			t.Errorf("%d ingestions, want 1", n)
		}
	})
}

func FuzzCSV(f *testing.F) {
	f.Add("date,value\n2026-01-05,1\n", false)
	f.Add("2026-01-05;1,5;k\n", true)
	f.Add("\ufeffkey\tvalue\n\"a\nb\"\t1\n", false)
	calendar, err := charts.NewCalendar("Europe/Paris", time.Monday)
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, file string, comma bool) {
		c, err := ingest.NewCSV(strings.NewReader(file), ingest.CSVOptions{DecimalComma: comma, Calendar: calendar})
		if err != nil {
			return
		}
		last := 0
		for {
			rows, err := c.Next(10)
			if err != nil {
				t.Fatalf("a file in memory can't fail to be read: %v", err)
			}
			if len(rows) == 0 {
				return
			}
			for _, r := range rows {
				if r.Number < last {
					t.Fatalf("row %d follows row %d", r.Number, last)
				}
				last = r.Number
				if r.Point.Invalid == nil && r.Point.At == nil && r.Point.Key == nil {
					t.Fatalf("row %d can't be told from others", r.Number)
				}
			}
		}
	})
}

// A file that was cut off and is sent again under its idempotency key is told the ingestion of what it recorded itself.
func TestAFileThatGoesOnUnderItsKeyNamesItsIngestion(t *testing.T) {
	s := newStation(t)
	rows := func(n int) string {
		var text strings.Builder
		text.WriteString("date,value\n")
		for minute := range n {
			fmt.Fprintf(&text, "%s,1\n", time.Date(2024, 1, 1, 0, minute, 0, 0, time.UTC).Format(time.RFC3339))
		}
		return text.String()
	}
	send := func(n int) answer {
		return s.post("/webhooks/charts/revenue", rows(n), "Content-Type", "text/csv", "Idempotency-Key", "file")
	}
	first, whole := send(1000), send(2500)
	if whole.Recorded != 2500 || whole.IngestionID == "" || whole.IngestionID == first.IngestionID {
		t.Errorf("%s, after %s", whole.body, first.body)
	}
	undone, err := s.commands.UndoIngestion(t.Context(), s.acme, command.UndoIngestion{ID: whole.IngestionID})
	if err != nil || undone.Removed != 1500 {
		t.Errorf("%+v, %v, want the 1,500 that were new", undone, err)
	}
	if again := send(1000); again.IngestionID != first.IngestionID || again.Recorded != 1000 {
		t.Errorf("%s, want what was answered first: %s", again.body, first.body)
	}
}
