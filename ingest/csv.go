package ingest

import (
	"bufio"
	"bytes"
	"encoding/csv"
	"encoding/json"
	"errors"
	"io"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/mykpi/mykpi/charts"
	"github.com/mykpi/mykpi/charts/command"
	"github.com/mykpi/mykpi/tenancy"
)

// CSV reads points from a file, row by row.
type CSV struct {
	rows     *csv.Reader
	columns  columns
	comma    bool
	calendar charts.Calendar
	first    []string // the first row, where it is no header
	row      int      // of the line that was read last, from 1
}

// CSVOptions say how a file is written.
type CSVOptions struct {
	DecimalComma bool            // 1.234,5 rather than 1,234.5
	Calendar     charts.Calendar // of dates without a time, and of times without an offset
}

// columns are the places of what a row tells, -1 where it does not.
type columns struct{ at, value, key int }

// Row is a point and the row of the file that it stands in, from 1, the header counted.
type Row struct {
	Number int
	Point  command.PointInput
}

// NewCSV reads CSV: fields behind commas, semicolons or tabs, whichever the first line has most of, and a header where
// the first line is one. Without, the columns are instant, value and key, in this order.
func NewCSV(r io.Reader, o CSVOptions) (*CSV, error) {
	b := bufio.NewReaderSize(r, 64<<10)
	if mark, err := b.Peek(3); err == nil && string(mark) == "\ufeff" {
		_, _ = b.Discard(3) // just peeked
	}
	head, err := b.Peek(b.Size())
	if err != nil && !errors.Is(err, io.EOF) {
		return nil, err
	}
	if bytes.IndexByte(head, 0) >= 0 {
		return nil, tenancy.Refuse(tenancy.BadUserInput, "", "the file is not UTF-8: save it as CSV UTF-8")
	}
	if bytes.IndexByte(head, '\r') >= 0 && bytes.IndexByte(head, '\n') < 0 {
		return nil, tenancy.Refuse(tenancy.BadUserInput, "", "the file has lines that end in a carriage return alone: save it as CSV UTF-8, with line feeds")
	}
	c := &CSV{rows: csv.NewReader(b), comma: o.DecimalComma, calendar: o.Calendar}
	c.rows.Comma = separatorOf(string(head))
	c.rows.FieldsPerRecord = -1
	c.rows.TrimLeadingSpace = true
	c.rows.ReuseRecord = true
	return c, c.readHeader()
}

// separatorOf is what the first line separates its fields by, or says that all do, as Excel writes it: sep=;
func separatorOf(head string) rune {
	line, _, _ := strings.Cut(strings.TrimLeft(head, "\r\n"), "\n")
	if said, ok := strings.CutPrefix(strings.TrimSpace(line), separatorSign); ok && len(said) == 1 && strings.Contains(";\t,|", said) {
		return rune(said[0])
	}
	most, separator := 0, ','
	for _, s := range ";\t," {
		if n := strings.Count(line, string(s)); n > most {
			most, separator = n, s
		}
	}
	return separator
}

const separatorSign = "sep="

// columnOf is the place that a column of this name fills, or nil.
func columnOf(name string) func(*columns) *int {
	switch strings.ToLower(strings.TrimSpace(name)) {
	case "at", "date", "time", "timestamp", "datetime", "day":
		return func(c *columns) *int { return &c.at }
	case "value", "amount", "total":
		return func(c *columns) *int { return &c.value }
	case "key", "id":
		return func(c *columns) *int { return &c.key }
	}
	return nil
}

const notCSV = "is not CSV: close every quote, and write a quote within quotes twice"

const csvHelp = "begin the file with a header that names the columns date and value, and key where each row has an ID"

func (c *CSV) readHeader() error {
	fields, err := c.read()
	for err == nil && (c.blank(fields) || strings.HasPrefix(fields[0], separatorSign)) {
		fields, err = c.read()
	}
	var parse *csv.ParseError
	switch {
	case errors.Is(err, io.EOF):
		return tenancy.Refuse(tenancy.BadUserInput, "", "the file is empty: %s", csvHelp)
	case errors.As(err, &parse):
		return tenancy.Refuse(tenancy.BadUserInput, "", "the first row %s", notCSV)
	case err != nil:
		return err
	}
	c.columns = columns{-1, -1, -1}
	named := 0
	for i, name := range fields {
		place := columnOf(name)
		if place == nil {
			continue
		}
		if *place(&c.columns) >= 0 {
			return tenancy.Refuse(tenancy.BadUserInput, "", "the header has two columns for the same: keep one of date, at and time, one of value and amount, one of key and id")
		}
		*place(&c.columns) = i
		named++
	}
	if named == 0 {
		c.columns = columns{at: 0, value: 1, key: -1}
		if len(fields) > 2 {
			c.columns.key = 2
		}
		if len(fields) < 2 || c.point(fields).Invalid != nil {
			return tenancy.Refuse(tenancy.BadUserInput, "", "the first row is neither a header nor a date and a value: %s", csvHelp)
		}
		c.first = fields
		return nil
	}
	if c.columns.value < 0 {
		return tenancy.Refuse(tenancy.BadUserInput, "", "the header names no column value or amount: %s", csvHelp)
	}
	if c.columns.at < 0 && c.columns.key < 0 {
		return tenancy.Refuse(tenancy.BadUserInput, "", "the header names neither a date nor a key, so a row could not be told from another: %s", csvHelp)
	}
	return nil
}

// read is the next record. A row that is no CSV is a *csv.ParseError, after which the next one can be read.
func (c *CSV) read() ([]string, error) {
	fields, err := c.rows.Read()
	var parse *csv.ParseError
	switch {
	case errors.As(err, &parse):
		c.row = parse.StartLine
	case err == nil:
		c.row, _ = c.rows.FieldPos(0)
	}
	return fields, err
}

// Next is at most n more rows; none at the end of the file.
func (c *CSV) Next(n int) ([]Row, error) {
	rows := make([]Row, 0, n)
	for len(rows) < n {
		fields := c.first
		c.first = nil
		if fields == nil {
			var err error
			fields, err = c.read()
			var parse *csv.ParseError
			switch {
			case errors.As(err, &parse):
				why := tenancy.Refuse(tenancy.BadUserInput, "", notCSV)
				rows = append(rows, Row{c.row, command.PointInput{Raw: mustJSON(rawRow{Row: c.row}), Invalid: why}})
				continue
			case errors.Is(err, io.EOF):
				return rows, nil
			case err != nil:
				return rows, err
			}
		}
		if !c.blank(fields) {
			rows = append(rows, Row{c.row, c.point(fields)})
		}
	}
	return rows, nil
}

// blank reports whether a row has nothing to tell, as those behind the data of a spreadsheet.
func (c *CSV) blank(fields []string) bool {
	for _, f := range fields {
		if strings.TrimSpace(f) != "" {
			return false
		}
	}
	return true
}

// rawRow is what is kept of a row that is refused.
type rawRow struct {
	Row   int    `json:"row"`
	Key   string `json:"key,omitempty"`
	At    string `json:"at,omitempty"`
	Value string `json:"value,omitempty"`
}

func (c *CSV) point(fields []string) command.PointInput {
	field := func(i int) string {
		if i < 0 || i >= len(fields) {
			return ""
		}
		return strings.ToValidUTF8(strings.TrimSpace(fields[i]), "\ufffd")
	}
	key, instant, number := field(c.columns.key), field(c.columns.at), field(c.columns.value)
	var in command.PointInput
	refuse := func(name string, err error) {
		if err != nil && in.Invalid == nil {
			in.Invalid = tenancy.Refuse(tenancy.BadUserInput, name, "%v", err)
		}
	}
	for _, f := range fields {
		if !utf8.ValidString(f) {
			refuse("", errors.New("is not UTF-8: save the file in that encoding"))
		}
	}
	if key != "" {
		in.Key = &key
	}
	switch {
	case instant != "":
		at, err := c.instant(instant)
		refuse("at", err)
		if err == nil {
			in.At = &at
		}
	case in.Key == nil:
		refuse("at", errors.New("is empty, and so is the key: the row could not be told from another"))
	}
	value, err := c.value(number)
	refuse("value", err)
	in.Value = value
	if in.Invalid == nil {
		return in
	}
	if in.At != nil {
		instant = in.At.Format(time.RFC3339Nano)
	}
	if err == nil {
		number = value.String()
	}
	in.Raw = mustJSON(rawRow{c.row, key, instant, number})
	return in
}

// unspaced is a number without the spaces that set thousands apart, the narrow and the unbreakable one among them.
func unspaced(text string) string {
	return strings.Map(func(r rune) rune {
		if r == ' ' || r == '\u00a0' || r == '\u202f' {
			return -1
		}
		return r
	}, text)
}

// value reads a number as people write it in a spreadsheet, by the file's decimal sign. Thousands may be set apart by
// spaces, and by the other sign where the decimal one follows: 1,234 alone could be either.
func (c *CSV) value(text string) (charts.Decimal, error) {
	text = unspaced(text)
	if !c.comma {
		d, err := command.ParseValue(withoutThousands(text, ",", "."))
		if err != nil && strings.ContainsRune(text, ',') {
			err = errors.New("holds a comma: write 1234.5, or ask for decimal=comma where commas are the decimal signs of the file")
		}
		return d, err
	}
	text = withoutThousands(text, ".", ",")
	if strings.ContainsRune(text, '.') {
		return charts.Decimal{}, errors.New("holds a point, where the file's decimal sign is a comma: write 1234,5")
	}
	if strings.Count(text, ",") > 1 {
		return charts.Decimal{}, errors.New("holds several commas, where a comma is the file's decimal sign: write 1234,5")
	}
	return command.ParseValue(strings.Replace(text, ",", ".", 1))
}

// withoutThousands is a number without the signs that set its thousands apart, where it has them as it should and a
// decimal sign behind them; any other text as it is.
func withoutThousands(text, thousands, decimal string) string {
	whole, _, ok := strings.Cut(text, decimal)
	groups := strings.Split(whole, thousands)
	if !ok || len(strings.TrimLeft(groups[0], "+-")) > 3 || strings.TrimLeft(groups[0], "+-") == "" {
		return text
	}
	for _, g := range groups[1:] {
		if len(g) != 3 {
			return text
		}
	}
	return strings.Join(groups, "") + text[len(whole):]
}

// The ways to write an instant without an offset.
var localLayouts = []string{
	"2006-01-02", "2006-01-02T15:04:05", "2006-01-02 15:04:05", "2006-01-02T15:04", "2006-01-02 15:04",
}

// instant reads an instant with an offset, or one of the tenant's calendar.
func (c *CSV) instant(text string) (time.Time, error) {
	for _, layout := range localLayouts {
		if len(layout) != len(text) {
			continue
		}
		if t, err := time.Parse(layout, text); err == nil {
			if t.Year() < 1970 || t.Year() > 2199 {
				return time.Time{}, errors.New("must be from 1990 to five minutes ahead")
			}
			day := charts.DayOf(t.Date())
			return c.calendar.Wall(day, t.Sub(t.Truncate(24*time.Hour))).Time(), nil
		}
	}
	t, err := command.ParseInstant(strings.Replace(text, " ", "T", 1))
	if err != nil {
		return t, errors.New("must be a date such as 2026-03-29, with or without a time: 2026-03-29 14:30, or 2026-03-29T14:30:00+01:00")
	}
	return t, nil
}

func mustJSON(v any) json.RawMessage {
	raw, err := json.Marshal(v)
	if err != nil {
		panic("ingest: plain values can't fail to encode: " + err.Error())
	}
	return raw
}
