package dynamo

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/mykpi/mykpi/eventstore"
	"github.com/mykpi/mykpi/tenancy"
)

// The tables, their names without the prefix.
const (
	eventsTable     = "charts_events"
	projectionTable = "charts_projection"
)

// The keys of both tables. '#' is in no tenant's ID and in no stream's name, and the tenant stands in every partition
// key but that of the list of tenants, so that an IAM policy with dynamodb:LeadingKeys can hold the wall too.
//
//	table       PK                     SK                 holds
//	events      KIND#tenant#id         VERSION#%019d      an event
//	events      KIND#tenant#id         name               a document of the stream
//	events      TENANT#tenant          KIND#id            the stream is there: for Streams and Erase
//	events      TENANT#tenant          ~KIND#id           the stream may have documents, but no event: for Erase
//	events      TENANTS                tenant             the tenant has a stream: for Tenants
//	projection  TENANT#tenant          name               a document of the common space
const (
	attrPK      = "PK"
	attrSK      = "SK"
	attrExpires = "expires" // seconds since 1970; the tables' TTL
	attrActive  = "active"  // hash key of the sparse index

	activeIndex = "active"

	versionPrefix  = "VERSION#"
	documentPrefix = "DOC#"
	orphanPrefix   = "~"

	// '$' follows '#'.
	afterVersions  = "VERSION$"
	afterDocuments = "DOC$"

	tenantsPK = "TENANTS"

	// afterAll is greater than every character that a stream's ID or a version may have, beforeAll less.
	afterAll  = "~"
	beforeAll = "!"
)

// key is where an item lies.
type key struct{ table, pk, sk string }

func streamPK(tenant tenancy.ID, s eventstore.Stream) string {
	return s.Kind + "#" + tenant.String() + "#" + s.ID
}

func tenantPK(tenant tenancy.ID) string { return "TENANT#" + tenant.String() }

func versionSK(version int64) string { return fmt.Sprintf("%s%019d", versionPrefix, version) }

func versionOf(sk string) (int64, error) {
	return strconv.ParseInt(strings.TrimPrefix(sk, versionPrefix), 10, 64)
}

func registrySK(s eventstore.Stream) string { return s.Kind + "#" + s.ID }

// documentSK is the document's name. A name that looks like an event's key is set apart, so that no document can
// take an event's place; stretches reads around and across.
func documentSK(name string) string {
	if strings.HasPrefix(name, versionPrefix) || strings.HasPrefix(name, documentPrefix) {
		return documentPrefix + name
	}
	return name
}

func (s *Store) documentKey(tenant tenancy.ID, k eventstore.Key) key {
	if k.Stream == (eventstore.Stream{}) {
		return key{s.projection, tenantPK(tenant), k.Name}
	}
	return key{s.events, streamPK(tenant, k.Stream), documentSK(k.Name)}
}

func (s *Store) eventKey(tenant tenancy.ID, stream eventstore.Stream, version int64) key {
	return key{s.events, streamPK(tenant, stream), versionSK(version)}
}

// registered is the item that lists a stream, orphaned the one that lists a stream that may have documents alone,
// enlisted the one that lists a tenant.
func (s *Store) registered(tenant tenancy.ID, stream eventstore.Stream) key {
	return key{s.events, tenantPK(tenant), registrySK(stream)}
}

func (s *Store) orphaned(tenant tenancy.ID, stream eventstore.Stream) key {
	return key{s.events, tenantPK(tenant), orphanPrefix + registrySK(stream)}
}

func (s *Store) enlisted(tenant tenancy.ID) key {
	return key{s.events, tenantsPK, tenant.String()}
}
