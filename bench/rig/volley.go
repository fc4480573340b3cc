package rig

import (
	"errors"
	"hash/maphash"
	"sync"
)

// Volley asks a host by all connections at once, one request each.
type Volley struct {
	clients [Connections]*client
	seed    maphash.Seed
}

// NewVolley connects.
func NewVolley(host string) (*Volley, error) {
	v := &Volley{seed: maphash.MakeSeed()}
	for i := range v.clients {
		c, err := dial(host)
		if err != nil {
			v.Close()
			return nil, err
		}
		v.clients[i] = c
	}
	return v, nil
}

// Close ends the connections.
func (v *Volley) Close() {
	for _, c := range v.clients {
		if c != nil {
			c.conn.Close()
		}
	}
}

// Ask sends each connection's request, waits for all answers, and tells a hash of each: it differs where answers do.
func (v *Volley) Ask(request func(connection int) []byte) (answers [Connections]uint64, err error) {
	var failed [Connections]error
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
	return answers, errors.Join(failed[:]...)
}
