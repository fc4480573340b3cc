// Package source keeps what turns foreign payloads into points: a source has an address, a secret by which its sender
// signs, and a mapping of CEL expressions.
//
// It imports charts and charts/command for what a point is, eventstore and tenancy, and cel-go. It promises that an
// expression, whatever it says, is cut by what its steps cost, alike on every machine: within 10 ms of a processor, and
// 1 MiB beside the payload that is read. It promises that no event or answer but those of creation and rotation holds a
// secret, and that the ID of a source alone finds its tenant, for its sender has no other credential.
package source
