package plan

import (
	"context"
	"io"
	"sync"

	"github.com/99designs/gqlgen/graphql"
)

// Run is one value being written.
type Run struct {
	Ctx   context.Context // of the field that answered the value
	Slots []any           // arguments, each worked out when its field is first met

	text   []byte
	values map[string]any // of the operation's variables

	texts     *texts     // nil where none is to be kept
	asked     *Selection // of which variables are the values
	variables string
}

var runs = sync.Pool{New: func() any { return new(Run) }}

// maxKept is the largest buffer that is kept for another run, in bytes.
const maxKept = 1 << 20

func newRun(ctx context.Context, op *graphql.OperationContext, slots int) *Run {
	r := runs.Get().(*Run)
	r.Ctx, r.values = ctx, op.Variables
	if cap(r.Slots) < slots {
		r.Slots = make([]any, slots)
	}
	r.Slots = r.Slots[:slots]
	return r
}

func (r *Run) release() {
	r.Ctx, r.values, r.texts, r.asked, r.variables = nil, nil, nil, nil, ""
	clear(r.Slots)
	if cap(r.text) <= maxKept {
		runs.Put(r)
	}
}

// MarshalGQL implements graphql.Marshaler. gqlgen writes each value once: with that the run is over.
func (r *Run) MarshalGQL(out io.Writer) {
	_, _ = out.Write(r.text) // into gqlgen's buffer
	r.release()
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
