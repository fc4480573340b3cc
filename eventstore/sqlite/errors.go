package sqlite

import (
	"errors"
	"fmt"

	"github.com/mykpi/mykpi/eventstore"
	driver "zombiezen.com/go/sqlite"
)

var errClosed = fmt.Errorf("sqlite: %w: the store is closed", eventstore.ErrUnavailable)

// fault says what failed, and as ErrUnavailable where waiting or a person with a bigger disk can help. A malformed
// file is not of these.
func fault(doing string, err error) error {
	if err == nil {
		return nil
	}
	for _, answered := range []error{eventstore.ErrConflict, eventstore.ErrUnavailable, eventstore.ErrInvalid} {
		if errors.Is(err, answered) {
			return err
		}
	}
	switch driver.ErrCode(err).ToPrimary() {
	case driver.ResultFull, driver.ResultIOErr, driver.ResultBusy, driver.ResultLocked, driver.ResultNoMem, driver.ResultReadOnly, driver.ResultCantOpen, driver.ResultProtocol:
		return fmt.Errorf("sqlite: %s: %w: %w", doing, eventstore.ErrUnavailable, err)
	}
	return fmt.Errorf("sqlite: %s: %w", doing, err)
}

func conflict(what, name string) error {
	return fmt.Errorf("sqlite: %w: %s %q", eventstore.ErrConflict, what, name)
}
