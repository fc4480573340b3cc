package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"text/tabwriter"
	"time"

	"github.com/spf13/cobra"

	"github.com/mykpi/mykpi/tenancy"
	"github.com/mykpi/mykpi/tenancy/directory"
	"github.com/mykpi/mykpi/tenancy/quota"
)

func newTenants() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "tenants",
		Short: "List, make, limit, suspend and resume tenants",
		Long: `List, make, limit, suspend and resume tenants, while a server runs: it follows within seconds. Suspending keeps
everybody of a tenant out, open connections too, and loses nothing.`,
		Example: `  mykpi tenants create acme --name "Acme Ltd" --time-zone Europe/Paris --admin ana@acme.example
  mykpi tenants list --json
  mykpi tenants suspend acme --reason "unpaid since May"`,
	}
	cmd.AddCommand(newTenantsList(), newTenantsCreate(), newTenantsShow(), newTenantsLimit(), newTenantsSuspend(), newTenantsResume())
	return cmd
}

// tenantCommand is a command on one tenant, which it shows as it is then.
type tenantCommand struct {
	store  storeConfig
	asJSON bool
}

func (c *tenantCommand) flags(cmd *cobra.Command) {
	c.store.flags(cmd)
	cmd.Flags().BoolVar(&c.asJSON, "json", false, "answer JSON")
}

// run opens the core, runs f on the named tenant and shows the tenant.
func (c *tenantCommand) run(cmd *cobra.Command, name string, f func(context.Context, *core, tenancy.ID) error) error {
	id, err := tenancy.ParseID(name)
	if err != nil {
		return err
	}
	core, err := openCore(cmd.Context(), c.store)
	if err != nil {
		return err
	}
	defer core.close()
	if err := f(cmd.Context(), core, id); err != nil {
		return fmt.Errorf("tenant %s: %w", name, err)
	}
	shown, err := core.show(cmd.Context(), id)
	if err != nil {
		return fmt.Errorf("tenant %s: %w", name, err)
	}
	if c.asJSON {
		return writeJSON(cmd.OutOrStdout(), shown)
	}
	return shown.write(cmd.OutOrStdout())
}

func newTenantsList() *cobra.Command {
	var c tenantCommand
	cmd := &cobra.Command{
		Use:     "list",
		Short:   "List the tenants",
		Example: "  mykpi tenants list\n  mykpi tenants list --json",
		Args:    cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			core, err := openCore(cmd.Context(), c.store)
			if err != nil {
				return err
			}
			defer core.close()
			ids, err := core.tenants(cmd.Context(), "")
			if err != nil {
				return err
			}
			all := make([]*directory.Tenant, len(ids))
			for i, id := range ids {
				if all[i], err = core.directory.Tenant(cmd.Context(), id); err != nil {
					return fmt.Errorf("tenant %s: %w", id, err)
				}
			}
			if c.asJSON {
				return writeJSON(cmd.OutOrStdout(), all)
			}
			return writeTenants(cmd.OutOrStdout(), all)
		},
	}
	c.flags(cmd)
	return cmd
}

func newTenantsCreate() *cobra.Command {
	var c tenantCommand
	var name, zone, weekStart, admin string
	var quotas directory.Quotas
	cmd := &cobra.Command{
		Use:   "create ID",
		Short: "Make a tenant",
		Long: `Make a tenant. Its ID is what the tenant claim of its people's tokens holds, and stays for ever. With --admin, the first
sign-in with that verified address becomes its ADMIN, as serve --membership required needs it.`,
		Example: `  mykpi tenants create acme --name "Acme Ltd" --time-zone Europe/Paris
  mykpi tenants create acme --admin ana@acme.example --charts 50`,
		Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			if name == "" {
				name = args[0]
			}
			return c.run(cmd, args[0], func(ctx context.Context, core *core, id tenancy.ID) error {
				switch day := directory.Weekday(weekStart); day {
				case directory.Monday, directory.Sunday, directory.Saturday:
				default:
					return fmt.Errorf("--week-start is MONDAY, SUNDAY or SATURDAY, not %q", weekStart)
				}
				if err := core.directory.Create(ctx, id, operator, name, zone, directory.Weekday(weekStart)); err != nil {
					if errors.Is(err, directory.ErrExists) {
						return errors.New("it exists already")
					}
					return err
				}
				if admin != "" {
					if _, err := core.members.Invite(ctx, id, operator, admin, tenancy.Admin); err != nil {
						return err
					}
				}
				_, err := core.directory.SetQuotas(ctx, id, operator, quotas)
				return err
			})
		},
	}
	c.flags(cmd)
	quotaFlags(cmd, &quotas)
	f := cmd.Flags()
	f.StringVar(&name, "name", "", "what people call the business; its ID if left out")
	f.StringVar(&zone, "time-zone", "UTC", "IANA name of the zone whose midnights begin days")
	f.StringVar(&weekStart, "week-start", string(directory.Monday), "MONDAY, SUNDAY or SATURDAY")
	f.StringVar(&admin, "admin", "", "address of the person to invite as its first ADMIN")
	return cmd
}

func newTenantsShow() *cobra.Command {
	var c tenantCommand
	cmd := &cobra.Command{
		Use:     "show ID",
		Short:   "Show a tenant and what it uses",
		Example: "  mykpi tenants show acme\n  mykpi tenants show acme --json",
		Args:    cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			return c.run(cmd, args[0], func(context.Context, *core, tenancy.ID) error { return nil })
		},
	}
	c.flags(cmd)
	return cmd
}

func newTenantsLimit() *cobra.Command {
	var c tenantCommand
	var wished directory.Quotas
	cmd := &cobra.Command{
		Use:   "limit ID",
		Short: "Give a tenant quotas of its own",
		Example: `  mykpi tenants limit acme --charts 50 --points-per-day 100000
  mykpi tenants limit acme --sockets 0            # the server's default again`,
		Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			return c.run(cmd, args[0], func(ctx context.Context, core *core, id tenancy.ID) error {
				t, err := core.directory.Tenant(ctx, id)
				if err != nil {
					return err
				}
				quotas := t.Quotas
				for flag, set := range map[string]func(){
					"charts":         func() { quotas.Charts = wished.Charts },
					"points-per-day": func() { quotas.PointsPerDay = wished.PointsPerDay },
					"sockets":        func() { quotas.Sockets = wished.Sockets },
				} {
					if cmd.Flags().Changed(flag) {
						set()
					}
				}
				_, err = core.directory.SetQuotas(ctx, id, operator, quotas)
				return err
			})
		},
	}
	c.flags(cmd)
	quotaFlags(cmd, &wished)
	return cmd
}

func newTenantsSuspend() *cobra.Command {
	var c tenantCommand
	var reason string
	cmd := &cobra.Command{
		Use:     "suspend ID",
		Short:   "Keep everybody of a tenant out; nothing is lost",
		Example: `  mykpi tenants suspend acme --reason "unpaid since May"`,
		Args:    cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			return c.run(cmd, args[0], func(ctx context.Context, core *core, id tenancy.ID) error {
				_, err := core.directory.Suspend(ctx, id, operator, reason)
				return err
			})
		},
	}
	c.flags(cmd)
	cmd.Flags().StringVar(&reason, "reason", "", "why, for operators")
	return cmd
}

func newTenantsResume() *cobra.Command {
	var c tenantCommand
	cmd := &cobra.Command{
		Use:     "resume ID",
		Short:   "Let everybody of a tenant in again",
		Example: "  mykpi tenants resume acme",
		Args:    cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			return c.run(cmd, args[0], func(ctx context.Context, core *core, id tenancy.ID) error {
				_, err := core.directory.Resume(ctx, id, operator)
				return err
			})
		},
	}
	c.flags(cmd)
	return cmd
}

func quotaFlags(cmd *cobra.Command, q *directory.Quotas) {
	f := cmd.Flags()
	f.IntVar(&q.Charts, "charts", 0, "most charts, archived ones counted; 0 for the server's default")
	f.IntVar(&q.PointsPerDay, "points-per-day", 0, "most points from 00:00 UTC to the next")
	f.IntVar(&q.Sockets, "sockets", 0, "most open connections of dashboards to each instance")
}

// shownTenant is a tenant as an operator sees it. Quotas that are 0 are the server's.
type shownTenant struct {
	*directory.Tenant
	Usage struct {
		Charts      int `json:"charts"`
		PointsToday int `json:"pointsToday"` // as far as the instances have written it
		APIKeys     int `json:"apiKeys"`
		Members     int `json:"members"`
	} `json:"usage"`
}

func (c *core) show(ctx context.Context, id tenancy.ID) (*shownTenant, error) {
	t, err := c.directory.Tenant(ctx, id)
	if err != nil {
		return nil, err
	}
	counts := quota.New(quota.Options{Store: c.store, Now: time.Now, Instance: newID(), Tenant: c.directory.Tenant})
	used, err := counts.Usage(ctx, id)
	if err != nil {
		return nil, err
	}
	keys, err := c.apiKeys.List(ctx, id)
	if err != nil {
		return nil, err
	}
	people, err := c.members.List(ctx, id)
	if err != nil {
		return nil, err
	}
	s := &shownTenant{Tenant: t}
	s.Usage.Charts, s.Usage.PointsToday, s.Usage.APIKeys, s.Usage.Members = used.Charts, used.PointsToday, len(keys), len(people)
	return s, nil
}

func (s *shownTenant) write(w io.Writer) error {
	table := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	fmt.Fprintf(table, "id\t%s\nname\t%s\ntime zone\t%s\nweek start\t%s\ncreated\t%s\n", s.ID, s.Name, s.TimeZone, s.WeekStart, s.CreatedAt.Format(time.RFC3339))
	if s.Suspended != nil {
		fmt.Fprintf(table, "suspended\t%s %s\n", s.Suspended.At.Format(time.RFC3339), s.Suspended.Reason)
	}
	fmt.Fprintf(table, "charts\t%d of %s\npoints today\t%d of %s\nsockets\tat most %s\n", s.Usage.Charts, limited(s.Quotas.Charts),
		s.Usage.PointsToday, limited(s.Quotas.PointsPerDay), limited(s.Quotas.Sockets))
	fmt.Fprintf(table, "API keys\t%d\nmembers\t%d\n", s.Usage.APIKeys, s.Usage.Members)
	return table.Flush()
}

func limited(n int) string {
	if n == 0 {
		return "the server's default"
	}
	return fmt.Sprint(n)
}

func writeTenants(w io.Writer, tenants []*directory.Tenant) error {
	table := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	fmt.Fprintln(table, "ID\tNAME\tTIME ZONE\tCREATED\tSUSPENDED")
	for _, t := range tenants {
		suspended := ""
		if t.Suspended != nil {
			suspended = t.Suspended.At.Format(time.RFC3339)
		}
		fmt.Fprintf(table, "%s\t%s\t%s\t%s\t%s\n", t.ID, t.Name, t.TimeZone, t.CreatedAt.Format(time.RFC3339), suspended)
	}
	return table.Flush()
}

func writeJSON(w io.Writer, v any) error {
	encoder := json.NewEncoder(w)
	encoder.SetIndent("", "  ")
	return encoder.Encode(v)
}
