// Package dashboard is the page people look at: its source in TypeScript (src), what Vite made of it (dist), embedded, and
// the handler that serves it.
//
// It imports the standard library alone. It promises: the page asks nothing of any other origin but the identity provider
// that the Options name, its Content-Security-Policy lets it do no more, and no Node is needed to build or run the server.
//
// dist is made by `npm ci && npm run build` in this folder and committed. The page uses nothing but the public GraphQL API,
// by the operations in src/api/*.graphql, which documents.json lists for `mykpi serve --trusted-documents`.
package dashboard
