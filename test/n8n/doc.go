// Package n8n runs the flows of integrations/n8n in the real n8n of package-lock.json against the real server, and reads
// the figures back through the API. `make test-n8n` installs n8n (1.8 GB, several minutes) and runs it; CI, for that
// size, does not: the build tag n8n keeps the tests out.
//
// No node is replaced. What the flows call outside, Stripe, Google Sheets and a shop's own API, is a stand-in on the
// loopback interface, to which n8n comes as to the world through a proxy: HTTPS_PROXY names it, and NODE_EXTRA_CA_CERTS
// makes n8n believe its certificates. Whatever else n8n would call is refused, and fails the test.
package n8n
