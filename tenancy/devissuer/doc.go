// Package devissuer issues tokens for development: real RS256 JSON Web Tokens of a local issuer, shaped as Cognito's
// ID tokens, with a key that one data directory keeps.
//
// It imports tenancy, cognito for the shape of what it is trusted by, and golang-jwt.
//
// It promises: its tokens are verified by the very path that Cognito's take; the key never leaves the directory and
// is readable by its owner alone; processes that open a new directory at the same time agree on one key.
package devissuer
