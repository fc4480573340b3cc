package eventstore

import (
	"fmt"
	"unicode/utf8"

	"github.com/mykpi/mykpi/tenancy"
)

const maxNameLength = 1000

// Validate reports the first rule of this package that the commit breaks, as ErrInvalid, or which of the limits it is
// over, as ErrTooLarge. Engines call it first, so that both refuse the same commits.
func (c Commit) Validate(tenant tenancy.ID, limits Limits) error {
	if tenant.IsZero() {
		return fmt.Errorf("%w: no tenant", ErrInvalid)
	}
	m := meter{limits: limits}
	streams := map[Stream]bool{}
	for _, a := range c.Appends {
		if err := a.validate(); err != nil {
			return err
		}
		if streams[a.Stream] {
			return fmt.Errorf("%w: stream %v is named twice", ErrInvalid, a.Stream)
		}
		streams[a.Stream] = true
		if a.Expected == 0 {
			m.add(len(a.Stream.Kind) + len(a.Stream.ID)) // that the stream is there is a record too
		}
		for _, e := range a.Events {
			m.add(e.Size())
		}
	}
	keys := map[Key]bool{}
	name := func(k Key) error {
		if err := k.Validate(); err != nil {
			return err
		}
		if keys[k] {
			return fmt.Errorf("%w: document %v is named twice", ErrInvalid, k)
		}
		keys[k] = true
		return nil
	}
	for _, p := range c.Puts {
		if err := name(p.Key); err != nil {
			return err
		}
		if p.Active && p.Key.Stream != (Stream{}) {
			return fmt.Errorf("%w: %v is active, but belongs to a stream", ErrInvalid, p.Key)
		}
		m.add(len(p.Key.Name) + len(p.Body))
	}
	for _, d := range c.Deletes {
		if err := name(d.Key); err != nil {
			return err
		}
		m.add(len(d.Key.Name))
	}
	return m.check()
}

// Size is what the event counts against Limits, in bytes: its strings, its payload and 64 for its numbers.
func (e Event) Size() int {
	return len(e.ID) + len(e.Type) + len(e.Actor.ID) + len(e.Actor.Label) + len(e.Source) + len(e.CorrelationID) + len(e.CausationID) + len(e.Data) + 64
}

// Validate reports as ErrInvalid what is wrong with the stream's name.
func (s Stream) Validate() error {
	if !validSegment(s.Kind) || !validSegment(s.ID) {
		return fmt.Errorf("%w: stream %q %q", ErrInvalid, s.Kind, s.ID)
	}
	return nil
}

// Validate reports as ErrInvalid what is wrong with the document's name.
func (k Key) Validate() error {
	if k.Stream != (Stream{}) {
		if err := k.Stream.Validate(); err != nil {
			return err
		}
	}
	if k.Name == "" || len(k.Name) > maxNameLength || !utf8.ValidString(k.Name) {
		return fmt.Errorf("%w: document name of %d bytes", ErrInvalid, len(k.Name))
	}
	return nil
}

func (a Append) validate() error {
	if err := a.Stream.Validate(); err != nil {
		return err
	}
	if a.Expected < 0 || len(a.Events) == 0 {
		return fmt.Errorf("%w: append to %v of %d events after version %d", ErrInvalid, a.Stream, len(a.Events), a.Expected)
	}
	for i, e := range a.Events {
		if e.Version != a.Expected+int64(i)+1 {
			return fmt.Errorf("%w: event %d of the append to %v has version %d", ErrInvalid, i, a.Stream, e.Version)
		}
		if e.ID == "" || len(e.ID) > 64 || e.Type == "" || e.Schema < 1 || e.OccurredAt.IsZero() || e.RecordedAt.IsZero() {
			return fmt.Errorf("%w: event %d of the append to %v lacks its id, type, schema or times", ErrInvalid, i, a.Stream)
		}
	}
	return nil
}

func validSegment(s string) bool {
	if s == "" || len(s) > 128 {
		return false
	}
	for i := range len(s) {
		c := s[i]
		if c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || c == '-' || c == '_' || c == '.' {
			continue
		}
		return false
	}
	return true
}

// meter sums a commit against Limits.
type meter struct {
	limits         Limits
	records, bytes int
	largest        int
}

func (m *meter) add(size int) {
	m.records++
	m.bytes += size
	m.largest = max(m.largest, size)
}

func (m *meter) check() error {
	switch {
	case m.limits.Records > 0 && m.records > m.limits.Records:
		return fmt.Errorf("%w: %d records in one commit, at most %d", ErrTooLarge, m.records, m.limits.Records)
	case m.limits.RecordBytes > 0 && m.largest > m.limits.RecordBytes:
		return fmt.Errorf("%w: a record of %d bytes, at most %d", ErrTooLarge, m.largest, m.limits.RecordBytes)
	case m.limits.CommitBytes > 0 && m.bytes > m.limits.CommitBytes:
		return fmt.Errorf("%w: %d bytes in one commit, at most %d", ErrTooLarge, m.bytes, m.limits.CommitBytes)
	}
	return nil
}
