package source

import (
	"strconv"
	"strings"

	"github.com/google/cel-go/common/types"
	"github.com/google/cel-go/common/types/ref"
)

// minorDigits are the currencies in whose amounts Stripe does not count hundredths, from docs.stripe.com/currencies:
// "Zero-decimal currencies" and "Three-decimal currencies". Its "Special cases" are hundredths all the same: UGX and ISK
// have no minor unit any more, yet stay two-decimal values whose decimals are always 00 (500 is 5 UGX), and HUF and TWD are
// zero-decimal in payouts alone, where amounts are still multiples of 100.
var minorDigits = map[string]int{
	"bif": 0, "clp": 0, "djf": 0, "gnf": 0, "jpy": 0, "kmf": 0, "krw": 0, "mga": 0, "pyg": 0, "rwf": 0, "vnd": 0, "vuv": 0,
	"xaf": 0, "xof": 0, "xpf": 0,
	"bhd": 3, "jod": 3, "kwd": 3, "omr": 3, "tnd": 3,
}

// Major is an amount in minor units, as Stripe sends it, in major ones: Major(1999, "eur") is "19.99", Major(500, "jpy")
// is "500".
func Major(amount int64, currency string) string {
	digits, known := minorDigits[strings.ToLower(currency)]
	if !known {
		digits = 2
	}
	text := strconv.FormatInt(amount, 10)
	if digits == 0 {
		return text
	}
	sign := ""
	if text[0] == '-' {
		sign, text = "-", text[1:]
	}
	if pad := digits + 1 - len(text); pad > 0 {
		text = strings.Repeat("0", pad) + text
	}
	at := len(text) - digits
	return sign + text[:at] + "." + text[at:]
}

// money is Major for expressions: money(body.data.object.amount, body.data.object.currency).
func money(amount, currency ref.Val) ref.Val {
	n, isInt := amount.Value().(int64)
	code, isString := currency.Value().(string)
	if !isInt || !isString {
		return types.NewErr("money takes a whole number of minor units and a currency, such as money(1999, 'eur')")
	}
	return types.String(Major(n, code))
}
