package charts

import (
	"strings"
	"testing"
)

func TestCheckKey(t *testing.T) {
	for key, valid := range map[string]bool{
		"a": true, "0": true, "monthly-revenue-eu": true, "a--b-": true, strings.Repeat("k", 63): true,
		"": false, "-a": false, "A": false, "a_b": false, "a b": false, "ü": false, "a#b": false, "a/b": false, "a\x00": false, strings.Repeat("k", 64): false,
	} {
		expectRefusal(t, "key", key, CheckKey("key", key), valid)
	}
}

func TestKeyFromName(t *testing.T) {
	for name, want := range map[string]string{
		"Monthly revenue (EU)": "monthly-revenue-eu", "MRR": "mrr", "  a  ": "a", "Umsatz für März": "umsatz-f-r-m-rz", "売上": "chart", "": "chart",
		"100 %": "100", strings.Repeat("long name ", 20): "long-name-long-name-long-name-long-name-long-name-long",
	} {
		got := KeyFromName(name)
		if got != want {
			t.Errorf("KeyFromName(%.30q) = %q, want %q", name, got, want)
		}
	}
}

func FuzzKeyFromName(f *testing.F) {
	f.Add("Monthly revenue (EU)")
	f.Add("-ſK\u0130\xff")
	f.Fuzz(func(t *testing.T, name string) {
		key := KeyFromName(name)
		if err := CheckKey("key", key+"-20"); err != nil {
			t.Errorf("KeyFromName(%q) = %q, which with a number behind it is no key: %v", name, key, err)
		}
	})
}

// Bad data (security.md) by the field that it is refused under; "" where it is taken.
func TestSettingsCheck(t *testing.T) {
	for name, c := range map[string]struct {
		change func(*Settings)
		field  string
	}{
		"as they are":                    {func(*Settings) {}, ""},
		"a name of 120 characters":       {func(s *Settings) { s.Name = strings.Repeat("é", 120) }, ""},
		"an Arabic name":                 {func(s *Settings) { s.Name = "إيرادات" }, ""},
		"an emoji of several":            {func(s *Settings) { s.Name = "👩‍🚀 Launches" }, ""},
		"a name of 121 characters":       {func(s *Settings) { s.Name = strings.Repeat("é", 121) }, "name"},
		"no name":                        {func(s *Settings) { s.Name = "" }, "name"},
		"a name of blanks":               {func(s *Settings) { s.Name = "\u00a0 " }, "name"},
		"a name of invalid UTF-8":        {func(s *Settings) { s.Name = "a\xff" }, "name"},
		"a lone surrogate":               {func(s *Settings) { s.Name = "a\xed\xa0\x80" }, "name"},
		"what a decoder makes of one":    {func(s *Settings) { s.Name = "a\ufffd" }, "name"},
		"a name of two lines":            {func(s *Settings) { s.Name = "a\nb" }, "name"},
		"a null":                         {func(s *Settings) { s.Name = "a\x00b" }, "name"},
		"a name that turns direction":    {func(s *Settings) { s.Name = "a\u202egnp.exe" }, "name"},
		"an isolate":                     {func(s *Settings) { s.Name = "a\u2066b" }, "name"},
		"a line separator":               {func(s *Settings) { s.Name = "a\u2028b" }, "name"},
		"lines in a description":         {func(s *Settings) { s.Description = "one\ntwo\tthree" }, ""},
		"2,000 characters":               {func(s *Settings) { s.Description = strings.Repeat("é", 2000) }, ""},
		"2,001 characters":               {func(s *Settings) { s.Description = strings.Repeat("é", 2001) }, "description"},
		"a bell in a description":        {func(s *Settings) { s.Description = "\a" }, "description"},
		"a description that turns":       {func(s *Settings) { s.Description = "\u200f" }, "description"},
		"stale after a year":             {func(s *Settings) { s.StaleAfter = 366 * 24 * 3600 }, ""},
		"stale after more":               {func(s *Settings) { s.StaleAfter = 366*24*3600 + 1 }, "staleAfter"},
		"stale before":                   {func(s *Settings) { s.StaleAfter = -1 }, "staleAfter"},
		"a currency of small letters":    {func(s *Settings) { s.Unit.Currency = "eur" }, "unit.currency"},
		"a currency of four letters":     {func(s *Settings) { s.Unit.Currency = "EURO" }, "unit.currency"},
		"no currency":                    {func(s *Settings) { s.Unit.Currency = "" }, "unit.currency"},
		"a currency of what is no money": {func(s *Settings) { s.Unit.Kind = UnitPercent }, "unit.currency"},
		"six decimals":                   {func(s *Settings) { s.Unit.Decimals = 6 }, ""},
		"seven decimals":                 {func(s *Settings) { s.Unit.Decimals = 7 }, "unit.decimals"},
		"fewer than no decimals":         {func(s *Settings) { s.Unit.Decimals = -1 }, "unit.decimals"},
		"a suffix of 16 characters":      {func(s *Settings) { s.Unit.Suffix = strings.Repeat("é", 16) }, ""},
		"a suffix of 17 characters":      {func(s *Settings) { s.Unit.Suffix = strings.Repeat("é", 17) }, "unit.suffix"},
		"a suffix of two lines":          {func(s *Settings) { s.Unit.Suffix = "a\nb" }, "unit.suffix"},
	} {
		expectRefusal(t, c.field, name, with(revenue, c.change).Check(), c.field == "")
	}
}
