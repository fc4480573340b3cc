package sqlite_test

import (
	"context"
	"errors"
	"fmt"
	"os/signal"
	"syscall"
	"testing"

	"github.com/mykpi/mykpi/eventstore"
	"github.com/mykpi/mykpi/eventstore/sqlite"
)

// TestFullDisk lets a child write no more than a file size limit: a disk that is full, and then is not.
func TestFullDisk(t *testing.T) {
	dir := t.TempDir()
	if out, err := child(t, "fill", dir).CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	s := open(t, dir, sqlite.Options{})
	if events, err := s.Events(t.Context(), acme, chartStream(0), 0, 100); err != nil || len(events) < 3 {
		t.Fatalf("%d events, %v", len(events), err)
	}
}

func fillDisk(dir string) error {
	s, err := sqlite.Open(dir, sqlite.Options{})
	if err != nil {
		return err
	}
	ctx := context.Background()
	version := int64(0)
	commit := func(size int) error {
		err := s.Commit(ctx, acme, point(0, version, size))
		if err == nil {
			version++
		}
		return err
	}
	if err := commit(10); err != nil {
		return err
	}

	signal.Ignore(syscall.SIGXFSZ)
	var before syscall.Rlimit
	if err := syscall.Getrlimit(syscall.RLIMIT_FSIZE, &before); err != nil {
		return err
	}
	full := syscall.Rlimit{Cur: 400_000, Max: before.Max}
	if err := syscall.Setrlimit(syscall.RLIMIT_FSIZE, &full); err != nil {
		return err
	}
	for err == nil {
		err = commit(20_000)
	}
	if !errors.Is(err, eventstore.ErrUnavailable) {
		return fmt.Errorf("commit on a full disk: %w", err)
	}
	for range 3 {
		if err := commit(200_000); !errors.Is(err, eventstore.ErrUnavailable) {
			return fmt.Errorf("again: %w", err)
		}
	}
	answers, err := s.Documents(ctx, acme, point0)
	if err != nil || len(answers[0]) != 1 || answers[0][0].Revision != version {
		return fmt.Errorf("read on a full disk: %v, %w", answers, err)
	}

	if err := syscall.Setrlimit(syscall.RLIMIT_FSIZE, &before); err != nil {
		return err
	}
	for range 2 {
		if err := commit(200_000); err != nil {
			return fmt.Errorf("with room again: %w", err)
		}
	}
	if err := s.Ready(ctx); err != nil {
		return err
	}
	return s.Close()
}

// point0 is the document of point's first chart.
var point0 = eventstore.One(nowOf(0))
