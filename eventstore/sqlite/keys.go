package sqlite

import (
	"github.com/mykpi/mykpi/eventstore"
	"github.com/mykpi/mykpi/tenancy"
)

const (
	separator = "#"
	// afterSeparator is the character that follows '#': the end of every range of keys with a common first part.
	afterSeparator = "$"
	// afterPrefix is behind whatever may follow a first part of a key.
	afterPrefix = "\U0010ffff"
)

func streamName(tenant tenancy.ID, s eventstore.Stream) string {
	return streamPrefix(tenant, s.Kind) + s.ID
}

func streamPrefix(tenant tenancy.ID, kind string) string {
	return tenant.String() + separator + kind + separator
}

func documentKey(tenant tenancy.ID, k eventstore.Key) string {
	if k.Stream == (eventstore.Stream{}) {
		return commonPrefix(tenant) + k.Name
	}
	return streamName(tenant, k.Stream) + separator + k.Name
}

// commonPrefix is where a stream's kind would be empty, which it never is.
func commonPrefix(tenant tenancy.ID) string { return tenant.String() + separator + separator }

// tenantRange holds every stream name and document key of the tenant, and no other's.
func tenantRange(tenant tenancy.ID) (from, to string) {
	return tenant.String() + separator, tenant.String() + afterSeparator
}
