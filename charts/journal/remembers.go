//go:build !forgetful

package journal

// remembers says that idempotency keys are kept. The build tag forgetful takes that away, to show that the tests of
// test/cluster would notice.
const remembers = true
