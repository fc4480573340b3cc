// Package plan compiles selection sets of plain data: what a document selects of a chart is worked out once, and from then
// on written as JSON straight from read-model values, without a goroutine, a context or an allocation a field.
//
// gqlgen parses, validates and authorises as ever, and resolves every field until one answers a value whose type has an
// Encoder; the Extension then writes that value with all below it. The encoders are generated from the schema by package
// plugin. A selection that can't be compiled, and one that meets an error, a panic or a null where none may be, is left
// to gqlgen, which runs it once more and tells what there is to tell in its own words: so the plan never has to know how
// errors are told, and resolvers of plain data must be safe to run twice.
//
// It imports gqlgen, gqlparser, and graph/transport for the memory that answers are written into. Its promise: the bytes are
// those of gqlgen's own execution.
package plan
