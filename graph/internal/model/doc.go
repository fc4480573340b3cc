// Package model holds the Go types of the schema's inputs and answers that no package of the domain has, and turns
// inputs into commands. models_gen.go is made by gqlgen.
//
// It imports gqlgen's runtime, charts and its command and query packages, tenancy and scalar. It promises that a
// command made from an input says what the caller said: what was left out, what was null and what was empty stay
// apart, and what can't be said is refused with a tenancy.Refusal whose Field is relative to the input.
package model
