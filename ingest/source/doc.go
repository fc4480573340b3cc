// Package source keeps what turns foreign payloads into points: a source has an address, a secret by which its sender
// signs, and a mapping of CEL expressions.
//
// It imports charts and charts/command for what a point is, eventstore and tenancy, and cel-go. It promises that a
// mapping takes at most 10 ms and 1 MiB whatever it says, that no event or answer but those of creation and rotation
// holds a secret, and that the ID of a source alone finds its tenant, for its sender has no other credential.
package source
