package source

import (
	"encoding/base32"
	"strings"
	"time"

	"github.com/mykpi/mykpi/charts"
	"github.com/mykpi/mykpi/tenancy"
)

// Kind says how the sender of a source signs.
type Kind string

// The kinds.
const (
	Stripe           Kind = "STRIPE"
	StandardWebhooks Kind = "STANDARD_WEBHOOKS"
	GenericJSON      Kind = "GENERIC_JSON" // does not sign, but sends the secret along
)

// Source is a source as it stands.
type Source struct {
	ID             string     `json:"id"`
	Name           string     `json:"name"`
	Kind           Kind       `json:"kind"`
	Chart          charts.ID  `json:"chart"`
	Mapping        Mapping    `json:"mapping"`
	CreatedAt      time.Time  `json:"createdAt"`
	LastReceivedAt *time.Time `json:"-"` // to the minute

	secrets []secret
}

// IsNode marks Source as a Node of the GraphQL schema.
func (*Source) IsNode() {}

// GetID is the source's ID, as the Node interface asks.
func (s *Source) GetID() string { return s.ID }

// secret is what a sender signs with. The one before the newest holds a while more.
type secret struct {
	Value string    `json:"value"`
	Until time.Time `json:"until,omitzero"`
}

// Secrets are those that hold at a time, the newest first.
func (s *Source) Secrets(now time.Time) []string {
	var live []string
	for _, k := range s.secrets {
		if k.Until.IsZero() || now.Before(k.Until) {
			live = append(live, k.Value)
		}
	}
	return live
}

const idPrefix = "src_"

var tenantName = base32.HexEncoding.WithPadding(base32.NoPadding)

// newID makes the ID of a source, in which its tenant can be read.
func newID(tenant tenancy.ID, random string) string {
	return idPrefix + strings.ToLower(tenantName.EncodeToString([]byte(tenant.String()))) + "_" + strings.ToLower(random[:min(20, len(random))])
}

// TenantOf is the tenant that a source's ID names; ok is false for what is no such ID.
func TenantOf(id string) (tenant tenancy.ID, ok bool) {
	rest, found := strings.CutPrefix(id, idPrefix)
	name, random, both := strings.Cut(rest, "_")
	raw, err := tenantName.DecodeString(strings.ToUpper(name))
	if !found || !both || err != nil || random == "" || len(random) > 20 || strings.Trim(random, "0123456789abcdefghijklmnopqrstuvwxyz") != "" {
		return tenancy.ID{}, false
	}
	tenant, err = tenancy.ParseID(string(raw))
	return tenant, err == nil
}
