package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"math"
	"os"
	"slices"
	"strings"

	"github.com/spf13/pflag"

	"github.com/mykpi/mykpi/tenancy"
	"github.com/mykpi/mykpi/tenancy/cognito"
	"github.com/mykpi/mykpi/tenancy/directory"
	"github.com/mykpi/mykpi/tenancy/members"
)

// accessConfig says whose credentials are believed, and what tenants may have.
type accessConfig struct {
	pools, poolClients []string
	jwtIssuer, jwtJWKS string
	jwtClients         []string
	machineClients     string
	tenantClaim        string
	roleGroups         []string
	membership         string

	charts, pointsPerDay int
}

func (c *accessConfig) flags(f *pflag.FlagSet) {
	f.StringSliceVar(&c.pools, "cognito-pool", nil, "IDs of the Cognito user pools whose tokens are believed, such as eu-west-1_AbCdEf123")
	f.StringSliceVar(&c.poolClients, "cognito-client", nil, "IDs of the app clients of these pools")
	f.StringVar(&c.jwtIssuer, "jwt-issuer", "", "another issuer of tokens of Cognito's shape: its iss, such as that of cognito-local")
	f.StringVar(&c.jwtJWKS, "jwt-jwks", "", "URL of its keys")
	f.StringSliceVar(&c.jwtClients, "jwt-client", nil, "IDs of its app clients")
	f.StringVar(&c.machineClients, "machine-clients", "", `JSON file of the clients of the client-credentials grant: {"CLIENT_ID": {"tenant": "acme", "permissions": ["RECORD"]}}`)
	f.StringVar(&c.tenantClaim, "tenant-claim", cognito.DefaultTenantClaim, "claim that names the tenant; app clients must not be able to write it")
	f.StringSliceVar(&c.roleGroups, "role-group", nil, "which group of a token grants which role, such as kpi-admins=ADMIN; ADMIN, EDITOR and VIEWER by default")
	f.StringVar(&c.membership, "membership", string(members.ByGroups), "groups: a token's groups say what a person may do; required: the tenant's members say it, and nobody else gets in")
	f.IntVar(&c.charts, "quota-charts", 1000, "charts of a tenant, archived ones counted")
	f.IntVar(&c.pointsPerDay, "quota-points-per-day", 10_000_000, "points of a tenant from 00:00 UTC to the next")
}

func (c *accessConfig) validate(development bool) error {
	if (len(c.pools) == 0) != (len(c.poolClients) == 0) {
		return errors.New("--cognito-pool and --cognito-client go together")
	}
	if c.jwtIssuer == "" != (c.jwtJWKS == "") || c.jwtIssuer == "" != (len(c.jwtClients) == 0) {
		return errors.New("--jwt-issuer, --jwt-jwks and --jwt-client go together")
	}
	if !c.hasIssuer() && c.machineClients != "" {
		return errors.New("--machine-clients goes with --cognito-pool or --jwt-issuer")
	}
	if c.believesDevelopment(development) && (c.tenantClaim != cognito.DefaultTenantClaim || len(c.roleGroups) > 0) {
		return errors.New("--tenant-claim and --role-group go with --cognito-pool or --jwt-issuer, and not with --development: development tokens have names of their own")
	}
	if rule := members.Rule(c.membership); rule != members.ByGroups && rule != members.ByMembership {
		return fmt.Errorf("--membership is groups or required, not %q", c.membership)
	}
	if c.charts < 1 || c.pointsPerDay < 1 {
		return errors.New("--quota-charts and --quota-points-per-day must be 1 or more")
	}
	return nil
}

// hasIssuer reports whether somebody else than the data folder issues tokens.
func (c *accessConfig) hasIssuer() bool { return len(c.pools) > 0 || c.jwtIssuer != "" }

// believesDevelopment reports whether development tokens are believed: where nobody else issues any, or by wish.
func (c *accessConfig) believesDevelopment(development bool) bool {
	return development || !c.hasIssuer()
}

// issuers are those that are believed, development tokens apart.
func (c *accessConfig) issuers() ([]cognito.Issuer, error) {
	machines, err := c.machines()
	if err != nil {
		return nil, err
	}
	var issuers []cognito.Issuer
	for _, id := range c.pools {
		pool, err := cognito.Pool(id, c.poolClients...)
		if err != nil {
			return nil, fmt.Errorf("--cognito-pool: %w", err)
		}
		issuers = append(issuers, pool)
	}
	if c.jwtIssuer != "" {
		issuers = append(issuers, cognito.Issuer{Names: []string{c.jwtIssuer}, JWKS: c.jwtJWKS, Clients: c.jwtClients})
	}
	for i := range issuers {
		issuers[i].Machines = machines
	}
	return issuers, nil
}

// machines reads the file of machine clients.
func (c *accessConfig) machines() (map[string]cognito.Machine, error) {
	if c.machineClients == "" {
		return nil, nil
	}
	file, err := os.Open(c.machineClients)
	if err != nil {
		return nil, fmt.Errorf("--machine-clients: %w", err)
	}
	defer file.Close()
	machines, err := readMachines(file)
	if err != nil {
		return nil, fmt.Errorf("--machine-clients: %s: %w", c.machineClients, err)
	}
	return machines, nil
}

func readMachines(r io.Reader) (map[string]cognito.Machine, error) {
	var entries map[string]struct {
		Tenant      string               `json:"tenant"`
		Permissions []tenancy.Permission `json:"permissions"`
	}
	decoder := json.NewDecoder(r)
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(&entries); err != nil {
		return nil, err
	}
	machines := map[string]cognito.Machine{}
	for _, client := range slices.Sorted(maps.Keys(entries)) {
		entry := entries[client]
		tenant, err := tenancy.ParseID(entry.Tenant)
		if err != nil {
			return nil, fmt.Errorf("client %q: %w", client, err)
		}
		if len(entry.Permissions) == 0 {
			return nil, fmt.Errorf("client %q: say its permissions, such as RECORD", client)
		}
		machines[client] = cognito.Machine{Tenant: tenant, Permissions: entry.Permissions}
	}
	return machines, nil
}

// roles are the groups that grant roles; nil for those that are called as the roles are.
func (c *accessConfig) roles() (map[string]tenancy.Role, error) {
	var roles map[string]tenancy.Role
	for _, pair := range c.roleGroups {
		group, role, found := strings.Cut(pair, "=")
		if !found || group == "" || tenancy.Role(role).Permissions() == nil {
			return nil, fmt.Errorf("--role-group is GROUP=ADMIN, GROUP=EDITOR or GROUP=VIEWER, not %q", pair)
		}
		if roles == nil {
			roles = map[string]tenancy.Role{}
		}
		roles[group] = tenancy.Role(role)
	}
	return roles, nil
}

// quotas are those of tenants that have none of their own; 0 sockets stand for any number.
func (c *accessConfig) quotas(sockets int) directory.Quotas {
	if sockets == 0 {
		sockets = math.MaxInt32
	}
	return directory.Quotas{Charts: c.charts, PointsPerDay: c.pointsPerDay, Sockets: sockets}
}
