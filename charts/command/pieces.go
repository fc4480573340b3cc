package command

import (
	"errors"

	"github.com/mykpi/mykpi/charts/journal"
	"github.com/mykpi/mykpi/eventstore"
)

// inPieces runs do on as many items at once as one commit can hold. Nearly always that is all of them; a command that
// touches more records than the engine can commit at once is carried out in order, piece by piece, and what was
// committed before a failure stays: repeating the command then finds it unchanged.
func inPieces[T any](j *journal.Journal, items []T, do func([]T) error) error {
	err := do(items)
	if !errors.Is(err, eventstore.ErrTooLarge) || len(items) < 2 {
		return err
	}
	half := len(items) / 2
	if err := inPieces(j, items[:half], do); err != nil {
		return err
	}
	return inPieces(j, items[half:], do)
}
