package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"text/tabwriter"

	"github.com/spf13/cobra"

	"github.com/mykpi/mykpi/eventstore/dynamo"
)

func newTables() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "tables",
		Short: "Make, show or delete the tables on DynamoDB",
		Example: `  mykpi tables create
  mykpi tables status --table-prefix prod- --json
  mykpi tables delete --table-prefix test- --yes`,
	}
	cmd.AddCommand(newTablesCreate(), newTablesStatus(), newTablesDelete())
	return cmd
}

func newTablesCreate() *cobra.Command {
	var c storeConfig
	cmd := &cobra.Command{
		Use:   "create",
		Short: "Make the tables, or mend what is missing of them",
		Long: `Make the tables, or mend what is missing of them: billed on demand, with expiry, point-in-time recovery and deletion
protection. Run it as often as you like. deploy/aws holds the same as a CloudFormation template.`,
		Example: `  mykpi tables create
  mykpi tables create --dynamodb-endpoint http://127.0.0.1:8000 --table-prefix dev-`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			tables, err := dynamo.NewTables(cmd.Context(), c.tables())
			if err != nil {
				return err
			}
			if err := tables.Create(cmd.Context()); err != nil {
				return err
			}
			return showTables(cmd, tables, false)
		},
	}
	c.tableFlags(cmd)
	return cmd
}

func newTablesStatus() *cobra.Command {
	var c storeConfig
	var asJSON bool
	cmd := &cobra.Command{
		Use:     "status",
		Short:   "Show the tables",
		Example: "  mykpi tables status\n  mykpi tables status --json",
		Args:    cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			tables, err := dynamo.NewTables(cmd.Context(), c.tables())
			if err != nil {
				return err
			}
			return showTables(cmd, tables, asJSON)
		},
	}
	c.tableFlags(cmd)
	cmd.Flags().BoolVar(&asJSON, "json", false, "answer JSON")
	return cmd
}

func newTablesDelete() *cobra.Command {
	var c storeConfig
	var sure bool
	cmd := &cobra.Command{
		Use:     "delete",
		Short:   "Delete the tables and all that is in them",
		Example: "  mykpi tables delete --table-prefix test- --yes",
		Args:    cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if !sure {
				return errors.New("this deletes every tenant's events for ever: say --yes")
			}
			tables, err := dynamo.NewTables(cmd.Context(), c.tables())
			if err != nil {
				return err
			}
			if err := tables.Delete(cmd.Context()); err != nil {
				return err
			}
			fmt.Fprintln(cmd.OutOrStdout(), "deleted")
			return nil
		},
	}
	c.tableFlags(cmd)
	cmd.Flags().BoolVar(&sure, "yes", false, "really")
	return cmd
}

func showTables(cmd *cobra.Command, tables *dynamo.Tables, asJSON bool) error {
	status, err := tables.Status(cmd.Context())
	if err != nil {
		return err
	}
	if asJSON {
		encoder := json.NewEncoder(cmd.OutOrStdout())
		encoder.SetIndent("", "  ")
		return encoder.Encode(status)
	}
	return writeTables(cmd.OutOrStdout(), status)
}

func writeTables(w io.Writer, status []dynamo.TableStatus) error {
	table := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	fmt.Fprintln(table, "TABLE\tSTATUS\tITEMS\tBYTES\tON DEMAND\tEXPIRY\tRECOVERY\tPROTECTED\tNOTE")
	for _, t := range status {
		fmt.Fprintf(table, "%s\t%s\t%d\t%d\t%v\t%v\t%v\t%v\t%s\n", t.Name, t.Status, t.Items, t.Bytes, t.OnDemand, t.TTL, t.PointInTimeRecovery, t.DeletionProtection, t.Foreign)
	}
	return table.Flush()
}
