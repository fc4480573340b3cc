// Package httpauth is the door: it finds the credential in an HTTP request or in the connection_init message of a
// websocket, has it verified, and puts the Identity into the context.
//
// It imports the standard library and tenancy alone. What proves a credential (cognito for tokens, apikey for keys)
// implements Verifier and imports this package for the error contract; cmd/ joins them.
//
// It promises: a request with a bad credential ends here, with 401, 403 or 503; a request without one goes on as
// nobody, and From then says so; no credential is ever written to an answer or a log. The Identity in the context is
// for use down to the resolver; below it, the tenant is an explicit parameter.
package httpauth
