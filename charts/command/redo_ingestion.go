package command

import (
	"context"

	"github.com/mykpi/mykpi/tenancy"
)

// RedoIngestion asks to bring back what an undone ingestion recorded.
type RedoIngestion struct {
	ID     string
	DryRun bool // tell what would be, write nothing
}

// Redone tells what became of the points of an ingestion that was brought back.
type Redone struct {
	Recorded  int // are there again
	Corrected int // have the ingestion's value again
	Kept      int // were recorded or removed again later, which stands
}

// RedoIngestion brings back what an undone ingestion recorded, in its old place among the others. Of one that is not
// undone it changes nothing.
func (h *Handlers) RedoIngestion(ctx context.Context, as tenancy.Identity, c RedoIngestion) (Redone, error) {
	done, err := h.settle(ctx, as, settlement{run: c.ID, reason: "Redo of ingestion " + c.ID, dryRun: c.DryRun})
	return Redone{Recorded: done.added, Corrected: done.changed, Kept: done.kept + done.removed}, err
}
