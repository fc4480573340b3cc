package plan

import (
	"strconv"

	"github.com/99designs/gqlgen/graphql"
)

// AppendNull appends null.
func AppendNull(b []byte) []byte { return append(b, "null"...) }

// AppendBoolean appends a JSON boolean.
func AppendBoolean(b []byte, v bool) []byte { return strconv.AppendBool(b, v) }

// AppendString appends a JSON string as graphql.MarshalString writes it.
func AppendString(b []byte, s string) []byte {
	for i := range len(s) {
		if c := s[i]; c < 0x20 || c == '\\' || c == '"' {
			w := writer(b)
			graphql.MarshalString(s).MarshalGQL(&w)
			return w
		}
	}
	b = append(b, '"')
	b = append(b, s...)
	return append(b, '"')
}
