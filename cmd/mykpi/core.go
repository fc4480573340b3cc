package main

import (
	"context"
	"crypto/rand"
	"strings"
	"time"

	"github.com/mykpi/mykpi/charts/command"
	"github.com/mykpi/mykpi/charts/journal"
	"github.com/mykpi/mykpi/charts/live"
	"github.com/mykpi/mykpi/charts/query"
	"github.com/mykpi/mykpi/cluster"
	"github.com/mykpi/mykpi/eventstore"
	"github.com/mykpi/mykpi/eventstore/dynamo"
	"github.com/mykpi/mykpi/eventstore/sqlite"
	"github.com/mykpi/mykpi/eventstore/versions"
	"github.com/mykpi/mykpi/ingest/source"
	"github.com/mykpi/mykpi/tenancy"
	"github.com/mykpi/mykpi/tenancy/access"
	"github.com/mykpi/mykpi/tenancy/apikey"
	"github.com/mykpi/mykpi/tenancy/directory"
	"github.com/mykpi/mykpi/tenancy/members"
)

// core is everything below the edge, wired: the same on every engine.
type core struct {
	store     eventstore.Store // the engine itself; commits go through versions
	versions  *versions.Counter
	directory *directory.Directory
	journal   *journal.Journal
	commands  *command.Handlers
	queries   *query.Reader
	live      *live.Hub
	apiKeys   *apikey.Keys
	members   *members.Members
	gate      *access.Gate
	link      *cluster.Link // to other instances; nil without NATS
	sources   *source.Registry
}

// openCore opens the store that the configuration names and wires what stands on it.
func openCore(ctx context.Context, c storeConfig) (*core, error) {
	if err := c.validate(); err != nil {
		return nil, err
	}
	if err := makeFolder(c.data); err != nil {
		return nil, err
	}
	store, err := openStore(ctx, c)
	if err != nil {
		return nil, err
	}
	return newCore(store), nil
}

func openStore(ctx context.Context, c storeConfig) (eventstore.Store, error) {
	if c.store == onDynamoDB {
		return dynamo.Open(ctx, c.tables())
	}
	return sqlite.Open(c.data, sqlite.Options{})
}

// tables are the options of the DynamoDB engine.
func (c storeConfig) tables() dynamo.Options {
	return dynamo.Options{Endpoint: c.endpoint, TablePrefix: c.prefix}
}

func newCore(store eventstore.Store) *core {
	c := &core{store: store, versions: countVersions(store)}
	store = c.versions.Store(store)
	calendars := &directory.Calendars{}
	c.journal = journal.New(store, calendars, time.Now, newID, c.committed)
	c.queries = &query.Reader{Journal: c.journal, Now: time.Now}
	c.live = live.New(c.queries, time.Now)
	c.commands = &command.Handlers{Journal: c.journal, Now: time.Now, NewID: newID}
	c.sources = source.New(c.journal, time.Now, newID)
	c.members = &members.Members{Store: store, Now: time.Now, NewID: newID, Changed: func(t tenancy.ID) { c.gate.Forget(t) }}
	c.gate = access.New(c.members)
	c.apiKeys = &apikey.Keys{Store: store, Now: time.Now, NewID: newID}
	c.directory = &directory.Directory{Store: store, Now: time.Now, NewID: newID, Changed: c.tenantChanged}
	return c
}

// committed tells everybody who watches, here and on other instances.
func (c *core) committed(changes []journal.Change) {
	c.live.Committed(changes)
	if c.link != nil {
		c.link.Publish(changes)
	}
}

func (c *core) tenantChanged(t tenancy.ID) {
	c.journal.TenantChanged(t)
	c.gate.Forget(t)
	c.live.TenantUpdated(t)
	if c.link != nil {
		c.link.PublishTenant(t)
	}
}

func (c *core) close() error { return c.store.Close() }

// newID is 26 characters that nobody can guess.
func newID() string { return strings.ToLower(rand.Text()) }

// operator is who acts from the command line.
var operator = tenancy.Actor{Kind: tenancy.System, ID: "operator", Label: "Operator"}
