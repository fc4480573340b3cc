package charts

import (
	"slices"
	"strings"

	"github.com/mykpi/mykpi/tenancy"
)

const (
	maxKey        = 63
	maxSuffix     = 16
	maxStaleAfter = 366 * 24 * 3600 // seconds
)

// CheckKey refuses a string that can't be a chart's key: [a-z0-9][a-z0-9-]{0,62}.
func CheckKey(field, key string) error {
	valid := key != "" && len(key) <= maxKey && key[0] != '-'
	for i := range len(key) {
		c := key[i]
		valid = valid && (c >= 'a' && c <= 'z' || c >= '0' && c <= '9' || c == '-')
	}
	if !valid {
		return tenancy.Refuse(tenancy.BadUserInput, field, "must be 1 to %d of a-z, 0-9 and -, and start with a letter or digit", maxKey)
	}
	return nil
}

// KeyFromName makes a key of a name: "Monthly revenue (EU)" becomes "monthly-revenue-eu". A name without a letter or
// digit of ASCII becomes "chart".
func KeyFromName(name string) string {
	var b strings.Builder
	for _, r := range strings.ToLower(name) {
		switch {
		case r >= 'a' && r <= 'z' || r >= '0' && r <= '9':
			b.WriteRune(r)
		case b.Len() > 0 && !strings.HasSuffix(b.String(), "-"):
			b.WriteByte('-')
		}
		if b.Len() == maxKey-8 { // leaves room for a number behind it
			break
		}
	}
	if key := strings.Trim(b.String(), "-"); key != "" {
		return key
	}
	return "chart"
}

// Check refuses settings that no chart may have.
func (s Settings) Check() error {
	if err := tenancy.CheckName("name", s.Name); err != nil {
		return err
	}
	if err := tenancy.CheckText("description", s.Description); err != nil {
		return err
	}
	if s.StaleAfter < 0 || s.StaleAfter > maxStaleAfter {
		return tenancy.Refuse(tenancy.BadUserInput, "staleAfter", "must be 1 to %d seconds, or null for never", maxStaleAfter)
	}
	return s.Unit.check()
}

func (u Unit) check() error {
	if u.Kind == UnitCurrency {
		if len(u.Currency) != 3 || strings.IndexFunc(u.Currency, func(r rune) bool { return r < 'A' || r > 'Z' }) >= 0 {
			return tenancy.Refuse(tenancy.BadUserInput, "unit.currency", "must be an ISO 4217 code such as EUR for the kind CURRENCY")
		}
	} else if u.Currency != "" {
		return tenancy.Refuse(tenancy.BadUserInput, "unit.currency", "goes with the kind CURRENCY alone")
	}
	if u.Decimals < 0 || u.Decimals > decimals {
		return tenancy.Refuse(tenancy.BadUserInput, "unit.decimals", "must be 0 to %d", decimals)
	}
	return tenancy.CheckLine("unit.suffix", u.Suffix, maxSuffix)
}

// changes are the names of the fields in which two settings differ, as clients call them.
func (s Settings) changes(w Settings) []string {
	differs := map[string]bool{
		"name":          s.Name != w.Name,
		"description":   s.Description != w.Description,
		"visualization": s.Visualization != w.Visualization,
		"unit":          s.Unit != w.Unit,
		"target":        !equal(s.Target, w.Target),
		"direction":     s.Direction != w.Direction,
		"staleAfter":    s.StaleAfter != w.StaleAfter,
	}
	var names []string
	for name, d := range differs {
		if d {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return names
}

func equal(a, b *Decimal) bool {
	if a == nil || b == nil {
		return a == b
	}
	return *a == *b
}
