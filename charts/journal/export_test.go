package journal

// What tests outside the package must reach.
var Encode = encode

const Schema = schema
