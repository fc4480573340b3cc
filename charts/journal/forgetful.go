//go:build forgetful

package journal

const remembers = false
