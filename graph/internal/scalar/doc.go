// Package scalar reads and writes the scalars of the GraphQL schema: Decimal, DateTime, TimeZone, Cursor, JSON, and
// String and Int, which gqlgen reads too leniently.
//
// It imports the standard library, gqlgen's runtime, charts and tenancy. It promises that readers are strict and exact:
// what they take means one thing and is kept as it came, and what they refuse is a tenancy.Refusal with the code
// BAD_USER_INPUT and no field; where the value stood is for the caller to say. The readers take what encoding/json
// makes of JSON with UseNumber; a float64 is refused, for nobody can say any more what number was sent.
package scalar
