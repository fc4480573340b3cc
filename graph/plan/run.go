package plan

import (
	"bytes"
	"context"
	"io"
	"sync"

	"github.com/99designs/gqlgen/graphql"

	"github.com/mykpi/mykpi/graph/transport"
)

// Run is one value being written.
type Run struct {
	Ctx context.Context // of the field that answered the value

	slots  []any // arguments, each worked out when its field is first met
	text   []byte
	values map[string]any // of the operation's variables

	keep      bool       // texts
	asked     *Selection // of which variables are the values
	variables string
}

var runs = sync.Pool{New: func() any { return new(Run) }}

// maxKept is the largest buffer that is kept for another run, in bytes.
const maxKept = 1 << 20

func newRun(ctx context.Context, op *graphql.OperationContext, slots int) *Run {
	r := runs.Get().(*Run)
	r.Ctx, r.values = ctx, op.Variables
	if cap(r.slots) < slots {
		r.slots = make([]any, slots)
	}
	r.slots = r.slots[:slots]
	return r
}

func (r *Run) release() {
	r.Ctx, r.values, r.keep, r.asked, r.variables = nil, nil, false, nil, ""
	clear(r.slots)
	if cap(r.text) <= maxKept {
		runs.Put(r)
	}
}

// Arguments are a field's as they were noted; nil where they are to be worked out.
func (r *Run) Arguments(f *Field) any {
	if f.fixed != nil {
		return f.fixed.Load()
	}
	return r.slots[f.slot]
}

// Note keeps what a field's arguments are, for when it is met again. They are always of one type: an atomic.Value refuses others.
func (r *Run) Note(f *Field, arguments any) {
	if f.fixed != nil {
		f.fixed.Store(arguments)
		return
	}
	r.slots[f.slot] = arguments
}

// Releaser is a value that a method makes for who writes it, and answers by a pointer.
type Releaser interface {
	// Release lets another value have the memory of this one, which has been written.
	Release()
}

// Release lets go of a value that has been written.
func (r *Run) Release(v Releaser) { v.Release() }

// MarshalGQL implements graphql.Marshaler. gqlgen writes each value once: with that the run is over.
func (r *Run) MarshalGQL(out io.Writer) {
	if b, ok := out.(*bytes.Buffer); ok { // gqlgen's, of the whole answer
		makeRoom(b, transport.Scratch(r.Ctx), len(r.text)+len("}}")) // the second is of the transport
	}
	_, _ = out.Write(r.text)
	r.release()
}

// makeRoom moves what has been written to memory that is used again and again, where there is not enough. A buffer that
// grows by itself clears twice what it needs, and is garbage afterwards: of a large answer that costs more than all else.
func makeRoom(b, scratch *bytes.Buffer, n int) {
	if scratch != nil && b.Available() < n {
		scratch.Grow(b.Len() + n)
		*b = *bytes.NewBuffer(append(scratch.AvailableBuffer(), b.Bytes()...))
	}
}

// Marshal appends what a marshaler writes; ok is false for a null where none may be.
func (r *Run) Marshal(b []byte, m graphql.Marshaler, required bool) (_ []byte, ok bool) {
	if m == graphql.Null && required {
		return b, false
	}
	w := writer(b)
	m.MarshalGQL(&w)
	return w, true
}

type writer []byte

func (w *writer) Write(p []byte) (int, error) {
	*w = append(*w, p...)
	return len(p), nil
}
