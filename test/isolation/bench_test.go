package isolation

import "testing"

// BenchmarkLookup asks for a chart that is not there and for one that is another tenant's: how long it takes must not tell
// them apart. Compare the two with benchstat; both also go for keys.
func BenchmarkLookup(b *testing.B) {
	s := start(b, binary, onSQLite, "--rate-tenant", "0", "--rate-address", "0")
	a, other := s.tenant(b, unique()), s.tenant(b, unique())
	theirs := furnish(b, other, figureOfB)
	for _, c := range []struct{ name, query, value string }{
		{"ID/never-was", `query($v: ID!) { chart(by: {id: $v}) { id } }`, stranger(theirs[chartIDs][0])},
		{"ID/not-yours", `query($v: ID!) { chart(by: {id: $v}) { id } }`, theirs[chartIDs][0]},
		{"key/never-was", `query($v: String!) { chart(by: {key: $v}) { id } }`, stranger(theirs[chartKeys][0])},
		{"key/not-yours", `query($v: String!) { chart(by: {key: $v}) { id } }`, theirs[chartKeys][0]},
	} {
		b.Run(c.name, func(b *testing.B) {
			for i := 0; b.Loop(); i++ {
				// A variable that is not used keeps the answer from being one that is remembered.
				if _, body, err := a.ask(c.query, vars{"v": c.value, "unused": i}); err != nil || body != `{"data":{"chart":null}}` {
					b.Fatalf("%v %s", err, body)
				}
			}
		})
	}
}
