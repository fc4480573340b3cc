// Package transport is the edge between GraphQL clients and gqlgen's executor: HTTP, websockets and server-sent events, each
// to the letter of its specification.
//
//   - [HTTP] answers GET and POST as GraphQL over HTTP describes: all 61 audits of npm graphql-http.
//   - [Websocket] speaks graphql-transport-ws, with a registry that drains sockets, limits, expiry and revocation.
//   - [SSE] speaks graphql-sse in distinct connections mode.
//   - [Prepared] keeps the operations of repeated requests.
//   - [PersistedQueries] and [TrustedDocuments] put texts in the place of ids; [Cache] bounds what is kept by bytes.
//   - [CORS] lets other origins call.
//   - Package guard refuses what costs too much, package ratelimit what comes too often.
//
// A subscription may be shared: [Share] answers it by a [Feed] of results that were encoded once. The transport pulls from a
// feed when it can write, so a slow client gets the newest state, and nothing is queued for it.
//
// # What it asks of the executor
//
// Every error, those of this package too, goes through the executor's error presenter, as a *gqlerror.Error whose
// extensions.code is one of the Code constants: the presenter must let those through, and adds the trace id. Panics go
// through its recover function. Extensions run in the order in which they are added: first those that put a query's text in
// place, then the guard.
//
// # What it promises
//
// No request body, message, token or panic is quoted in an answer or a close reason, apart from the text of errors that
// callbacks return. When a connection has ended, so have all its goroutines. A client that does not read is cut at the
// write deadline and delays nobody else. After [Registry.Drain] no socket is open and none can be opened.
//
// It imports gqlgen's interfaces, gqlparser, gorilla/websocket for handshakes, and klauspost/compress; nothing
// of MyKPI.
package transport
