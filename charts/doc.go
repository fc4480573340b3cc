// Package charts is the heart of MyKPI: the Chart aggregate, its commands and events, and the arithmetic of what a
// chart says (decimals, calendars, tallies, KPIs).
//
// It is pure: time and identities are passed in, nothing is read or written. It imports the standard library and
// tenancy alone. Its promise: Decide and Evolve are deterministic, and arithmetic is exact to the millionth.
package charts
