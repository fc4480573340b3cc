package source

import (
	"strings"
	"testing"
)

// What an amount of 12345 is in every currency that Stripe's documentation sets apart, and in some that it does not.
func TestMajor(t *testing.T) {
	for major, currencies := range map[string]string{
		"12345":  "bif clp djf gnf jpy kmf krw mga pyg rwf vnd vuv xaf xof xpf",
		"123.45": "eur usd gbp chf isk ugx huf twd mru zzz",
		"12.345": "bhd jod kwd omr tnd",
	} {
		for currency := range strings.FieldsSeq(currencies) {
			if got := Major(12345, currency); got != major {
				t.Errorf("12345 %s is %s, want %s", currency, got, major)
			}
			if got := Major(-12345, strings.ToUpper(currency)); got != "-"+major {
				t.Errorf("-12345 %s is %s, want -%s", currency, got, major)
			}
		}
	}
	for _, test := range []struct {
		amount   int64
		currency string
		major    string
	}{
		{500, "ugx", "5.00"}, {500, "isk", "5.00"}, {500, "jpy", "500"}, {5, "eur", "0.05"}, {-5, "eur", "-0.05"}, {5, "kwd", "0.005"},
		{0, "jpy", "0"}, {0, "eur", "0.00"}, {-1 << 63, "eur", "-92233720368547758.08"},
	} {
		if got := Major(test.amount, test.currency); got != test.major {
			t.Errorf("%d %s is %s, want %s", test.amount, test.currency, got, test.major)
		}
	}
}
