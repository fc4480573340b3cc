// Package clients tests the running server with the GraphQL clients that people use: the audits of graphql-http, graphql-ws,
// graphql-sse, Apollo Client, urql and Relay's runtime, at the versions of package-lock.json. Its test installs them.
package clients
