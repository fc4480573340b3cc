// Package quota holds tenants to what they may have: charts, points a day, sockets.
//
// It imports tenancy with directory, and eventstore. It promises: a refusal is LIMIT_EXCEEDED and names the limit; counting
// points costs no write a point. Each instance counts in memory and writes its count once in a hundredth of the limit, or
// a hundred points where that is more, and reads the others' counts once in ten seconds while points come. So one
// instance is exact; several together pass the limit at most by what each records between two writes and two reads; a
// killed one forgets what it had not written. Days are those of UTC. Charts made in the same moment may pass the limit
// by as many as are made at once. Sockets are counted by each instance.
package quota
