package tenancy

import (
	"errors"
	"strings"
	"testing"
)

func TestCheckName(t *testing.T) {
	for _, good := range []string{"Revenue", "Umsatz (brutto) €", "売上", strings.Repeat("é", MaxName)} {
		if err := CheckName("name", good); err != nil {
			t.Errorf("%q: %v", good, err)
		}
	}
	for name, bad := range map[string]string{
		"empty": "", "blank": " \u00a0", "long": strings.Repeat("x", MaxName+1), "invalid UTF-8": "a\xff", "null": "a\x00b",
		"line break": "a\nb", "escape": "a\x1b[31m", "right to left override": "a\u202eb", "isolate": "a\u2066b",
		"line separator": "a\u2028b", "lone surrogate, as decoders leave it": "a\ufffdb",
	} {
		var refusal *Refusal
		if err := CheckName("name", bad); !errors.As(err, &refusal) || refusal.Code != BadUserInput || refusal.Field != "name" {
			t.Errorf("%s: %v, want BAD_USER_INPUT at name", name, err)
		}
	}
}

func TestCheckTextAllowsLines(t *testing.T) {
	if err := CheckText("description", "one\r\n\ttwo"); err != nil {
		t.Error(err)
	}
	if err := CheckText("description", strings.Repeat("x", MaxText+1)); err == nil {
		t.Error("a text that is too long passed")
	}
	if err := CheckLine("source", "one\ntwo", 20); err == nil {
		t.Error("a line with a line break passed")
	}
}
