package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"

	"github.com/spf13/cobra"

	"github.com/mykpi/mykpi/charts/transfer"
	"github.com/mykpi/mykpi/tenancy"
)

func newExport() *cobra.Command {
	var store storeConfig
	var tenant, file string
	cmd := &cobra.Command{
		Use:   "export",
		Short: "Write a tenant's whole log as lines of JSON",
		Long: `Write a tenant's whole log as lines of JSON: every event as it is, points with their exact values, and the documents that
no event tells. Whoever has the file has all that is known of the tenant, hashes of its API keys included. "mykpi import"
reads it, on either engine.`,
		Example: `  mykpi export --tenant acme > acme.jsonl
  mykpi export --tenant acme --file acme.jsonl --store dynamodb --table-prefix prod-`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			c, err := openCore(cmd.Context(), store)
			if err != nil {
				return err
			}
			defer c.close()
			if tenant == "" {
				return errors.New("--tenant must name a tenant")
			}
			tenants, err := c.tenants(cmd.Context(), tenant)
			if err != nil {
				return err
			}
			return c.export(cmd.Context(), tenants[0], file, cmd.OutOrStdout(), cmd.ErrOrStderr())
		},
	}
	store.flags(cmd)
	cmd.Flags().StringVar(&tenant, "tenant", "", "the tenant (required)")
	cmd.Flags().StringVar(&file, "file", "", "write to this new file instead of the standard output")
	return cmd
}

func (c *core) export(ctx context.Context, t tenancy.ID, file string, out, progress io.Writer) (err error) {
	if file != "" {
		f, err := os.OpenFile(file, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
		if err != nil {
			return err
		}
		defer func() { err = errors.Join(err, f.Close()) }()
		out = f
	}
	total, err := transfer.Count(ctx, c.store, t)
	if err != nil {
		return err
	}
	bar := newBar(int(total), "events", progress)
	if err := transfer.Export(ctx, c.store, t, out, func() { bar.Add(1) }); err != nil {
		return err
	}
	return bar.Finish()
}

// importLog reads a tenant's log that export has written, and makes the projections from it. - is the standard input.
func importLog(ctx context.Context, store storeConfig, name string, stdin io.Reader, out io.Writer) error {
	in := stdin
	if name != "-" {
		f, err := os.Open(name)
		if err != nil {
			return err
		}
		defer f.Close()
		in = f
	}
	c, err := openCore(ctx, store)
	if err != nil {
		return err
	}
	defer c.close()
	events := 0
	tenant, err := transfer.Import(ctx, in, c.journal, c.queries, func() { events++ })
	if err != nil {
		return err
	}
	fmt.Fprintf(out, "tenant %s has %d events\n", tenant, events)
	return nil
}
