package rig

import (
	"errors"
	"hash/maphash"
	"sync"
)

// Volley asks a host by all connections at once, one request each.
type Volley struct {
	clients []*client
	seed    maphash.Seed
}

// NewVolley makes so many connections.
func NewVolley(host string, connections int) (*Volley, error) {
	v := &Volley{seed: maphash.MakeSeed()}
	for range connections {
		c, err := dial(host)
		if err != nil {
			v.Close()
			return nil, err
		}
		v.clients = append(v.clients, c)
	}
	return v, nil
}

// Close ends the connections.
func (v *Volley) Close() {
	for _, c := range v.clients {
		c.conn.Close()
	}
}

// Ask sends each connection's request, waits for all answers, and tells a hash of each: it differs where answers do.
func (v *Volley) Ask(request func(connection int) []byte) (answers []uint64, err error) {
	answers = make([]uint64, len(v.clients))
	failed := make([]error, len(v.clients))
	var asking sync.WaitGroup
	for i, c := range v.clients {
		asking.Go(func() {
			var h maphash.Hash
			h.SetSeed(v.seed)
			failed[i] = c.do(request(i), &h)
			answers[i] = h.Sum64()
		})
	}
	asking.Wait()
	return answers, errors.Join(failed...)
}
