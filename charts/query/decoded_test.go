package query

import (
	"encoding/json"
	"fmt"
	"testing"

	"github.com/mykpi/mykpi/tenancy"
)

func TestDecodedIsWhatTheBytesSay(t *testing.T) {
	r, tenant := &Reader{}, tenancy.MustParseID("acme")
	reads := 0
	read := func(body []byte) (int, error) {
		reads++
		var n int
		err := json.Unmarshal(body, &n)
		return n, err
	}
	for i, c := range []struct {
		name, body  string
		want, reads int
	}{
		{"a", "1", 1, 1}, {"a", "1", 1, 1}, {"b", "1", 1, 2}, {"a", "2", 2, 3}, {"a", "2", 2, 3}, {"a", "1", 1, 4}, {"b", "1", 1, 4},
	} {
		if got, err := decode(r, tenant, c.name, []byte(c.body), read); err != nil || got != c.want {
			t.Errorf("%d: %d, %v, want %d", i, got, err, c.want)
		}
		if reads != c.reads {
			t.Errorf("%d: %d reads, want %d", i, reads, c.reads)
		}
	}
	for range 2 {
		if _, err := decode(r, tenant, "bad", []byte("?"), read); err == nil {
			t.Error("an error is kept as a value")
		}
	}
}

func TestDecodedIsBounded(t *testing.T) {
	var c decoded
	tenant := tenancy.MustParseID("acme")
	for i := range 200 {
		c.put(decodedKey{tenant, fmt.Sprint(i)}, make([]byte, 1<<20), i)
	}
	kept := 0
	for _, half := range []map[decodedKey]decodedDocument{c.young, c.old} {
		for _, d := range half {
			kept += len(d.body)
		}
	}
	if kept > 2*maxDecoded || kept < maxDecoded/2 {
		t.Errorf("%d bytes are kept", kept)
	}
}
