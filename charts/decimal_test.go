package charts

import (
	"errors"
	"math/big"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func TestParseDecimal(t *testing.T) {
	for in, want := range map[string]string{
		"0": "0", "-0": "0", "1": "1", "12.50": "12.5", "0.000001": "0.000001", "-0.1": "-0.1", "1e3": "1000",
		"1.5E-3": "0.0015", "999999999999.999999": "999999999999.999999", "1.50000000": "1.5", "100e-8": "0.000001",
		"+7": "7", "0e400": "0",
	} {
		d, err := ParseDecimal(in)
		if err != nil || d.String() != want {
			t.Errorf("ParseDecimal(%q) = %v, %v, want %s", in, d, err, want)
		}
	}
	for _, in := range []string{
		"", " 1", "1 ", "NaN", "Infinity", "-", ".5", "5.", "1,5", "01", "0x10", "1e", "1e1000000", "1e308", "1e12",
		"1000000000000", "0.0000001", "1.00000000000000000001", "--1", "1_000", "١", strings.Repeat("9", 500),
	} {
		if d, err := ParseDecimal(in); !errors.Is(err, ErrDecimal) {
			t.Errorf("ParseDecimal(%q) = %v, %v, want ErrDecimal", in, d, err)
		}
	}
}

func anyDecimal(t *rapid.T, label string) Decimal {
	return Decimal{hi: rapid.Int64Range(-1<<40, 1<<40).Draw(t, label+" hi") >> rapid.IntRange(0, 60).Draw(t, label+" shift"), lo: rapid.Uint64().Draw(t, label)}
}

func (d Decimal) signedBig() *big.Int {
	n := d.Abs().big()
	if d.Sign() < 0 {
		n.Neg(n)
	}
	return n
}

func TestDecimalAgreesWithBigIntegers(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a, b := anyDecimal(t, "a"), anyDecimal(t, "b")
		if got, want := a.Add(b).signedBig(), new(big.Int).Add(a.signedBig(), b.signedBig()); got.Cmp(want) != 0 {
			t.Fatalf("%v + %v = %v, want %v", a, b, got, want)
		}
		if got, want := a.Cmp(b), a.signedBig().Cmp(b.signedBig()); got != want {
			t.Fatalf("%v cmp %v = %d, want %d", a, b, got, want)
		}
		if b.IsZero() {
			return
		}
		exact := new(big.Rat).SetFrac(new(big.Int).Mul(a.signedBig(), big.NewInt(100*scale)), b.signedBig())
		if exact.Num().BitLen()-exact.Denom().BitLen() < 120 {
			off := new(big.Rat).Sub(new(big.Rat).SetInt(a.PercentOf(b).signedBig()), exact)
			if off.Abs(off).Cmp(big.NewRat(1, 2)) > 0 {
				t.Fatalf("%v percent of %v = %v, exactly %v", a, b, a.PercentOf(b), exact)
			}
		}
	})
}

func TestDecimalWritesWhatItReads(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		d := anyDecimal(t, "d")
		packed := d.AppendBinary(nil)
		if back, n := ReadDecimal(append(packed, 0xee)); back != d || n != len(packed) {
			t.Fatalf("%v came back as %v, of %d bytes instead of %d", d, back, n, len(packed))
		}
		small := Decimal{hi: d.hi >> 63, lo: uint64(d.hi >> 4)}
		if small.Abs().Cmp(DecimalOf(limitUnits, 0)) < 0 {
			if parsed, err := ParseDecimal(small.String()); err != nil || parsed != small {
				t.Fatalf("%v was parsed as %v, %v", small, parsed, err)
			}
		}
	})
}

func TestRoundingIsHalfAwayFromZero(t *testing.T) {
	for _, c := range []struct{ d, want string }{{"0.000001", "0.000001"}, {"-0.000001", "-0.000001"}, {"0.000003", "0.000002"}} {
		if got := MustDecimal(c.d).DividedBy(2).String(); got != c.want {
			t.Errorf("%s / 2 = %s, want %s", c.d, got, c.want)
		}
	}
}

func FuzzParseDecimal(f *testing.F) {
	for _, s := range []string{"1.5", "-1e-6", "1e400", "0", "999999999999.999999"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		d, err := ParseDecimal(s)
		if err != nil {
			return
		}
		if d.Abs().Cmp(DecimalOf(limitUnits, 0)) >= 0 {
			t.Fatalf("%q parsed as %v, over the limit", s, d)
		}
		if want, ok := new(big.Rat).SetString(s); ok && want.Cmp(new(big.Rat).SetFrac(d.signedBig(), big.NewInt(scale))) != 0 {
			t.Fatalf("%q parsed as %v", s, d)
		}
	})
}

func FuzzReadDecimal(f *testing.F) {
	f.Add([]byte{7, 1, 2, 3})
	f.Fuzz(func(t *testing.T, b []byte) { ReadDecimal(b) })
}
