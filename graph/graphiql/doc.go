// Package graphiql serves GraphiQL, a page for trying queries out, from the binary: nothing comes from elsewhere, and
// its content security policy keeps it so.
//
// It imports the standard library alone. dist/ is built by the npm project of this directory (go generate); its lock
// file pins what goes in.
package graphiql

//go:generate npm ci --no-audit --no-fund
//go:generate npm run build
