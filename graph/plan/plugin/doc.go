// Package plugin generates the encoders of package plan: one for each object type of the schema that is plain data, which
// is to say that gqlgen reads its fields from struct fields and methods of a Go type of its own. What a field needs beyond
// that (a resolver, a directive, an interface) leaves the field to gqlgen.
//
// A scalar with MarshalX beside AppendX(b []byte, v T) []byte is written by the latter, others by their marshaler.
//
// It imports gqlgen's code generator, and runs by go generate alone.
package plugin
