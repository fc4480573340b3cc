// Package guard refuses GraphQL documents that cost too much before they cost anything.
//
// It looks at a document twice. Ahead of validation, which is quadratic in repeated fields, it counts what is written:
// bytes, tokens, aliases, directives, repeats, depth, root fields. After validation, when types and variables are known,
// it adds up the cost, in which a field below a list counts as often as the list has elements. Both are linear in the size
// of the document: what a fragment adds is worked out once, however often it is spread.
//
// A refusal is a request error of code QUERY_TOO_COMPLEX that says the limit and the value, or BAD_USER_INPUT and FORBIDDEN
// where it is no matter of cost. Imports gqlgen's interfaces, gqlparser, and package transport for its cache and codes.
package guard
