package model

import (
	"github.com/mykpi/mykpi/charts/command"
	"github.com/mykpi/mykpi/tenancy"
)

// Command is the command that the input asks for.
func (in RecordDataPointsInput) Command() (command.RecordDataPoints, error) {
	key := given(in.IdempotencyKey, "")
	if in.IdempotencyKey.Value() != nil && key == "" {
		// To the command an empty key is none, and a caller that sends one believes its retries to be safe.
		return command.RecordDataPoints{}, tenancy.Refuse(tenancy.BadUserInput, "idempotencyKey", "must not be empty; leave it out for none")
	}
	points := make([]command.PointInput, len(in.Points))
	for i, p := range in.Points {
		points[i] = command.PointInput(p)
	}
	return command.RecordDataPoints{
		Chart:          in.Chart.Ref(),
		Points:         points,
		Source:         given(in.Source, ""),
		IdempotencyKey: key,
		FailOnInvalid:  in.OnInvalid == OnInvalidFail,
		Backfill:       in.Mode == IngestModeBackfill,
		DryRun:         in.DryRun,
	}, nil
}

// Command is the command that the input asks for.
func (in RemoveDataPointsInput) Command() command.RemoveDataPoints {
	return command.RemoveDataPoints{
		Chart:    in.Chart.Ref(),
		Keys:     in.Keys.Value(),
		Instants: in.Instants.Value(),
		Reason:   given(in.Reason, ""),
	}
}
