package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"time"

	"github.com/spf13/cobra"

	"github.com/mykpi/mykpi/charts"
	"github.com/mykpi/mykpi/charts/command"
	"github.com/mykpi/mykpi/dashboard"
	"github.com/mykpi/mykpi/tenancy"
	"github.com/mykpi/mykpi/tenancy/devissuer"
	"github.com/mykpi/mykpi/tenancy/directory"
)

func newDemo() *cobra.Command {
	c := serverConfig{}
	var fresh bool
	cmd := &cobra.Command{
		Use:   "demo",
		Short: "Run a server with a shop's figures that go on moving",
		Long: `Run a server in a fresh folder, with a shop as its tenant: a dozen charts, a year of history, and figures that
go on moving. It prints the addresses and a token, ready to paste. The folder is removed at the end unless --data names one.`,
		Example: `  mykpi demo
  mykpi demo --listen 127.0.0.1:9000
  mykpi demo --data ./demo            # keep it; go on with it next time`,
		Args: cobra.NoArgs,
		PreRunE: func(cmd *cobra.Command, _ []string) error {
			fresh = !cmd.Flags().Changed("data")
			if !cmd.Flags().Changed("log-level") {
				c.logLevel = "warn"
			}
			c.development = true
			return nil
		},
		RunE: func(cmd *cobra.Command, _ []string) error {
			if fresh {
				dir, err := os.MkdirTemp("", "mykpi-demo-")
				if err != nil {
					return err
				}
				defer os.RemoveAll(dir)
				c.data = dir
			}
			return runDemo(cmd.Context(), c, cmd.OutOrStdout(), cmd.ErrOrStderr())
		},
	}
	c.flags(cmd)
	return cmd
}

var demoTenant = tenancy.MustParseID("demo")

func runDemo(ctx context.Context, c serverConfig, out, logs io.Writer) error {
	s, err := newServer(ctx, c, logs)
	if err != nil {
		return err
	}
	shop, err := openShop(ctx, s.core, logs)
	if err != nil {
		s.close()
		return err
	}
	token, err := s.issuer.Issue(devissuer.Token{Tenant: demoTenant, Role: tenancy.Admin, Subject: "demo", Email: "demo@mykpi.example", TTL: 30 * 24 * time.Hour})
	if err != nil {
		s.close()
		return err
	}
	printDemo(out, s.url(), token)
	go shop.run(ctx, s.logger)
	return s.run(ctx)
}

func printDemo(out io.Writer, url, token string) {
	fmt.Fprintf(out, `
MyKPI is running, with the figures of a small shop. Open this link to see them:

  %[3]s

  GraphiQL   %[1]s/graphiql
  GraphQL    %[1]s/graphql

An ADMIN's token, good for 30 days:

export TOKEN=%[2]s

curl -s %[1]s/graphql -H "Authorization: Bearer $TOKEN" -H 'Content-Type: application/json' \
  -d '{"query":"{ charts { nodes { name unit { suffix currency } kpi { value changePercent sentiment } } } }"}'

Stop with Ctrl-C.
`, url, token, dashboard.DevelopmentLink(url, token))
}

// openShop makes the demo tenant with its charts and history, unless they are there.
func openShop(ctx context.Context, c *core, progress io.Writer) (*shop, error) {
	s := &shop{core: c, as: tenancy.Verified(tenancy.Claims{
		Tenant: demoTenant, Role: tenancy.Admin, Actor: tenancy.Actor{Kind: tenancy.System, ID: "demo", Label: "Demo shop"},
	})}
	err := c.directory.Create(ctx, demoTenant, operator, "Demo shop", "Europe/Paris", directory.Monday)
	if err == directory.ErrExists {
		return s, nil
	}
	if err != nil {
		return nil, err
	}
	bar := newBar(len(shopCharts), "a year of history", progress)
	now := time.Now()
	for _, chart := range shopCharts {
		_, err := c.commands.CreateChart(ctx, s.as, command.CreateChart{Key: chart.key, Aggregation: chart.aggregation, Settings: chart.settings()})
		if err != nil {
			return nil, fmt.Errorf("chart %s: %w", chart.key, err)
		}
		if err := s.record(ctx, chart.key, "history", chart.history(now)); err != nil {
			return nil, err
		}
		bar.Add(1)
	}
	bar.Finish()
	return s, nil
}

// record sends points in as many commands as they need.
func (s *shop) record(ctx context.Context, key, source string, points []command.PointInput) error {
	for len(points) > 0 {
		n := min(len(points), charts.MaxPointsPerCommand)
		_, err := s.core.commands.RecordDataPoints(ctx, s.as, command.RecordDataPoints{Chart: charts.Ref{Key: key}, Points: points[:n], Source: source, FailOnInvalid: true, Backfill: n > 1})
		if err != nil {
			return fmt.Errorf("chart %s: %w", key, err)
		}
		points = points[n:]
	}
	return nil
}
