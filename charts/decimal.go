package charts

import (
	"encoding/binary"
	"errors"
	"fmt"
	"math/big"
	"math/bits"
	"strconv"
)

// A Decimal is an exact number of millionths in 128 bits: wide enough for the sum of 10^13 of the largest values that
// may be recorded. The zero Decimal is 0. Decimals compare with ==.
type Decimal struct {
	hi int64
	lo uint64
}

const (
	scale    = 1_000_000
	decimals = 6
	// limitUnits is the first integer part that is too large to be recorded: |v| < 1e12.
	limitUnits = 1_000_000_000_000
)

// ErrDecimal is what every refused decimal's error wraps.
var ErrDecimal = errors.New("not a decimal")

// DecimalOf is units and millionths of one, such as DecimalOf(12, 500_000) for 12.5. For negative numbers both are
// negative.
func DecimalOf(units, millionths int64) Decimal {
	return fromInt64(units).mul(scale).Add(fromInt64(millionths))
}

func fromInt64(n int64) Decimal { return Decimal{hi: n >> 63, lo: uint64(n)} }

// ParseDecimal reads a number in the grammar of JSON, with a leading + allowed: |v| < 1e12 and at most 6 decimals that
// are not zero. It never rounds: what can't be kept exactly is refused, with an error that says what is wrong.
func ParseDecimal(s string) (Decimal, error) {
	var room [24]byte // enough for what can be recorded; a longer one may still be zeros
	digits, exponent, negative, err := scanNumber(room[:0], s)
	if err != nil {
		return Decimal{}, err
	}
	// The value is digits * 10^exponent; strip zeros at both ends so that 1.50000000 is as good as 1.5.
	for len(digits) > 0 && digits[len(digits)-1] == '0' {
		digits = digits[:len(digits)-1]
		exponent++
	}
	for len(digits) > 0 && digits[0] == '0' {
		digits = digits[1:]
	}
	if len(digits) == 0 {
		return Decimal{}, nil
	}
	if exponent < -decimals {
		return Decimal{}, fmt.Errorf("%w: more than %d decimals", ErrDecimal, decimals)
	}
	if len(digits)+exponent > 12 {
		return Decimal{}, fmt.Errorf("%w: too large, must be below 1000000000000 (1e12) in size", ErrDecimal)
	}
	var n int64 // at most 18 digits: fits
	for _, c := range digits {
		n = n*10 + int64(c-'0')
	}
	for range exponent + decimals {
		n *= 10
	}
	if negative {
		n = -n
	}
	return fromInt64(n), nil
}

// MustDecimal is ParseDecimal for constants; it panics on others.
func MustDecimal(s string) Decimal {
	d, err := ParseDecimal(s)
	if err != nil {
		panic(err)
	}
	return d
}

var errNumber = fmt.Errorf("%w: expected a number such as 1234.5", ErrDecimal)

// scanNumber splits a JSON number into its digits, appended to some, and the power of ten of the last of them.
func scanNumber(digits []byte, s string) (_ []byte, exponent int, negative bool, err error) {
	if len(s) > 400 {
		return nil, 0, false, fmt.Errorf("%w: too long", ErrDecimal)
	}
	if s != "" && (s[0] == '-' || s[0] == '+') {
		negative = s[0] == '-'
		s = s[1:]
	}
	i := 0
	for ; i < len(s) && isDigit(s[i]); i++ {
		digits = append(digits, s[i])
	}
	if i == 0 || i > 1 && s[0] == '0' {
		return nil, 0, false, errNumber
	}
	if i < len(s) && s[i] == '.' {
		i++
		start := i
		for ; i < len(s) && isDigit(s[i]); i++ {
			digits = append(digits, s[i])
			exponent--
		}
		if i == start {
			return nil, 0, false, errNumber
		}
	}
	if i < len(s) && (s[i] == 'e' || s[i] == 'E') {
		e, err := strconv.Atoi(s[i+1:])
		if err != nil || e > 1000 || e < -1000 {
			return nil, 0, false, fmt.Errorf("%w: the exponent is out of range", ErrDecimal)
		}
		return digits, exponent + e, negative, nil
	}
	if i != len(s) {
		return nil, 0, false, errNumber
	}
	return digits, exponent, negative, nil
}

func isDigit(c byte) bool { return c >= '0' && c <= '9' }

// Add is d + e.
func (d Decimal) Add(e Decimal) Decimal {
	lo, carry := bits.Add64(d.lo, e.lo, 0)
	return Decimal{hi: d.hi + e.hi + int64(carry), lo: lo}
}

// Neg is -d.
func (d Decimal) Neg() Decimal {
	lo, borrow := bits.Sub64(0, d.lo, 0)
	return Decimal{hi: -d.hi - int64(borrow), lo: lo}
}

// Sub is d - e.
func (d Decimal) Sub(e Decimal) Decimal { return d.Add(e.Neg()) }

// Sign is -1, 0 or 1.
func (d Decimal) Sign() int {
	switch {
	case d.hi < 0:
		return -1
	case d.hi == 0 && d.lo == 0:
		return 0
	}
	return 1
}

// IsZero reports whether d is 0.
func (d Decimal) IsZero() bool { return d == Decimal{} }

// Cmp is -1, 0 or 1 as d is less than, equal to or more than e.
func (d Decimal) Cmp(e Decimal) int {
	switch {
	case d.hi != e.hi:
		if d.hi < e.hi {
			return -1
		}
		return 1
	case d.lo != e.lo:
		if d.lo < e.lo {
			return -1
		}
		return 1
	}
	return 0
}

// Abs is d without its sign.
func (d Decimal) Abs() Decimal {
	if d.hi < 0 {
		return d.Neg()
	}
	return d
}

// DividedBy is d / n rounded to the millionth, halves away from zero; n > 0.
func (d Decimal) DividedBy(n int64) Decimal { return quotient(d, 1, fromInt64(n)) }

// Ratio is d / e rounded to the millionth, halves away from zero; e must not be 0.
func (d Decimal) Ratio(e Decimal) Decimal { return quotient(d, scale, e) }

// PercentOf is 100 * d / e rounded to the millionth, halves away from zero; e must not be 0.
func (d Decimal) PercentOf(e Decimal) Decimal { return quotient(d, 100*scale, e) }

func (d Decimal) mul(m uint64) Decimal {
	a := d.Abs()
	hi, lo := bits.Mul64(a.lo, m)
	r := Decimal{hi: int64(uint64(a.hi)*m + hi), lo: lo}
	if d.hi < 0 {
		return r.Neg()
	}
	return r
}

// quotient is round(a * m / b), halves away from zero.
func quotient(a Decimal, m uint64, b Decimal) Decimal {
	negative := (a.Sign() < 0) != (b.Sign() < 0)
	a, b = a.Abs(), b.Abs()
	var q Decimal
	hi, lo := bits.Mul64(a.lo, m)
	if a.hi == 0 && b.hi == 0 && hi < b.lo {
		quo, rem := bits.Div64(hi, lo, b.lo)
		q = Decimal{lo: quo}
		if rem >= b.lo-rem {
			q = q.Add(Decimal{lo: 1})
		}
	} else {
		n := new(big.Int).Mul(a.big(), new(big.Int).SetUint64(m))
		quo, rem := new(big.Int).QuoRem(n, b.big(), new(big.Int))
		if rem.Lsh(rem, 1).Cmp(b.big()) >= 0 {
			quo.Add(quo, big.NewInt(1))
		}
		q = fromBig(quo)
	}
	if negative {
		return q.Neg()
	}
	return q
}

// big is |d| as a big integer of millionths; d must not be negative.
func (d Decimal) big() *big.Int {
	n := new(big.Int).SetUint64(uint64(d.hi))
	return n.Or(n.Lsh(n, 64), new(big.Int).SetUint64(d.lo))
}

func fromBig(n *big.Int) Decimal {
	lo := new(big.Int).And(n, new(big.Int).SetUint64(^uint64(0))).Uint64()
	return Decimal{hi: int64(new(big.Int).Rsh(n, 64).Uint64()), lo: lo}
}

// String is the shortest plain notation, such as -1234.5.
func (d Decimal) String() string { return string(d.AppendTo(nil)) }

// AppendTo appends d's shortest plain notation, which is a JSON number.
func (d Decimal) AppendTo(b []byte) []byte {
	if d.hi < 0 {
		b = append(b, '-')
		d = d.Neg()
	}
	if d.hi != 0 {
		return appendMillionths(b, d.big().String())
	}
	units, millionths := d.lo/scale, d.lo%scale
	b = strconv.AppendUint(b, units, 10)
	return appendFraction(b, millionths)
}

func appendMillionths(b []byte, digits string) []byte {
	cut := len(digits) - decimals
	b = append(b, digits[:cut]...)
	fraction, err := strconv.ParseUint(digits[cut:], 10, 64)
	if err != nil {
		panic(err) // digits of a big.Int: can't be
	}
	return appendFraction(b, fraction)
}

func appendFraction(b []byte, millionths uint64) []byte {
	switch {
	case millionths == 0:
		return b
	case millionths%10_000 == 0: // most have two decimals at most
		hundredths := byte(millionths / 10_000)
		b = append(b, '.', '0'+hundredths/10)
		if hundredths%10 > 0 {
			b = append(b, '0'+hundredths%10)
		}
		return b
	}
	var digits [decimals]byte
	for i := decimals - 1; i >= 0; i-- {
		digits[i] = '0' + byte(millionths%10)
		millionths /= 10
	}
	end := decimals
	for digits[end-1] == '0' {
		end--
	}
	return append(append(b, '.'), digits[:end]...)
}

// MarshalJSON writes a JSON number.
func (d Decimal) MarshalJSON() ([]byte, error) { return d.AppendTo(nil), nil }

// UnmarshalJSON reads a JSON number, or a JSON string that holds one.
func (d *Decimal) UnmarshalJSON(b []byte) error {
	if len(b) >= 2 && b[0] == '"' {
		b = b[1 : len(b)-1]
	}
	parsed, err := ParseDecimal(string(b))
	if err != nil {
		return err
	}
	*d = parsed
	return nil
}

// AppendBinary appends d in its compact form: mantissa and power of ten in one varint where that fits 64 bits (two to
// five bytes for everyday figures), else 17 bytes. ReadDecimal reads it back.
func (d Decimal) AppendBinary(b []byte) []byte {
	if n := int64(d.lo); d.hi == n>>63 && n < 1<<59 && n > -(1<<59) {
		power := uint64(decimals)
		for ; power > 0 && n%10 == 0; power-- {
			n /= 10
		}
		zigzag := uint64(n<<1) ^ uint64(n>>63)
		return binary.AppendUvarint(b, zigzag<<3|power)
	}
	b = append(b, 7)
	for shift := 56; shift >= 0; shift -= 8 {
		b = append(b, byte(uint64(d.hi)>>shift))
	}
	for shift := 56; shift >= 0; shift -= 8 {
		b = append(b, byte(d.lo>>shift))
	}
	return b
}

// powers are those of ten that a mantissa of AppendBinary is multiplied by, by its number of decimals.
var powers = [decimals + 1]int64{1_000_000, 100_000, 10_000, 1000, 100, 10, 1}

// ReadDecimal reads what AppendBinary wrote, and answers how many bytes of b that is; 0 where b does not begin with such.
func ReadDecimal(b []byte) (d Decimal, n int) {
	u, n := binary.Uvarint(b)
	if n <= 0 {
		return Decimal{}, 0
	}
	if power := u & 7; power < 7 {
		zigzag := u >> 3
		return fromInt64((int64(zigzag>>1) ^ -int64(zigzag&1)) * powers[power]), n
	}
	if u != 7 || len(b) < n+16 {
		return Decimal{}, 0
	}
	d.hi = int64(binary.BigEndian.Uint64(b[n:]))
	d.lo = binary.BigEndian.Uint64(b[n+8:])
	return d, n + 16
}
