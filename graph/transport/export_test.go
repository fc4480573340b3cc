package transport

// CloseAll asks every client to come back, as Drain does, but lets them in again: the server that comes after a restart.
func (g *Registry) CloseAll() {
	g.mu.Lock()
	streams := make([]stream, 0, len(g.streams))
	for s := range g.streams {
		streams = append(streams, s)
	}
	g.mu.Unlock()
	for _, s := range streams {
		s.drain()
	}
}
