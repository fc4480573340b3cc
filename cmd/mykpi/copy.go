package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/mykpi/mykpi/charts/query"
	"github.com/mykpi/mykpi/charts/transfer"
	"github.com/mykpi/mykpi/tenancy"
)

func newCopy() *cobra.Command {
	var from, to, tenant string
	cmd := &cobra.Command{
		Use:   "copy",
		Short: "Copy tenants from one store to another",
		Long: `Copy tenants from one store to another: the whole log, as it is, then the projections made from it, then a check that
both stores tell the same KPIs. A copy that was interrupted, or that has fallen behind, goes on where it stopped when it is
run again. Stop the servers of both stores first; nothing is changed at the source.

A store is sqlite:FOLDER, or dynamodb:PREFIX or dynamodb:PREFIX@ENDPOINT, where PREFIX is the --table-prefix, perhaps empty.`,
		Example: `  mykpi copy --from sqlite:./data --to dynamodb:prod-
  mykpi copy --from dynamodb:prod- --to sqlite:./back --tenant acme
  mykpi copy --from sqlite:./data --to dynamodb:dev-@http://127.0.0.1:8000`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			source, err := openPlace(cmd.Context(), "--from", from, false)
			if err != nil {
				return err
			}
			defer source.close()
			target, err := openPlace(cmd.Context(), "--to", to, true)
			if err != nil {
				return err
			}
			defer target.close()
			tenants, err := source.tenants(cmd.Context(), tenant)
			if err != nil {
				return err
			}
			return copyTenants(cmd.Context(), source, target, tenants, cmd.OutOrStdout(), cmd.ErrOrStderr())
		},
	}
	f := cmd.Flags()
	f.StringVar(&from, "from", "", "the store to copy from (required)")
	f.StringVar(&to, "to", "", "the store to copy to (required)")
	f.StringVar(&tenant, "tenant", "", "this tenant alone")
	return cmd
}

// openPlace opens the store that a text names. A folder that is not there is made only where it is to be written.
func openPlace(ctx context.Context, flag, text string, write bool) (*core, error) {
	c, err := parsePlace(text)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", flag, err)
	}
	if c.store == onSQLite {
		if _, err := os.Stat(c.data); err != nil && !write {
			return nil, fmt.Errorf("%s: %w", flag, err)
		}
		if err := makeFolder(c.data); err != nil {
			return nil, fmt.Errorf("%s: %w", flag, err)
		}
	}
	store, err := openStore(ctx, c)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", flag, err)
	}
	return newCore(store), nil
}

// parsePlace reads sqlite:FOLDER, dynamodb:PREFIX or dynamodb:PREFIX@ENDPOINT.
func parsePlace(text string) (storeConfig, error) {
	engine, rest, _ := strings.Cut(text, ":")
	switch {
	case engine == onSQLite && rest != "":
		return storeConfig{store: onSQLite, data: rest}, nil
	case engine == onDynamoDB && strings.Contains(text, ":"):
		prefix, endpoint, _ := strings.Cut(rest, "@")
		return storeConfig{store: onDynamoDB, prefix: prefix, endpoint: endpoint}, nil
	}
	return storeConfig{}, fmt.Errorf("%q is neither sqlite:FOLDER nor dynamodb:PREFIX[@ENDPOINT]", text)
}

func copyTenants(ctx context.Context, from, to *core, tenants []tenancy.ID, out, progress io.Writer) error {
	var total int64
	for _, t := range tenants {
		n, err := transfer.Count(ctx, from.store, t)
		if err != nil {
			return err
		}
		total += n
	}
	bar := newBar(int(total), "events", progress)
	for _, t := range tenants {
		err := transfer.Copy(ctx, from.store, to.journal, to.queries, t, func(r transfer.Record) {
			if r.Event != nil {
				bar.Add(1)
			}
		})
		if err != nil {
			return fmt.Errorf("tenant %s: %w", t, err)
		}
	}
	bar.Finish()
	charts, err := compareTenants(ctx, from, to, tenants)
	if err != nil {
		return err
	}
	fmt.Fprintf(out, "copied %d tenants with %d events; both stores tell the same of %d charts\n", len(tenants), total, charts)
	return nil
}

// compareTenants asks both stores the same, at one instant.
func compareTenants(ctx context.Context, from, to *core, tenants []tenancy.ID) (charts int, err error) {
	now := time.Now()
	at := func(c *core) *query.Reader {
		return &query.Reader{Journal: c.journal, Now: func() time.Time { return now }}
	}
	for _, t := range tenants {
		n, differ := transfer.Compare(ctx, at(from), at(to), t)
		charts += n
		if differ != nil {
			err = errors.Join(err, fmt.Errorf("tenant %s: %w", t, differ))
		}
	}
	return charts, err
}
