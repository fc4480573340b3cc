package command

import (
	"errors"

	"github.com/mykpi/mykpi/charts"
	"github.com/mykpi/mykpi/charts/journal"
	"github.com/mykpi/mykpi/eventstore"
)

// apart is how many records of a commit are not counted by the items: events, NOW, hours, years, pages, the receipt.
const apart = 24

// inPieces runs do on as many items at once as one commit can hold, where keyed says which items have a document of
// their own. Nearly always that is all of them; a command that touches more records than the engine can commit at
// once is carried out in order, piece by piece, and what was committed before a failure stays: repeating the command then
// finds it unchanged.
func inPieces[T any](j *journal.Journal, items []T, keyed func(T) bool, do func([]T) error) error {
	budget := max(j.Store.Limits().Records-apart, 1)
	for first := true; first || len(items) > 0; first = false {
		n, records := 0, 0
		for n < len(items) && (n == 0 || records < budget) {
			if keyed(items[n]) {
				records++
			}
			n++
		}
		if err := halving(items[:n], do); err != nil {
			return err
		}
		items = items[n:]
	}
	return nil
}

// halving is for items that are scattered over so many pages and years that no count could tell it before.
func halving[T any](items []T, do func([]T) error) error {
	err := do(items)
	if !errors.Is(err, eventstore.ErrTooLarge) || len(items) < 2 {
		return err
	}
	half := len(items) / 2
	if err := halving(items[:half], do); err != nil {
		return err
	}
	return halving(items[half:], do)
}

func pointIsKeyed(p charts.Point) bool { return p.Key != "" }
func idIsKeyed(id charts.PointID) bool { return id.Key != "" }
