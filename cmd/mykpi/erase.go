package main

import (
	"errors"
	"fmt"

	"github.com/spf13/cobra"

	"github.com/mykpi/mykpi/tenancy"
)

func newErase() *cobra.Command {
	var store storeConfig
	var tenant string
	var sure bool
	cmd := &cobra.Command{
		Use:   "erase",
		Short: "Erase all that is known of a tenant",
		Long: `Erase all that is known of a tenant: its log, its projections, its members and keys. Nothing can bring it back but an export
or a backup. Run it again if it is interrupted; shut the tenant's callers out first, lest they write behind it.`,
		Example: `  mykpi export --tenant acme --file acme.jsonl && mykpi erase --tenant acme --yes`,
		Args:    cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			id, err := tenancy.ParseID(tenant)
			if err != nil {
				return fmt.Errorf("--tenant: %w", err)
			}
			if !sure {
				return errors.New("this erases every event of the tenant for ever: say --yes")
			}
			c, err := openCore(cmd.Context(), store)
			if err != nil {
				return err
			}
			defer c.close()
			if err := c.store.Erase(cmd.Context(), id); err != nil {
				return err
			}
			fmt.Fprintf(cmd.OutOrStdout(), "nothing is left of %s\n", id)
			return nil
		},
	}
	store.flags(cmd)
	cmd.Flags().StringVar(&tenant, "tenant", "", "the tenant (required)")
	cmd.Flags().BoolVar(&sure, "yes", false, "really")
	return cmd
}
