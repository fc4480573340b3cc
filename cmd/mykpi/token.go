package main

import (
	"fmt"
	"time"

	"github.com/spf13/cobra"

	"github.com/mykpi/mykpi/dashboard"
	"github.com/mykpi/mykpi/tenancy"
	"github.com/mykpi/mykpi/tenancy/devissuer"
)

func newToken() *cobra.Command {
	var (
		store                        storeConfig
		tenant, role, subject, email string
		link                         string
		ttl                          time.Duration
	)
	cmd := &cobra.Command{
		Use:   "token",
		Short: "Print a development token, and make its tenant if it is new",
		Long: `Print a development token: a signed JSON Web Token of the data folder's own issuer, shaped as Cognito's and verified
as Cognito's are. A tenant that is new is made, in UTC, with weeks that begin on Monday.`,
		Example: `  mykpi token --data ./data --tenant acme --role ADMIN
  mykpi token --tenant acme --role VIEWER --email ana@acme.example --ttl 8h
  mykpi token --tenant acme --link http://127.0.0.1:8080    # a link that signs its reader in
  curl -H "Authorization: Bearer $(mykpi token --tenant acme)" …`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			id, err := tenancy.ParseID(tenant)
			if err != nil {
				return fmt.Errorf("--tenant: %w", err)
			}
			if len(tenancy.Role(role).Permissions()) == 0 {
				return fmt.Errorf("--role is VIEWER, EDITOR or ADMIN, not %q", role)
			}
			if ttl < time.Second {
				return fmt.Errorf("--ttl must be a second or more")
			}
			c, err := openCore(cmd.Context(), store)
			if err != nil {
				return err
			}
			defer c.close()
			if err := c.directory.Ensure(cmd.Context(), id, operator); err != nil {
				return err
			}
			issuer, err := devissuer.Open(store.data)
			if err != nil {
				return err
			}
			token, err := issuer.Issue(devissuer.Token{Tenant: id, Role: tenancy.Role(role), Subject: subject, Email: email, TTL: ttl})
			if err != nil {
				return err
			}
			if link != "" {
				token = dashboard.DevelopmentLink(link, token)
			}
			fmt.Fprintln(cmd.OutOrStdout(), token)
			return nil
		},
	}
	store.flags(cmd)
	f := cmd.Flags()
	f.StringVar(&tenant, "tenant", "", "the tenant (required)")
	f.StringVar(&role, "role", "ADMIN", "VIEWER, EDITOR or ADMIN")
	f.StringVar(&subject, "subject", devissuer.DefaultSubject, "whom the token names")
	f.StringVar(&email, "email", "", "the person's address")
	f.StringVar(&link, "link", "", "print a sign-in link to the dashboard at this origin, such as http://127.0.0.1:8080, instead of the bare token")
	f.DurationVar(&ttl, "ttl", devissuer.DefaultTTL, "how long it lives")
	return cmd
}
