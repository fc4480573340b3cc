package main

import (
	"context"
	"fmt"
	"io"

	"github.com/schollz/progressbar/v3"
	"github.com/spf13/cobra"

	"github.com/mykpi/mykpi/charts"
	"github.com/mykpi/mykpi/tenancy"
)

func newRebuild() *cobra.Command {
	var store storeConfig
	var tenant string
	cmd := &cobra.Command{
		Use:   "rebuild",
		Short: "Make the projections again from the log",
		Long: `Make the projections again from the log, of one tenant or of all, while a server goes on reading and writing.
Nothing is lost if it is interrupted: run it again.`,
		Example: `  mykpi rebuild --data ./data
  mykpi rebuild --data ./data --tenant acme`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			c, err := openCore(cmd.Context(), store)
			if err != nil {
				return err
			}
			defer c.close()
			tenants, err := c.tenants(cmd.Context(), tenant)
			if err != nil {
				return err
			}
			return c.rebuild(cmd.Context(), tenants, cmd.OutOrStdout(), cmd.ErrOrStderr())
		},
	}
	store.flags(cmd)
	cmd.Flags().StringVar(&tenant, "tenant", "", "this tenant alone")
	return cmd
}

// tenants are the named one, or all.
func (c *core) tenants(ctx context.Context, name string) ([]tenancy.ID, error) {
	if name != "" {
		id, err := tenancy.ParseID(name)
		if err != nil {
			return nil, fmt.Errorf("--tenant: %w", err)
		}
		if _, err := c.directory.Tenant(ctx, id); err != nil {
			return nil, fmt.Errorf("tenant %s: %w", name, err)
		}
		return []tenancy.ID{id}, nil
	}
	var all []tenancy.ID
	for after := (tenancy.ID{}); ; {
		page, err := c.store.Tenants(ctx, after, 100)
		if err != nil || len(page) == 0 {
			return all, err
		}
		all = append(all, page...)
		after = page[len(page)-1]
	}
}

func (c *core) rebuild(ctx context.Context, tenants []tenancy.ID, out, progress io.Writer) error {
	total := 0
	for _, t := range tenants {
		n, err := c.countCharts(ctx, t)
		if err != nil {
			return err
		}
		total += n
	}
	bar := newBar(total, "charts", progress)
	var events int64
	for _, t := range tenants {
		err := c.journal.RebuildTenant(ctx, t, func(_ charts.ID, n int64) {
			events += n
			bar.Add(1)
		})
		if err != nil {
			return fmt.Errorf("tenant %s: %w", t, err)
		}
	}
	bar.Finish()
	fmt.Fprintf(out, "rebuilt %d charts of %d tenants from %d events\n", total, len(tenants), events)
	return nil
}

func (c *core) countCharts(ctx context.Context, t tenancy.ID) (int, error) {
	n := 0
	for after := ""; ; {
		streams, err := c.store.Streams(ctx, t, "CHART", after, 500)
		if err != nil || len(streams) == 0 {
			return n, err
		}
		n += len(streams)
		after = streams[len(streams)-1].ID
	}
}

// newBar is a progress bar on w.
func newBar(total int, unit string, w io.Writer) *progressbar.ProgressBar {
	return progressbar.NewOptions(total, progressbar.OptionSetWriter(w), progressbar.OptionSetDescription(unit),
		progressbar.OptionShowCount(), progressbar.OptionSetWidth(40), progressbar.OptionSetPredictTime(true),
		progressbar.OptionOnCompletion(func() { fmt.Fprintln(w) }))
}
