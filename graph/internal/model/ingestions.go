package model

import (
	"github.com/mykpi/mykpi/charts/command"
	"github.com/mykpi/mykpi/charts/query"
)

// Command is the command that the input asks for.
func (in UndoIngestionInput) Command() command.UndoIngestion {
	return command.UndoIngestion{ID: in.ID, Reason: given(in.Reason, ""), DryRun: in.DryRun}
}

// Command is the command that the input asks for.
func (in RedoIngestionInput) Command() command.RedoIngestion {
	return command.RedoIngestion{ID: in.ID, DryRun: in.DryRun}
}

// UndonePayload is what undoIngestion answers.
func UndonePayload(done command.Undone, ingestion *query.Ingestion) *UndoIngestionPayload {
	return &UndoIngestionPayload{Ingestion: ingestion, Removed: done.Removed, Restored: done.Restored, Kept: done.Kept}
}

// RedonePayload is what redoIngestion answers.
func RedonePayload(done command.Redone, ingestion *query.Ingestion) *RedoIngestionPayload {
	return &RedoIngestionPayload{Ingestion: ingestion, Recorded: done.Recorded, Corrected: done.Corrected, Kept: done.Kept}
}

// ReplayedPayload is what replayRejectedPoints answers.
func ReplayedPayload(done command.Recorded) *ReplayRejectedPointsPayload {
	return &ReplayRejectedPointsPayload{Recorded: done.Recorded, Corrected: done.Corrected, Unchanged: done.Unchanged, Rejected: done.Rejected}
}
